"""Bytes that grow, the more of them on disk: an hour of sound takes 115 MB."""

import io
import os
import tempfile
import weakref
from pathlib import Path
from typing import IO

IN_MEMORY = 20 * 2**20
"""Ten minutes of sound; most recordings are shorter and need no disk."""
_ON_DISK = Path("/var/tmp")  # noqa: S108 (no name is made there); often /tmp is memory


class Spool:
    """Holds bytes in memory, and in a file without a name once there are many.

    Nobody else can open that file, and it ends with this object or the process. Where there is no
    room for one all stays in memory. Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._n_bytes = 0
        self._may_move = True

    def __len__(self) -> int:
        return self._n_bytes

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        try:
            if self._may_move and self._n_bytes + len(data) > IN_MEMORY:
                self._move_to(_nameless())
            self._add(data)
        except OSError:  # the disk is full, or nothing can be written there
            self._may_move = False
            self._move_to(io.BytesIO())
            self._add(data)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`, or to the last."""
        self._file.seek(start)
        data = self._file.read(end - start)
        while len(data) < end - start and (more := self._file.read(end - start - len(data))):
            data += more  # files give 2 GB at most at a time
        return data

    def _move_to(self, file: IO[bytes]) -> None:
        self._may_move = False
        try:
            _write(file, self.read(0, self._n_bytes))
        except OSError:
            file.close()
            raise
        self._file.close()
        self._file = file
        weakref.finalize(self, file.close)

    def _add(self, data: bytes) -> None:
        self._file.seek(self._n_bytes)
        _write(self._file, data)
        self._n_bytes += len(data)


def _write(file: IO[bytes], data: bytes) -> None:
    """Write all of it; a disk takes what it has room for, and raises at the next attempt."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _nameless() -> IO[bytes]:
    """Open a file that no folder names, for its owner alone; unbuffered, to hear of a full disk."""
    is_theirs = "TMPDIR" in os.environ or not os.access(_ON_DISK, os.W_OK)
    return tempfile.TemporaryFile(buffering=0, dir=None if is_theirs else _ON_DISK)
