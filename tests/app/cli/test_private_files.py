"""All that real commands leave is the user's alone, whatever the umask says; all but the output."""

import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto.inference.caches import compiled
from tests.app.cli.conftest import TIMEOUT_S

CLIP = Path(__file__).parents[2] / "clips" / "starter" / "014.flac"
KEEP_TEXTS = """
import numpy as np
from sotto.app.core import archive, settings
from sotto.app.core.history import store
from sotto.app.core.history.database import connect
from sotto.app.core.history.sounds import SoundFolder

kept = archive.TranscriptArchive(archive.transcripts_folder())
kept.keep("said")
SoundFolder(store.history_path().parent / "sounds").keep(np.zeros(1600, np.float32))
connect(store.history_path()).close()
settings.save({"font_size": 20})
"""


@pytest.fixture(params=[0o000, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home without any of Sotto's folders but one with compiled graphs, which take a minute.

    Its name is short, as a socket's must be.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield made_home(Path(folder) / "home")


def made_home(home: Path) -> Path:
    graphs = home / ".cache" / "sotto" / "graphs"
    for folder in (home, home / ".cache", home / ".cache" / "sotto"):
        folder.mkdir(mode=0o700)
    graphs.mkdir()
    graphs.chmod(0o755)  # as an older Sotto may have made it
    for path in compiled.cache_dir().glob("*.graphs"):
        shutil.copy(path, graphs)
    return home


def run(home: Path, environ: dict[str, str], umask: int, *command: str) -> None:
    kept = {"PATH", "LANG", "SOTTO_MODELS_DIR", "PULSE_SERVER"}
    subprocess.run(
        [sys.executable, *command],
        env={name: environ[name] for name in kept & environ.keys()} | {"HOME": str(home)},
        umask=umask,
        check=False,
        capture_output=True,
        timeout=TIMEOUT_S,
    )


def all_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if not path.is_symlink())


def open_to_others(home: Path) -> list[str]:
    return [
        f"{stat.filemode(path.stat().st_mode)} {path.relative_to(home)}"
        for path in all_below(home)
        if path.stat().st_mode & 0o077
    ]


def test_nothing_that_commands_leave_is_open_to_others(
    home: Path,
    environment: dict[str, str],
    umask: int,
) -> None:
    listening = ("listen", "--source", str(CLIP), "--speed", "max", "--model", "starter-en")
    for command in (listening, ("models", "list"), ("record", "status")):
        run(home, environment, umask, "-m", "sotto", *command)
    run(home, environment, umask, "-c", KEEP_TEXTS)
    assert open_to_others(home) == []
    made = {path.name for path in all_below(home)}
    assert {"sotto.log", "history.sqlite3", "settings.toml", "run", "weights", "sounds"} <= made


def test_what_the_user_asked_for_follows_the_umask(
    home: Path,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    out = tmp_path / "out" / "inner"
    flags = ("--output_dir", str(out), "--output_format", "txt", "--model", "starter-en")
    run(home, environment, 0o022, "-m", "sotto", "transcribe", str(CLIP), *flags)
    assert {oct(path.stat().st_mode & 0o777) for path in (out, out.parent)} == {"0o755"}
    assert (out / f"{CLIP.stem}.txt").stat().st_mode & 0o777 == 0o644
    assert open_to_others(home) == []
