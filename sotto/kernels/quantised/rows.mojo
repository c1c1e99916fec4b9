"""Rows of floats as rows of bytes, each with the worth of one step."""

from std.math import round

from ..floats import Floats, allocate
from ..layer_norm.cpu import normalise_row
from ..linear.cpu import Rows
from .layout import GROUP, OFFSET, Bytes, Groups, allocate_words

comptime WIDTH = 16
"""Floats at a time; the width of every Whisper model is a multiple."""
comptime Vector = SIMD[DType.float32, WIDTH]
comptime SMALLEST = 1e-8
"""Stands in for the largest value of a row of zeros."""


@fieldwise_init
struct Norm(TrivialRegisterPassable):
    """A layer normalisation of rows before they are made bytes, or none."""

    var active: Bool
    var gain: Floats
    var bias: Floats

    @staticmethod
    def none(anything: Floats) -> Self:
        """Return one that leaves rows as they are, and its pointers unread."""
        return Self(False, anything, anything)


struct Quantiser(TrivialRegisterPassable):
    """Memory for one row."""

    var floats: Floats
    var bytes: Bytes
    var norm: Norm

    def __init__(out self, n_in: Int, norm: Norm):
        """Allocate room for a row of `n_in` floats; `free` frees it."""
        self.floats = allocate(n_in)
        self.bytes = allocate_words(n_in // GROUP).unsafe_bitcast[UInt8]()
        self.norm = norm

    def free(self):
        """Free the memory."""
        self.floats.unsafe_free()
        self.bytes.unsafe_free()

    def quantise(self, x: Rows, row: Int) -> Float32:
        """Fill `bytes` with a row of x, symmetric around `OFFSET`; return the worth of a step."""
        var values = self.whole_row(x, row)
        if self.norm.active:
            normalise_row(values, self.norm.gain, self.norm.bias, self.floats, x.n_in)
            values = self.floats
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
