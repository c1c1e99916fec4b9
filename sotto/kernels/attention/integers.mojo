"""One head's queries, keys and values as integers, laid out for AVX-512 VNNI.

Keys lose their mean over the window first: that changes each query's scores by a constant, and
so no weight, but what all keys have in common would waste the steps of a byte (SageAttention,
Zhang et al. 2025, section 4.2). Values keep 12 bits.
"""

from std.math import ceildiv, round
from std.memory import bitcast

from ..floats import Floats, allocate
from ..linear.panels import PANEL
from ..quantised.layout import GROUP, OFFSET, Groups, allocate_words
from ..quantised.tile import TALL
from .block import Heads
from .row import HEAD_DIM

comptime LANES = 16
comptime Vector = SIMD[DType.float32, LANES]
comptime LARGEST_BYTE = Float32(127)
comptime LARGEST_VALUE = Float32(2047)
comptime SMALLEST = Float32(1e-8)
"""Stands in for the largest value of a row or column of zeros."""
comptime LOG2_E = Float32(1.4426950408889634)
comptime PAIR = 2
"""Keys whose weights and values the processor multiplies and adds at once."""


@always_inline
def largest_of(row: Floats) -> Float32:
    """Return the largest magnitude in a head's part of a row."""
    var largest = Vector(SMALLEST)
    comptime for c in range(0, HEAD_DIM, LANES):
        largest = max(largest, abs(row.unsafe_load[width=LANES](c)))
    return largest.reduce_max()


@always_inline
def words_of(row: Floats, at: Int, steps: Float32, offset: Int32) -> SIMD[DType.int32, 4]:
    """Return 16 floats of a row as four words of four bytes."""
    var values = round(row.unsafe_load[width=LANES](at) * steps).cast[DType.int32]() + offset
    return bitcast[DType.int32, 4](values.cast[DType.uint8]())


struct Keys(TrivialRegisterPassable):
    """Unsigned bytes, tile after tile of (HEAD_DIM / 4, TALL, 4), and each key's step."""

    var groups: Groups
    var steps: Floats
    var mean: Floats
    var centred: Floats
    """Room for one key."""

    def __init__(out self, n_keys: Int):
        """Allocate room for so many keys; `free` frees it."""
        var n_tiled = ceildiv(n_keys, TALL) * TALL
        self.groups = allocate_words(n_tiled * HEAD_DIM // GROUP)
        self.steps = allocate(n_tiled)
        self.mean = allocate(HEAD_DIM)
        self.centred = allocate(HEAD_DIM)

    def free(self):
        """Free the memory."""
        self.groups.unsafe_free()
        self.steps.unsafe_free()
        self.mean.unsafe_free()
        self.centred.unsafe_free()

    def fill(self, heads: Heads, head: Int):
        """Take the keys of a head."""
        var step = heads.step
        var source = heads.keys(head)
        var row = self.centred
        mean_row(source, heads.n_ctx, step, self.mean)
        for key in range(heads.n_ctx):
            comptime for c in range(0, HEAD_DIM, LANES):
                var value = source.unsafe_load[width=LANES](key * step + c)
                row.unsafe_store(c, value - self.mean.unsafe_load[width=LANES](c))
            var largest = largest_of(row)
            self.steps[unsafe_offset=key] = largest / LARGEST_BYTE
            var tile, lane = divmod(key, TALL)
            var to = self.groups.unsafe_offset(tile * TALL * HEAD_DIM // GROUP + lane)
            comptime for c in range(0, HEAD_DIM, LANES):
                var words = words_of(row, c, LARGEST_BYTE / largest, OFFSET)
                comptime for i in range(LANES // GROUP):
                    to[unsafe_offset=(c // GROUP + i) * TALL] = words[i]


def mean_row(source: Floats, n_rows: Int, step: Int, mean: Floats):
    """Write the mean of a head's part of rows that lie `step` floats apart."""
    comptime for c in range(0, HEAD_DIM, LANES):
        var sum = Vector(0)
        for row in range(n_rows):
            sum += source.unsafe_load[width=LANES](row * step + c)
        mean.unsafe_store(c, sum / Float32(n_rows))


struct Queries(TrivialRegisterPassable):
    """A panel of queries: signed bytes (HEAD_DIM / 4, PANEL, 4) with steps and corrections."""

    var panel: Groups
    var steps: Floats
    var corrections: Groups

    def __init__(out self):
        """Allocate room; `free` frees it."""
        self.panel = allocate_words(PANEL * HEAD_DIM // GROUP)
        self.steps = allocate(PANEL)
        self.corrections = allocate_words(PANEL)

    def free(self):
        """Free the memory."""
        self.panel.unsafe_free()
        self.steps.unsafe_free()
        self.corrections.unsafe_free()

    def fill(self, heads: Heads, head: Int, first: Int):
        """Take PANEL queries of a head from `first` on, repeating the last; scores are log2."""
        for lane in range(PANEL):
            var row = heads.query(min(first + lane, heads.n_rows - 1), head)
            var largest = largest_of(row)
            var sum = Int32(0)
            comptime for c in range(0, HEAD_DIM, LANES):
                var words = words_of(row, c, LARGEST_BYTE / largest, 0)
                sum += bitcast[DType.int8, LANES](words).cast[DType.int32]().reduce_add()
                comptime for i in range(LANES // GROUP):
                    self.panel[unsafe_offset=(c // GROUP + i) * PANEL + lane] = words[i]
            self.steps[unsafe_offset=lane] = largest / LARGEST_BYTE * LOG2_E
            self.corrections[unsafe_offset=lane] = sum * OFFSET


struct Values(TrivialRegisterPassable):
    """16-bit integers (n / 2, HEAD_DIM, 2), with a step for each column."""

    var pairs: Groups
    var steps: Floats

    def __init__(out self, n_keys: Int):
        """Allocate room for the values of so many keys; `free` frees it."""
        self.pairs = allocate_words(ceildiv(n_keys, PAIR) * HEAD_DIM)
        self.steps = allocate(HEAD_DIM)

    def free(self):
        """Free the memory."""
        self.pairs.unsafe_free()
        self.steps.unsafe_free()

    def fill(self, heads: Heads, head: Int):
        """Take the values of a head; an odd one out is paired with zeros."""
        var step = heads.step
        var source = heads.values(head)
        comptime for c in range(0, HEAD_DIM, LANES):
            var largest = Vector(SMALLEST)
            for row in range(heads.n_ctx):
                largest = max(largest, abs(source.unsafe_load[width=LANES](row * step + c)))
            self.steps.unsafe_store(c, largest / LARGEST_VALUE)
            var steps = LARGEST_VALUE / largest
            for row in range(0, heads.n_ctx, PAIR):
                var even = source.unsafe_load[width=LANES](row * step + c)
                var odd = Vector(0)
                if row + 1 < heads.n_ctx:
                    odd = source.unsafe_load[width=LANES]((row + 1) * step + c)
                var low = round(even * steps).cast[DType.int32]() & 0xFFFF
                var high = round(odd * steps).cast[DType.int32]() << 16
                self.pairs.unsafe_store(row // PAIR * HEAD_DIM + c, low | high)
