"""What syncs files: nobody waits for it, and nothing is deleted before it may be."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sotto.app.core.journal.syncing import Syncing

PATIENCE_S = 60


class Disk:
    """Syncs once it is let go, and notes what is synced and what is there just then."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.is_asked = threading.Event()
        self.is_broken = False
        self.synced: list[str] = []
        self.there: list[set[str]] = []

    def fsync(self, descriptor: int) -> None:
        self.is_asked.set()
        assert self.goes_on.wait(PATIENCE_S)
        if self.is_broken:
            raise OSError(errno.EIO, "broken")
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        self.synced.append(path.name)
        self.there.append({each.name for each in path.parent.iterdir()})


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    return disk


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        path = tmp_path / name
        path.touch()
        return path

    return make


def test_what_is_needless_goes_when_the_rest_is_safe(
    disk: Disk, file: Callable[[str], Path]
) -> None:
    old = file("old")
    syncing = Syncing()
    syncing.sync([file("a")], [])
    assert disk.is_asked.wait(PATIENCE_S)
    syncing.sync([file("b")], [old])  # returns, though the disk is busy
    syncing.sync([file("b")], [])
    disk.goes_on.set()
    syncing.finish()
    assert disk.synced == ["a", "b"]  # once for both
    assert disk.there[1] == {"a", "b", "old"}
    assert not old.exists()


def test_what_a_disk_refuses_is_told_and_tried_again(
    disk: Disk, file: Callable[[str], Path]
) -> None:
    disk.is_broken = True
    disk.goes_on.set()
    old = file("old")
    syncing = Syncing()
    syncing.sync([file("a")], [old])
    with pytest.raises(OSError, match="broken"):
        syncing.finish()
    assert old.exists()
    disk.is_broken = False
    syncing.sync([], [])
    syncing.finish()
    assert disk.synced == ["a"]
    assert not old.exists()


def test_who_has_nothing_to_sync_ends(file: Callable[[str], Path]) -> None:
    syncing = Syncing()
    syncing.finish()
    syncing.end()
    gone = file("gone")
    gone.unlink()
    syncing = Syncing()
    syncing.sync([gone], [gone])
    syncing.finish()
    syncing.finish()
