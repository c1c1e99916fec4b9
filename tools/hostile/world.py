"""A folder of hostile files, in which commands run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sotto.app.cli import main as sotto
from tools.fixtures.forked_command import Ended, run_forked
from tools.fixtures.official import FOLDER as OFFICIAL_MODELS
from tools.hostile.case import Case

TIMEOUT_S = 60.0
CLIP = Path(__file__).parents[2] / "tests" / "clips" / "starter" / "014.flac"


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
