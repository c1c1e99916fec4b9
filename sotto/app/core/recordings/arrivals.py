"""Which files of a watched folder have arrived whole, and have not been heard yet."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

SETTLED_S = 2.0
"""A file that has not grown for so long is whole: what copies does so several times a second."""


class Stamp(NamedTuple):
    """What tells a file from all others, by whatever name, and from itself after a change."""

    device: int
    inode: int
    n_bytes: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Look at a file.

        Raises:
            OSError: it is not there any more.
        """
        status = os.stat(path)  # noqa: PTH116 (an inode of Windows, too)
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class Arrivals:
    """Remembers what is arriving and what was dealt with; used by one thread.

    A file is known by its stamp, so that a new name makes no new recording of it; one that grows
    after all is heard again.
    """

    def __init__(self) -> None:
        self._arriving: dict[Path, tuple[Stamp, float]] = {}
        self._dealt_with: set[Stamp] = set()

    def whole(self, seen: Mapping[Path, Stamp], now_s: float) -> list[Path]:
        """Return those of `seen` to deal with, in its order: not empty, and unchanged for a while.

        Args:
            seen: All files that are there now.
            now_s: The time on a clock that nobody sets.
        """
        before, self._arriving = self._arriving, {}
        for path, stamp in seen.items():
            if stamp in self._dealt_with or not stamp.n_bytes:
                continue
            known, since_s = before.get(path, (stamp, now_s))
            self._arriving[path] = stamp, since_s if known == stamp else now_s
        return [
            path for path, (_, since_s) in self._arriving.items() if now_s - since_s >= SETTLED_S
        ]

    def deal_with(self, stamp: Stamp) -> None:
        """Let a file be done with, as it was when it was looked at."""
        self._dealt_with.add(stamp)
