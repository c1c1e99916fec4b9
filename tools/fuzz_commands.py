"""Drive every command with hostile arguments, environments, files and streams.

    python -m tools.fuzz_commands --runs 2000 --seed 1

Each run must do what was asked, or tell in one line per matter why not and exit with 2: no
traceback, no signal, no endless wait, no message that names a defect, and nothing on a terminal
that a terminal obeys. Runs are random by their number alone, so that one can be had again.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sotto.app.cli import main as sotto
from sotto.app.core.printable import printable
from tools.fixtures.forked_command import Ended, Stream, run_forked
from tools.fixtures.official import FOLDER as OFFICIAL_MODELS

TIMEOUT_S = 60.0
CLIP = Path(__file__).parents[1] / "tests" / "clips" / "starter" / "014.flac"
DEFECT = "something went wrong inside Sotto"
TRACES = ("Traceback (most recent", "Exception ignored")
ESCAPE = "\x1b]0;taken\x07\x1b[2J"

TEXTS = (
    "", " ", ".", "..", "-", "--", "/", "//", "~", "~nosuchuser", "~nosuchuser/x", "a/..", "../..",
    "a/../..", "-x/y", "--x", "--model", "a--b/c", "owner/repo/../../../etc/passwd", "C:\\x",
    "x" * 256, "x" * 300 + "/y", "ä" * 200, "y/" * 3000, ESCAPE, "two\nlines", "a\rb", "\x7f",
    "\x9b31m", "\udcff\udc80", "\u202etxt.exe", "\u2028", "[/bold]", "[red]x", "%s%n", "{0}{x}",
    "nan", "inf", "1e999", "-1", "0", "9" * 30, "٣", "1_000", "None", "True", "de,xx", "auto",
    "http://127.0.0.1:9/x", "file:///etc/passwd", "base;rm", "$(id)", "\N{GRINNING FACE}" * 70,
    "openai/whisper-tiny", "ggerganov/whisper.cpp", "tiny-q5_1", "starter-en", "basic",
)  # fmt: skip
FILES = (
    "good.flac", "missing.wav", "empty.wav", "text.wav", "folder", "locked", "locked/x.wav",
    "unreadable.wav", "loop", "/dev/null", "/dev/full", "/proc/self/mem", "/etc/passwd",
    "escaping\x1b[2J.wav", "line\nbreak.wav", "bytes\udcff.wav", "12:30 call.wav", "-flag.wav",
    "short.wav", "cut.flac", "readonly/out", "deep.toml", "[/x].wav", "x" * 260 + ".wav",
)  # fmt: skip
MODELS = (
    "deep-model", "pipe-model", "empty-model", "locked", "folder", "nan.pt", "text.pt",
    "ggml-x.bin",     "escaping\x1b[2J.wav", "loop", "/dev/zero", "pipe",
)  # fmt: skip
FOLDERS = (
    "", ".", "nosuch/deep/er", "text.wav", "locked", "locked/inner", "readonly", "/dev/null",
    "/proc/1/root", "~nosuchuser", "x" * 300, "loop", "folder", "world", "bytes\udcff", ESCAPE,
)  # fmt: skip
LOST = ("text.wav", "locked", "locked/inner", "readonly", "/dev/null", "x" * 300, "loop")
SETTINGS = (
    "font_size = ", "[" * 20_000, "a = " + "[" * 20_000, "a = " + "{x=" * 5_000, "\x00", "\ufeff",
    'model = "\\u0000"', 'model = "\\u001b[2J"', "model = 3", 'models_folder = "~nosuchuser"',
    'models_folder = "locked"', 'models_folder = "\\u0000"', f'microphone = "{"x" * 300}"',
    'language = "klingon"', "schema = 99", 'schema = "x"', "font_size = 1" + "0" * 400,
    "font_size = nan", 'hotkey = ""', "unknown = 1\n" * 3000, 'vocabulary = ["\\u001b]0;x\\u0007"]',
    "context = 1979-05-27", 'insert_method = "\\ud800"',
)  # fmt: skip
VARIABLES = (
    "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR", "HF_HOME", "HF_HUB_CACHE", "SOTTO_CONFIG_DIR", "SOTTO_MODELS_DIR",
    "BUZZ_MODEL_ROOT", "TMPDIR", "HF_TOKEN_PATH",
)  # fmt: skip
WORDS = (
    "SOTTO_MODEL", "SOTTO_LANGUAGE", "SOTTO_FONT_SIZE", "SOTTO_MODELS_FOLDER", "SOTTO_LOG",
    "SOTTO_MICROPHONE", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "PULSE_SERVER", "LANG",
    "TERM", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "SOTTO_COMPUTE_TYPE",
    "SOTTO_SERVER_TOKEN",
)  # fmt: skip
TO_ALL = "0.0.0.0"  # noqa: S104 (no model is served by it)
HOSTS = (
    TO_ALL, "::", "::1", "[::1]", "localhost", "127.0.0.1", "127.1", "999.1.1.1", "192.0.2.1",
    "a..b", "*", "fe80::1%lo", "0", "a" * 64 + ".invalid", "http://localhost/", "localhost:80",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1", "65535", "65536", "99999999999999999999", "1e3", "0x10", "٣", "1_0", "nan",
)  # fmt: skip
ORIGINS = ("*", "null", "https://example.org", "https://example.org/x", "file://", "x://[::1")
TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 (of no server)
TOKENS = (TOKEN, "short", "a token with spaces in it", "x" * 100_000)


@dataclass(frozen=True, slots=True)
class Case:
    """One call: what is given to it, and what surrounds it."""

    arguments: tuple[str, ...]
    environ: dict[str, str] = field(default_factory=dict)
    settings: str | None = None
    out: Stream = Stream.KEPT
    err: Stream = Stream.KEPT


# What once failed, or was asked after.
REGRESSIONS = (
    Case(("models", "remove", "a/..")),
    Case(("models", "remove", "--", "-x/y")),
    Case(("models", "pull", "-x/y")),
    Case(("models", "pull", "a--b/c")),
    Case(("models", "pull", "base", "--source", "hub"), {"HF_ENDPOINT": "no address"}),
    Case(("models", "remove", "owner/repo"), {"HF_HOME": "locked"}),
    Case(("models", "list"), {"HF_HOME": "locked", "XDG_CACHE_HOME": "locked"}),
    Case(("models", "list"), {"SOTTO_MODELS_DIR": "locked/inner"}),
    Case(("models", "list"), settings='models_folder = "~nosuchuser"'),
    Case(("models", "list"), {"HOME": "~nosuchuser", "XDG_DATA_HOME": "x" * 300}),
    Case(("listen", "--model", "~nosuchuser/x", "--source", "good.flac")),
    Case(("listen", "--model", "x" * 300, "--source", "good.flac")),
    Case(("listen", "--model", "deep-model", "--source", "good.flac")),
    Case(("listen", "--model", "pipe-model", "--source", "good.flac")),
    Case(("listen", "--model", "pipe", "--source", "good.flac")),
    Case(("listen", "--model", "locked/x", "--source", "good.flac")),
    Case(("listen", "--source", "locked/x.wav", "--json")),
    Case(("transcribe", "x" * 300, "~nosuchuser", ESCAPE, "two\nlines", "\udcff")),
    Case(("transcribe", "text.wav", "--output_dir", "locked/inner")),
    Case(("transcribe", "text.wav", "--output_dir", "x" * 300)),
    Case(("transcribe", "text.wav"), {"XDG_STATE_HOME": "text.wav"}),
    Case(("transcribe", "locked", "*.wav", "[", "**", "locked/*", "--recursive")),
    Case(("transcribe", "--files-from", "good.flac", "--skip-existing")),
    Case(("transcribe", "--files-from", "locked/x")),
    Case(("transcribe", "--watch", "text.wav")),
    Case(("transcribe", "-", "-o", "-")),
    Case(("transcribe", "good.flac", "-o", "-"), out=Stream.FULL),
    Case(("serve", "--model=text.pt", "--token-file=/dev/full")),
    Case(("serve", "--model=text.pt", "--port=0", "--host=a..b"), {"SOTTO_SERVER_TOKEN": TOKEN}),
    Case(("record", "status"), {"XDG_RUNTIME_DIR": "text.wav"}),
    Case(("record", "status"), {"XDG_RUNTIME_DIR": "/proc/1/root"}),
    Case(("record", "status"), {"XDG_RUNTIME_DIR": "locked", "HOME": "/dev/null"}),
    Case(("models", "list"), settings="a = " + "[" * 20_000),
    Case(("models", "list"), settings="\x00"),
    Case(("models", "list"), settings='model = "\\u0000"'),
    Case(("--version",), out=Stream.FULL),
    Case(("--help",), out=Stream.UNREAD),
    Case(("models", "list"), out=Stream.FULL),
    Case(("models", "list"), out=Stream.CLOSED),
    Case(("models", "list"), out=Stream.CLOSED, err=Stream.CLOSED),
    Case(("devices",), err=Stream.FULL),
    Case(("record", "status"), err=Stream.UNREAD),
    Case(("transcribe", "--temperature=--", "--model=--", "--", "text.wav")),
    Case((), {"DISPLAY": ":999"}),
    Case(("--hidden",), {"DISPLAY": "nonsense", "WAYLAND_DISPLAY": "none"}),
    Case(("overlay",), {"DISPLAY": "127.0.0.1:7"}),
)


def case_of(number: int, seed: int) -> Case:
    """Return the call of that number, the same each time."""
    chance = random.Random(f"{seed} {number}")
    environ: dict[str, str] = {}
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        if chance.random() < 0.7:
            name = chance.choice(VARIABLES)
            # A folder that can be made would get 200 MB of official models each time.
            values = LOST if name == "SOTTO_MODELS_DIR" else FOLDERS
            environ[name] = chance.choice(values)
        else:
            environ[chance.choice(WORDS)] = chance.choice(TEXTS)
    arguments = _arguments(chance)
    if chance.random() < 0.04:  # without a command, it is the window
        arguments = chance.choice(
            ([], ["--hidden"], ["--listen"], ["overlay"], ["overlay", "--edit"])
        )
        environ["DISPLAY"] = chance.choice((":999", *TEXTS[1:]))
    return Case(
        arguments=tuple(arguments),
        environ=environ,
        settings=chance.choice(SETTINGS) if chance.random() < 0.25 else None,
        out=_stream(chance),
        err=_stream(chance),
    )


def _stream(chance: random.Random) -> Stream:
    return chance.choice(tuple(Stream)) if chance.random() < 0.12 else Stream.KEPT


def _arguments(chance: random.Random) -> list[str]:
    command = chance.choice((_models, _transcribe, _listen, _serve, _small, _anything))
    arguments = command(chance)
    if chance.random() < 0.1:
        arguments.insert(chance.randrange(len(arguments) + 1), chance.choice(TEXTS))
    return arguments


def _models(chance: random.Random) -> list[str]:
    action = chance.choice(("list", "pull", "remove", "remove"))
    if action == "list":
        return ["models", "list"]
    name = chance.choice((*TEXTS, *FILES, *MODELS))
    source = ["--source", chance.choice(("hub", "packages"))] if action == "pull" else []
    return ["models", action, name, *source[: 2 * chance.randrange(2)]]


def _transcribe(chance: random.Random) -> list[str]:
    files = [chance.choice(FILES) for _ in range(chance.choice((1, 1, 2, 3)))]
    files += chance.sample(("*.wav", "**/*", "[!]", "-"), chance.choice((0, 0, 1)))
    flags = {
        "--model": MODELS + TEXTS,
        "--output_dir": FOLDERS,
        "--output_format": ("txt", "all", "json", "docx,lrc", "srt,", "x"),
        "--files_from": FILES,
        "--max_line_width": TEXTS,
        "--max_line_count": TEXTS,
        "--subtitles": ("broadcast", "whisper", "x"),
        "--language": TEXTS,
        "--beam_size": TEXTS,
        "--temperature": TEXTS,
        "--initial_prompt": TEXTS,
        "--threads": TEXTS,
        "--compute_type": TEXTS,
        "--device": TEXTS,
        "--clip_timestamps": (*TEXTS, "0,1e400", "5,1", "-1"),
        "--suppress_tokens": (*TEXTS, "-1,99999999", "-2"),
        "--suppress_regex": (*TEXTS, "(", "[0-9]+"),
        "--patience": (*TEXTS, "1e-9", "1e308"),
        "--prefix": TEXTS,
        "--hotwords": (*TEXTS, "word " * 2000),
        "--vad_threshold": (*TEXTS, "0", "1"),
        "-f": (*TEXTS, *FILES),
        "-ot": TEXTS,
    }
    return ["transcribe", *_flags(chance, flags), "--", *files]


def _listen(chance: random.Random) -> list[str]:
    command = chance.choice(("listen", "listen", "overlay", "bench"))
    flags: dict[str, Sequence[str]] = {"--model": MODELS + TEXTS}
    if command == "listen":
        sound = {"--source": FILES} if chance.random() < 0.8 else {"--microphone": TEXTS}
        flags |= {**sound, "--language": TEXTS, "--languages": TEXTS}
        return ["listen", "--json", *_flags(chance, flags)][chance.randrange(2) :] or ["listen"]
    if command == "overlay":
        return [
            "overlay",
            *_flags(
                chance, flags | {"--microphone": TEXTS, "--device": TEXTS, "--language": TEXTS}
            ),
        ]
    # Of a model that is none: measuring one takes a minute.
    return ["bench", "--model", chance.choice(MODELS), *_flags(chance, {"--plot": FILES})]


def _serve(chance: random.Random) -> list[str]:
    """Of a model that is none: else it would serve, and not end by itself."""
    flags: dict[str, Sequence[str]] = {
        "--host": HOSTS + TEXTS,
        "--token": TOKENS + TEXTS,
        "--token-file": FILES,
        "--allow-host": HOSTS + TEXTS,
        "--allow-origin": ORIGINS + TEXTS,
        "--compare-with": FILES,
        "--language": TEXTS,
        "--threads": NUMBERS,
    }
    limits = ("--max-upload", "--max-audio", "--max-waiting", "--at-once", "--max-live")
    flags |= dict.fromkeys(limits, NUMBERS)
    port = chance.choice(("0", "0", "0", *NUMBERS, *TEXTS))
    return ["serve", f"--model={chance.choice(MODELS)}", f"--port={port}", *_flags(chance, flags)]


def _flags(chance: random.Random, values: Mapping[str, Sequence[str]]) -> list[str]:
    some = chance.sample(sorted(values), chance.randint(0, min(3, len(values))))
    return [f"{name}={chance.choice(values[name])}" for name in some]


def _small(chance: random.Random) -> list[str]:
    return chance.choice(
        (
            ["devices"],
            ["record", chance.choice(("start", "stop", "toggle", "cancel", "undo", "status"))],
            ["record", "status", "--follow"],
            ["record", chance.choice(TEXTS)],
            ["--version"],
            ["--help"],
            ["models", "--help"],
        )
    )


def _anything(chance: random.Random) -> list[str]:
    return [chance.choice(TEXTS[1:]), *(chance.choice(TEXTS) for _ in range(chance.randrange(3)))]


# Running ----------------------------------------------------------------------------------


class World:
    """A folder of hostile files, in which cases run one after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = folder / "files"
        self._n_cases = 0

    def make(self) -> None:
        """Make the files."""
        self._files.mkdir()
        for name, content in _contents().items():
            path = self._files / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        os.mkfifo(self._files / "pipe")
        (self._files / "pipe-model").mkdir()
        (self._files / "pipe-model" / "config.json").write_text("{}")
        os.mkfifo(self._files / "pipe-model" / "model.safetensors")
        (self._files / "loop").symlink_to("loop")
        (self._files / "folder").mkdir()
        (self._files / "empty-model").mkdir()
        for name, mode in {"locked": 0o000, "readonly": 0o500, "world": 0o777}.items():
            (self._files / name).mkdir()
            (self._files / name).chmod(mode)
        (self._files / "unreadable.wav").chmod(0)

    def run(self, case: Case, timeout_s: float = TIMEOUT_S) -> Ended:
        """Run a case in a home of its own, with what it can reach of the machine's."""
        self._n_cases += 1
        home = self._folder / f"home-{self._n_cases}"
        home.mkdir()
        settings = home / "settings"
        if case.settings is not None:
            settings.mkdir()
            content = case.settings.encode("utf-8", "surrogatepass")
            (settings / "settings.toml").write_bytes(content)
        try:
            environ = _environment(home, settings) | case.environ
            return run_forked(
                sotto, case.arguments, environ, self._files, timeout_s, out=case.out, err=case.err
            )
        finally:
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def hostile_world() -> Iterator[World]:
    """Make a world, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="sotto-fuzz-"))
    world = World(folder)
    world.make()
    try:
        yield world
    finally:
        with suppress(OSError):
            (folder / "files" / "locked").chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)


def _contents() -> dict[str, bytes]:
    clip = CLIP.read_bytes()
    return {
        "good.flac": clip,
        "cut.flac": clip[: len(clip) // 2],
        "empty.wav": b"",
        "text.wav": b"no sound at all",
        "unreadable.wav": clip,
        "short.wav": b"RIFF\xff\xff\xff\xffWAVEfmt ",
        "escaping\x1b[2J.wav": b"no sound",
        "line\nbreak.wav": b"no sound",
        "bytes\udcff.wav": b"no sound",
        "12:30 call.wav": clip,
        "-flag.wav": b"no sound",
        "[/x].wav": clip,
        "deep.toml": b"a = " + b"[" * 20_000,
        "text.pt": b"no model",
        "nan.pt": b"PK\x03\x04" + b"\xff" * 1000,
        "ggml-x.bin": b"lmgg" + b"\xff" * 1000,
        "deep-model/config.json": b'{"a":' * 50_000,
        "deep-model/model.safetensors": (1 << 40).to_bytes(8, "little") + b"{" * 1000,
    }


def _environment(home: Path, settings: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "SOTTO_CONFIG_DIR": str(settings),
        "SOTTO_MODELS_DIR": str(OFFICIAL_MODELS),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": "http://127.0.0.1:9",  # where nobody answers
        "PULSE_SERVER": f"unix:{home}/none",
        "XDG_RUNTIME_DIR": str(home),
        "SOTTO_CACHE_DIR": os.environ.get("SOTTO_CACHE_DIR", str(Path.home() / ".cache/sotto")),
        "LANG": "C.UTF-8",
    }


# Judging ----------------------------------------------------------------------------------


Judge = Callable[[Case, Ended], bool]

# What may be wrong with how a case ended, the worst first.
FAULTS: dict[str, Judge] = {
    "hang": lambda _, ended: ended.code is None,
    "signal": lambda _, ended: ended.code is not None and ended.code < 0,
    "traceback": lambda _, ended: any(words in ended.out + ended.err for words in TRACES),
    "defect": lambda _, ended: DEFECT in ended.out + ended.err,
    "escape": lambda _, ended: _obeyed(ended.err) or _obeyed(_without_json(ended.out)),
    "lost": lambda case, ended: ended.code == 0 and case.out in {Stream.FULL, Stream.CLOSED},
    "code": lambda _, ended: ended.code not in {0, 2, 130},
    "unclear": lambda case, ended: (
        ended.code == 2 and case.err is Stream.KEPT and not _is_told(ended.err)
    ),
}


def fault_of(case: Case, ended: Ended) -> str:
    """Return in a word what is wrong with how a case ended; empty if nothing is."""
    return next((fault for fault, judge in FAULTS.items() if judge(case, ended)), "")


def _is_told(err: str) -> bool:
    lines = err.splitlines()
    return bool(lines) and lines[-1].startswith("sotto: ") and len(lines[-1]) < 10_000


def _without_json(out: str) -> str:
    return "\n".join(line for line in out.split("\n") if not line.startswith("{"))


def _obeyed(text: str) -> bool:
    return any(line != printable(line) for line in text.split("\n"))


def tally(world: World, cases: Sequence[Case], *, is_verbose: bool) -> Counter[str]:
    """Run the cases, write what is wrong, and return how often each end came."""
    ends: Counter[str] = Counter()
    for number, case in enumerate(cases):
        started_s = time.monotonic()
        ended = world.run(case)
        fault = fault_of(case, ended)
        end = fault or ("done" if ended.code == 0 else "one clear line")
        ends[end] += 1
        if fault or is_verbose:
            took_s = time.monotonic() - started_s
            sys.stdout.write(f"{number} {end} {took_s:.1f} s {case!r}\n{ended.err[-3000:]}\n")
            sys.stdout.flush()
    return ends


def main() -> None:
    """Run and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--regressions", action="store_true", help="begin with what once failed")
    parser.add_argument("--verbose", action="store_true", help="write every run")
    arguments = parser.parse_args()
    numbers = range(arguments.first, arguments.first + arguments.runs)
    cases = [*REGRESSIONS] if arguments.regressions else []
    cases += [case_of(number, arguments.seed) for number in numbers]
    started_s = time.monotonic()
    with hostile_world() as world:
        ends = tally(world, cases, is_verbose=arguments.verbose)
    figures = {"tried": len(cases), **ends, "seconds": round(time.monotonic() - started_s)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
