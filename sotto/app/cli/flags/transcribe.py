"""The flags of `sotto transcribe`: openai-whisper's with its values, a few more, as a table.

What only other programs call so is in `other_programs`; flags without words are theirs, too.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sotto import __version__
from sotto.app.cli.flags import recordings, shared
from sotto.app.cli.flags.other_programs import UNUSED, UNUSED_ALONE, UNUSED_SWITCHES
from sotto.app.cli.flags.parser import Parser
from sotto.app.cli.flags.values import (
    number,
    one_of,
    optional,
    pattern,
    seconds_in_pairs,
    text,
    token_ids,
    truth,
    whole,
)

MAX_BEAM_SIZE = 100  # as `interfaces.MAX_BEAM_SIZE`, whose module takes longer to import
MAX_BATCH_SIZE = 64  # more are not quicker, and each takes some 20 MB
BATCH_SIZE = 6  # as `transcription.BATCH_SIZE`
LONGEST_TEXT = 448  # tokens of a window, of every Whisper


class Flag(NamedTuple):
    """A flag with a value, for which the help has `shape`; what has no words it leaves out."""

    name: str
    shape: str
    read: Callable[[str], Any]
    default: Any
    words: str = ""


_SPOKEN = (
    Flag("language", "LANGUAGE", text, None, f"{shared.LANGUAGE_HELP} (the default)"),
    Flag("multilingual", "True", truth, False, "detect it anew for each window"),
    Flag(
        "language-detection-segments", "N", whole(1), 1, "windows to detect it in, if unclear (1)"
    ),
    Flag("language-detection-threshold", "P", number(0, 1), 0.5, "probability that is clear (0.5)"),
    Flag("initial-prompt", "TEXT", text, None, "names and style to expect"),
    Flag("carry-initial-prompt", "True", truth, False, "put it before every window"),
    Flag("hotwords", "TEXT", text, None, "names to expect in every window"),
    Flag("prefix", "TEXT", text, None, "how the text begins"),
    Flag("clip-timestamps", "S,S,…", seconds_in_pairs, (), "hear these parts: start,end,… seconds"),
    Flag("offset-t", "MS", whole(0), 0),
    Flag("duration", "MS", whole(0), 0),
    Flag("task", "TASK", one_of(shared.TASKS), "transcribe", shared.TASK_HELP),
)
_SEARCH = (
    Flag(
        *("batch-size", "N", whole(1, MAX_BATCH_SIZE), None),
        "stretches of speech decoded together (6); 1: each with the text before it",
    ),
    Flag("batched", "True", truth, True),
    Flag("beam-size", "N", optional(whole(1, MAX_BEAM_SIZE)), 5, "beams (5); None: greedy"),
    Flag("patience", "X", optional(number(0)), None, "finished beams to wait for, in beam sizes"),
    Flag("length-penalty", "X", optional(number(0, 1)), None, "0 to 1: favours longer texts"),
    Flag("temperature", "T", number(0, 1), 0.0, "first temperature (0)"),
    Flag(
        "best-of", "N", optional(whole(1, MAX_BEAM_SIZE)), 5, "samples at temperatures over 0 (5)"
    ),
    Flag("suppress-tokens", "IDS", token_ids, None, "tokens never to write (-1: symbols)"),
    Flag("suppress-regex", "PATTERN", pattern, None, "nor such whose text matches"),
    Flag("suppress-blank", "True", truth, True),
    Flag(
        "repetition-penalty", "X", number(0.01), 1.0, "over 1: makes words unlikely to come again"
    ),
    Flag(
        "no-repeat-ngram-size", "N", whole(0), 0, "no N tokens come twice in a window (0: they may)"
    ),
    Flag("max-new-tokens", "N", optional(whole(1, LONGEST_TEXT)), None),
    Flag("max-initial-timestamp", "S", number(0, 30), None),
    Flag("without-timestamps", "True", truth, False),
)
_AGAIN = (
    Flag("temperature-increment-on-fallback", "T", optional(number(0, 1)), 0.2, "by 0.2; or None"),
    Flag("compression-ratio-threshold", "X", optional(number()), 2.4, "a loop is over it (2.4)"),
    Flag("logprob-threshold", "X", optional(number()), -1.0, "an unlikely text is below it (-1)"),
    Flag("no-speech-threshold", "P", optional(number()), 0.6, "unlikely text is none over it (.6)"),
    Flag("condition-on-previous-text", "True", truth, True, "prompt with the text before"),
    Flag("prompt-reset-on-temperature", "T", number(), 0.5, "but not if it was over this (0.5)"),
    Flag("max-context", "N", whole(-1), -1),
)
_WORDS = (
    Flag("word-timestamps", "True", truth, False, "time words"),
    Flag("prepend-punctuations", "MARKS", str, None, "marks that belong to the next word"),
    Flag("append-punctuations", "MARKS", str, None, "marks that belong to the word before"),
    Flag(
        "hallucination-silence-threshold",
        *("S", optional(number(0)), None),
        "with words: skip so much silence around text that looks invented",
    ),
)
_SPEECH = (
    Flag(
        *("vad", "on|off", truth, True),
        "hear only speech (on, the default), or all as openai-whisper does (off)",
    ),
    Flag("vad-threshold", "P", optional(number(0, 1)), None, "probability that is speech (0.5)"),
    Flag("vad-min-speech-duration-ms", "MS", optional(whole(0)), None, "shorter speech is none"),
    Flag("vad-max-speech-duration-s", "S", optional(number(1)), None, "the most in a window (30)"),
    Flag(
        "vad-min-silence-duration-ms", "MS", optional(whole(0)), None, "a pause that parts windows"
    ),
    Flag("vad-speech-pad-ms", "MS", optional(whole(0)), None, "sound kept around speech (400)"),
)
GROUPS: Sequence[tuple[str, Iterable[Flag]]] = (
    ("what is said", _SPOKEN),
    ("search", _SEARCH),
    ("another try at a higher temperature, where the text looks wrong", _AGAIN),
    ("words", _WORDS),
    ("speech and silence", _SPEECH),
)


def add_flags(parser: Parser) -> None:
    """Add all flags of the command."""
    recordings.add_inputs(parser)
    parser.usage = "sotto transcribe FILE… [FLAG…]"
    _add_machine(parser.add_argument_group("model and machine"))
    for title, flags in GROUPS:
        _add_group(parser.add_argument_group(title), flags)
    _add_sound(parser.add_argument_group("recording"))
    _add_output(parser.add_argument_group("output"))
    parser.add_argument("--version", action="version", version=f"sotto {__version__}")
    for name in UNUSED:
        shape: dict[str, Any] = {"nargs": 0} if name in UNUSED_ALONE else {}
        if name in UNUSED_SWITCHES:
            shape = {"type": truth}
        parser.add_argument(name, action=_Unused, help=argparse.SUPPRESS, **shape)


def settle(parsed: argparse.Namespace) -> None:
    """Make one thing of what can be said in several ways.

    Raises:
        UsageError: there is no recording, or what is asked for does not go together.
    """
    named = vars(parsed)
    parsed.audio = [*(parsed.audio or ()), *(named.pop("file") or ())]
    start_ms, length_ms = named.pop("offset_t"), named.pop("duration")
    if start_ms or length_ms:
        end = [(start_ms + length_ms) / 1000] if length_ms else []
        parsed.clip_timestamps = (start_ms / 1000, *end)
    _settle_search(parsed)
    if formats := named.pop("formats"):
        parsed.output_format = tuple(dict.fromkeys(formats))
    recordings.settle(parsed)


def _settle_search(parsed: argparse.Namespace) -> None:
    """Decode what can be decoded together, unless what was asked for needs the text before it."""
    may_part = vars(parsed).pop("batched") and parsed.vad
    parsed.batch_size = parsed.batch_size or (BATCH_SIZE if may_part else 1)


def _add_group(group: "argparse._ArgumentGroup", flags: Iterable[Flag]) -> None:
    for flag in flags:
        group.add_argument(
            f"--{flag.name}",
            metavar=flag.shape,
            type=flag.read,
            default=flag.default,
            help=flag.words or argparse.SUPPRESS,
        )


def _add_machine(group: "argparse._ArgumentGroup") -> None:
    shared.model_flags(group)
    words = "a folder with models of your own, beside those that: sotto models list"
    group.add_argument("--model-dir", metavar="FOLDER", type=text, help=words)
    shared.threads_flag(group)


def _add_sound(group: "argparse._ArgumentGroup") -> None:
    shared.sound_flags(group, "separate")
    group.add_argument("--file", metavar="FILE", action="append", type=Path, help=argparse.SUPPRESS)


def _add_output(group: "argparse._ArgumentGroup") -> None:
    recordings.add_outputs(group)
    add = group.add_argument
    add("--verbose", metavar="True", type=truth, default=True, help="write the text here as well")
    add("--no-timestamps", action="store_true", help="without times")
    add("--no-prints", action="store_true", help="and nothing else: no progress")
    for name in recordings.OUTPUT_FORMATS:
        add(
            f"--output-{name}",
            action="append_const",
            const=name,
            dest="formats",
            help=argparse.SUPPRESS,
        )


class _Unused(argparse.Action):
    """Takes a flag with which there is nothing to be done, and notes why."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 (argparse's)
        namespace: argparse.Namespace,
        values: object,  # noqa: ARG002
        option_string: str | None = None,
    ) -> None:
        """Note what is said of it, if anything."""
        if words := UNUSED[str(option_string)]:
            namespace.notes = (*getattr(namespace, "notes", ()), f"{option_string}: {words}")
