"""A log of its own for each test."""

import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sotto.app.core.traces.log_file import log_files, log_folder

Logged = Callable[[], str]


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("SOTTO_LOG", raising=False)


@pytest.fixture
def logged() -> Logged:
    """Return all that is in the log."""
    return lambda: "".join(file.read_text() for file in log_files(log_folder()))


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    """Set the umask until the test has ended."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def record(message: str, *arguments: object, level: int = logging.INFO) -> logging.LogRecord:
    return logging.LogRecord("sotto.test", level, __file__, 1, message, arguments, None)
