"""The sounds of projects, which take 115 MB an hour: the oldest make room, and are read again."""

import contextlib
import os
from pathlib import Path

from sotto.app.core.projects.names import SOUND

MOST_BYTES = 2_000_000_000
"""Some seventeen hours."""


def use_sound(folder: Path) -> None:
    """Note that a project's sound was wanted just now."""
    with contextlib.suppress(OSError):
        os.utime(folder / SOUND)


def make_room(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Remove the sounds that nobody wanted for longest, until all take `most_bytes` at most.

    The one that was wanted last stays, however long it is.
    """
    found = []
    for path in folder.glob(f"*/{SOUND}"):
        with contextlib.suppress(OSError):
            about = path.stat()
            found.append((about.st_mtime, about.st_size, path))
    taken = 0
    for number, (_, size, path) in enumerate(sorted(found, reverse=True)):
        taken += size
        if number and taken > most_bytes:
            with contextlib.suppress(OSError):
                path.unlink()
