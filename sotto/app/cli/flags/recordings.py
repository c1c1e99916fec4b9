"""Flags of `sotto transcribe`: which recordings it takes, and what it writes. Nothing heavy."""

import argparse
from pathlib import Path
from typing import Any, Protocol

from sotto.app.cli.flags.values import optional, truth, whole
from sotto.errors import UsageError
from sotto.nearest import did_you_mean

# `FORMATS` and `ALL` of `transcription_files`, whose modules take longer to import.
OUTPUT_FORMATS = ("txt", "vtt", "srt", "tsv", "json", "lrc", "md", "docx")
ALL_FORMATS = ("txt", "vtt", "srt", "tsv", "json")
STREAM = Path("-")
WHISPER, BROADCAST = "whisper", "broadcast"
_COUNT = optional(whole(1))


class Group(Protocol):
    """A parser, or a group of its flags."""

    def add_argument(self, *names: str, **options: Any) -> argparse.Action: ...  # noqa: D102

    def add_mutually_exclusive_group(self) -> "argparse._MutuallyExclusiveGroup": ...  # noqa: D102


def add_inputs(group: Group) -> None:
    """Add the flags that say which recordings are meant."""
    add = group.add_argument
    words = "recordings, films, folders, quoted patterns (“*.mp3”), or - for the standard input"
    add("audio", metavar="FILE", nargs="*", type=Path, help=words)
    add("--recursive", action="store_true", help="take the folders in a folder, too")
    words = "a list of more, one a line; - is the standard input"
    add("--files-from", metavar="LIST", type=Path, help=words)
    words = "then transcribe what comes into a folder, until Ctrl+C"
    add("--watch", metavar="FOLDER", type=Path, help=words)
    words = "leave out what has its texts already, as after Ctrl+C"
    add("--skip-existing", action="store_true", help=words)


def add_outputs(group: Group) -> None:
    """Add the flags that say what is written, and where."""
    add = group.add_argument
    place = group.add_mutually_exclusive_group()
    words = "default: this folder; - is the standard output"
    place.add_argument("--output-dir", metavar="FOLDER", type=Path, help=words)
    words = "write beside each recording, as --watch does by default"
    place.add_argument("--beside", action="store_true", help=words)
    words = f"{', '.join(OUTPUT_FORMATS)}, several with commas, or all: the first five (default)"
    add("--output-format", metavar="FORMAT", type=_formats, help=words)
    words = f"{BROADCAST}: two lines of 42 characters, time to read them, breaks that make sense"
    add("--subtitles", choices=(WHISPER, BROADCAST), default=WHISPER, help=words)
    add("--max-line-width", metavar="N", type=_COUNT, help="most characters in a line of subtitles")
    add("--max-line-count", metavar="N", type=_COUNT, help="most lines, with --max-line-width")
    add("--max-words-per-line", metavar="N", type=_COUNT, help="most words of subtitles")
    words = "underline each word of subtitles as it is said"
    add("--highlight-words", metavar="True|False", type=truth, default=False, help=words)


def settle(parsed: argparse.Namespace) -> None:
    """Refuse what does not go together, and put what was left out.

    Raises:
        UsageError: there is nothing to transcribe, or it is unclear what is asked for.
    """
    if not (parsed.audio or parsed.files_from or parsed.watch):
        raise _refusal("the following arguments are required: FILE")
    if parsed.files_from == STREAM and STREAM in parsed.audio:
        raise _refusal("the standard input is either a recording or a list, not both")
    if parsed.subtitles == BROADCAST and (parsed.highlight_words or parsed.max_words_per_line):
        raise _refusal("--subtitles broadcast takes --max-line-width and --max-line-count only")
    if parsed.output_dir == STREAM:
        _settle_stream(parsed)
    parsed.beside = parsed.beside or (parsed.watch is not None and parsed.output_dir is None)
    parsed.output_dir = parsed.output_dir or Path()
    parsed.audio = parsed.audio or ()  # argparse makes [] of a flag without its value
    parsed.output_format = parsed.output_format or ALL_FORMATS


def _settle_stream(parsed: argparse.Namespace) -> None:
    parsed.output_format = parsed.output_format or ("txt",)
    if len(parsed.output_format) > 1:
        raise _refusal("the standard output takes one --output-format")
    if parsed.skip_existing:
        raise _refusal("--skip-existing is about files; give an --output-dir")


def _refusal(what: str) -> UsageError:
    return UsageError(f"{what}; see: sotto transcribe --help")


def _formats(words: str) -> tuple[str, ...]:
    formats: dict[str, None] = {}
    for word in words.lower().split(","):
        names = ALL_FORMATS if word.strip() == "all" else (word.strip(),)
        formats |= dict.fromkeys(names)
    unknown = [name for name in formats if name not in OUTPUT_FORMATS]
    if unknown:
        known = (*OUTPUT_FORMATS, "all")
        near = did_you_mean(unknown[0], known) or f"; there are {', '.join(known)}"
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is no format{near}")
    return tuple(formats)
