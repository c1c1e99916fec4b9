"""Reading the index of a mapped file value by value."""

import mmap
from struct import Struct

U8, U16, U32, I32 = Struct("<B"), Struct("<H"), Struct("<I"), Struct("<i")


class BinaryReader:
    """Reads one value after the other; each method raises EOFError where the file ends."""

    def __init__(self, buffer: mmap.mmap) -> None:
        self._buffer = buffer
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all has been read."""
        return self._at == len(self._buffer)

    def number(self, form: Struct) -> int:
        """Return the next number."""
        return self.numbers(form, 1)[0]

    def numbers(self, form: Struct, count: int) -> list[int]:
        """Return the next `count` numbers."""
        return [value for (value,) in form.iter_unpack(self.take(count * form.size))]

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        start = self.skip(count)
        return self._buffer[start : self._at]

    def skip(self, count: int) -> int:
        """Pass over `count` bytes and return where they begin."""
        start = self._at
        if not 0 <= count <= len(self._buffer) - start:
            raise EOFError
        self._at += count
        return start
