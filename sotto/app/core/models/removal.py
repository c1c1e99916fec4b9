"""Removing a folder, and telling what was freed and what could not be removed."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did: the bytes that are free again, and what is left, each with the reason."""

    n_bytes: int = 0
    left: tuple[str, ...] = ()

    def __add__(self, other: "Removed") -> "Removed":
        """Return what both did."""
        return Removed(self.n_bytes + other.n_bytes, self.left + other.left)


def remove(path: Path) -> Removed:
    """Remove a file, or a folder with all that is in it, as far as the system lets one.

    Links are removed, never followed.
    """
    removed = Removed()
    if path.is_dir() and not path.is_symlink():
        errors: list[OSError] = []
        for folder, folders, files in os.walk(path, topdown=False, onerror=errors.append):
            for name in (*files, *folders):
                removed += _remove_one(Path(folder, name))
        removed += Removed(left=tuple(map(_left, errors)))
    return removed + _remove_one(path)


def _remove_one(path: Path) -> Removed:
    try:
        found = path.lstat()
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
            return Removed()
        path.unlink()
    except FileNotFoundError:  # somebody else was quicker
        return Removed()
    except OSError as error:
        # A folder that is not empty keeps something that is told already.
        return Removed() if _holds_something(path) else Removed(left=(_left(error),))
    return Removed(0 if stat.S_ISLNK(found.st_mode) else found.st_size)


def _holds_something(path: Path) -> bool:
    try:
        return path.is_dir() and not path.is_symlink() and any(path.iterdir())
    except OSError:
        return False


def _left(error: OSError) -> str:
    return f"{error.filename} cannot be removed ({(error.strerror or str(error)).lower()})"
