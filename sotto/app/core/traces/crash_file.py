"""Where a process was when native code (MAX, Qt, a driver) ended it."""

import contextlib
import faulthandler
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sotto.private_folder import open_private

KEPT = 3  # crashes; older ones are removed
_PATTERN = "crash-*.txt"
_NOTED = ".noted.txt"  # the end of the name of one that its user knows of


def crash_files(folder: Path) -> list[Path]:
    """Return the files of processes that crashed, oldest first."""
    return sorted(path for path in folder.glob(_PATTERN) if _size(path))


def take_note(folder: Path) -> int:
    """Return how many crashes there were since this was asked last; they stay in the folder."""
    new = [path for path in crash_files(folder) if not path.name.endswith(_NOTED)]
    for path in new:
        path.rename(path.with_suffix(_NOTED))
    return len(new)


@contextmanager
def crash_file(folder: Path) -> Iterator[None]:
    """Have Python write where all threads are, should the process crash meanwhile.

    The file is open as long, because nothing can be opened after a crash; left empty, it is
    removed. Where Python has been told to write this elsewhere (`PYTHONFAULTHANDLER`), it does.

    Raises:
        OSError: the file cannot be made.
    """
    if faulthandler.is_enabled():
        yield
        return
    path = folder / time.strftime(f"crash-%Y%m%d-%H%M%S-{os.getpid()}.txt")
    descriptor = _open_held(path)
    try:
        _remove_old(folder)
        faulthandler.enable(descriptor)
        yield
    finally:
        faulthandler.disable()
        os.close(descriptor)
        if not _size(path):
            path.unlink(missing_ok=True)


def _open_held(path: Path) -> int:
    """Make the file; it gets its name once it is held, so that nobody takes it for left behind."""
    unnamed = path.with_suffix(".new")
    descriptor = open_private(unnamed, os.O_TRUNC)
    with contextlib.suppress(OSError):  # some network drives know no locks
        _hold(descriptor)
    unnamed.rename(path)
    return descriptor


def _remove_old(folder: Path) -> None:
    """Remove what processes left that ended without a crash, and crashes of long ago."""
    left = [path for path in folder.glob(_PATTERN) if not _size(path)]
    for path in (*left, *crash_files(folder)[:-KEPT]):
        with contextlib.suppress(OSError):
            if not _is_held(path):
                path.unlink()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_held(path: Path) -> bool:
    """Tell whether the process that made the file still runs."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        _hold(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _hold(descriptor: int) -> None:
    """Hold an open file until this process ends.

    Raises:
        OSError: another process holds it.
    """
    if sys.platform != "win32":  # there an open file cannot be removed anyway
        import fcntl  # noqa: PLC0415 (not everywhere)

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
