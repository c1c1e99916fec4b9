"""An array that grows at its end and shrinks at its head."""

import numpy as np

from sotto.inference.interfaces import Array


class GrowingArray:
    """Float32 rows with positions that stay when earlier rows are dropped. Owned by one thread.

    Room is doubled when it runs out, so that n appended rows are copied O(n) times in all.
    """

    _SMALLEST = 1024  # rows; spares the first few doublings

    def __init__(self, row_shape: tuple[int, ...]) -> None:
        self._buffer = np.empty((self._SMALLEST, *row_shape), np.float32)
        self._head = 0  # of the rows held, in the buffer
        self._length = 0
        self._start = 0

    @property
    def start(self) -> int:
        """Position of the first row held."""
        return self._start

    @property
    def end(self) -> int:
        """Position after the last row: the number of rows ever appended."""
        return self._start + self._length

    def view(self) -> Array:
        """Return the rows held, valid until the next call of `append`."""
        return self._buffer[self._head : self._head + self._length]

    def append(self, rows: Array) -> None:
        """Copy rows to the end."""
        needed = self._length + len(rows)
        if self._head + needed > len(self._buffer):
            self._make_room(needed)
        self._buffer[self._head + self._length : self._head + needed] = rows
        self._length = needed

    def drop_before(self, position: int) -> None:
        """Drop the rows before `position`, which lies between `start` and `end`."""
        dropped = position - self._start
        self._head += dropped
        self._length -= dropped
        self._start = position

    def _make_room(self, needed: int) -> None:
        """Move the rows held to the front, of a larger buffer unless this one is half empty."""
        held = self.view()
        buffer = self._buffer
        if 2 * needed > len(buffer):
            buffer = np.empty((2 * needed, *buffer.shape[1:]), np.float32)
        buffer[: self._length] = held.copy() if buffer is self._buffer else held
        self._buffer, self._head = buffer, 0
