"""What killed writes leave half written, and how to tell that from what is being written."""

import contextlib
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

# What a file is called until it takes its place: hidden, so that nobody opens it.
_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}")


def remove_leftovers(folders: Iterable[Path]) -> int:
    """Remove what killed writes left half written in folders of ours; return how many files.

    What another process is writing just now is locked, and stays.
    """
    found = (path for folder in folders for path in _temporaries(folder))
    return sum(_remove_unless_locked(path) for path in found)


def _temporaries(folder: Path) -> list[Path]:
    try:
        return [
            path
            for path in folder.iterdir()
            if _TEMPORARY.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        ]
    except OSError:
        return []


def _remove_unless_locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        is_ours = lock(descriptor) and _is_private(descriptor)
        if is_ours and os.name == "posix":
            path.unlink(missing_ok=True)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    if is_ours:  # Windows removes no file that is open, by whomever
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    return is_ours


def _is_private(descriptor: int) -> bool:
    """Whether a file is as `write_private` makes them."""
    about = os.fstat(descriptor)
    return os.name != "posix" or (about.st_uid == os.getuid() and about.st_mode & 0o077 == 0)


def lock(descriptor: int) -> bool:
    """Lock a file that is being written until it is closed; return False where another has."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 (Windows has none)

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
