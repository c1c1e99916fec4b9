"""Rows of floats as rows of bytes, each with the worth of one step."""

from std.math import round

from ..floats import Floats
from ..linear.cpu import Rows
from .layout import GROUP, OFFSET, Bytes, Groups

comptime WIDTH = 16
"""Floats at a time; the width of every Whisper model is a multiple."""
comptime Vector = SIMD[DType.float32, WIDTH]
comptime SMALLEST = 1e-8
"""Stands in for the largest value of a row of zeros."""


@fieldwise_init
struct Quantiser(TrivialRegisterPassable):
    """Memory for one row."""

    var floats: Floats
    var bytes: Bytes

    def quantise(self, x: Rows, row: Int) -> Float32:
        """Fill `bytes` with a row of x, symmetric around `OFFSET`; return the worth of a step."""
        var values = self.whole_row(x, row)
        var largest = Vector(SMALLEST)
        for k in range(0, x.n_in, WIDTH):
            largest = max(largest, abs(values.unsafe_load[width=WIDTH](k)))
        var top = largest.reduce_max()
        var steps = 127 / top
        for k in range(0, x.n_in, WIDTH):
            var value = round(values.unsafe_load[width=WIDTH](k) * steps)
            var byte = (value.cast[DType.int32]() + OFFSET).cast[DType.uint8]()
            self.bytes.unsafe_store(k, byte)
        return top / 127

    def whole_row(self, x: Rows, row: Int) -> Floats:
        """Return a row where it lies, or a copy with zeros where it sticks out of the data."""
        var first = row * x.step - x.padding
        if first >= 0 and first + x.n_in <= x.size:
            return x.data.unsafe_offset(first)
        for k in range(x.n_in):
            var inside = 0 <= first + k < x.size
            self.floats[unsafe_offset=k] = x.data[unsafe_offset=first + k] if inside else 0
        return self.floats

    def interleave[rows: Int](self, n_in: Int, r: Int, packed: Groups):
        """Put the groups of `bytes` between those of a tile's other rows."""
        var groups = self.bytes.unsafe_bitcast[Int32]()
        for k in range(n_in // GROUP):
            packed[unsafe_offset=k * rows + r] = groups[unsafe_offset=k]
