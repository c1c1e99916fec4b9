"""Bytes in memory, and on disk once they are many."""

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sotto.audio.files import spool
from sotto.audio.files.spool import IN_MEMORY, Spool

PART = bytes(range(256)) * 4096  # 1 MB


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spool, "_ON_DISK", tmp_path)
    monkeypatch.delenv("TMPDIR", raising=False)
    return tmp_path


@contextmanager
def files_of_at_most(n_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond that, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def open_files(folder: Path) -> list[Path]:
    links = Path("/proc/self/fd").iterdir()
    return [link for link in links if os.path.realpath(link).startswith(str(folder))]


def check(held: Spool, n_parts: int) -> None:
    n = n_parts * len(PART)
    assert len(held) == n
    for start, end in ((0, 10), (len(PART) - 5, len(PART) + 300), (n - 7, n), (n, n)):
        assert held.read(start, end) == (PART * n_parts)[start:end]


def test_a_few_bytes_need_no_disk(folder: Path) -> None:
    held = Spool()
    held.append(PART)
    check(held, 1)
    assert not open_files(folder)


def test_many_bytes_lie_in_a_file_that_nobody_can_open(folder: Path) -> None:
    held, n = Spool(), IN_MEMORY // len(PART) + 3
    for number in range(n):
        held.append(PART)
        assert bool(open_files(folder)) == ((number + 1) * len(PART) > IN_MEMORY)
    check(held, n)
    (file,) = open_files(folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_nlink == 0
    assert not list(folder.iterdir())
    del held
    assert not open_files(folder)


@pytest.mark.parametrize("room", [IN_MEMORY // 2, IN_MEMORY + 3 * len(PART) // 2])
def test_where_the_disk_is_full_memory_holds_all(room: int, folder: Path) -> None:
    held, n = Spool(), IN_MEMORY // len(PART) + 4
    with files_of_at_most(room):
        for _ in range(n):
            held.append(PART)
    check(held, n)
    assert not open_files(folder)


def test_where_nothing_can_be_written_memory_holds_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))
    monkeypatch.setattr(spool, "_ON_DISK", folder / "gone")
    held, n = Spool(), IN_MEMORY // len(PART) + 2
    for _ in range(n):
        held.append(PART)
    check(held, n)
