"""Attention of one query row and one head on the CPU: the decoder's, which has few rows."""

from std.collections import Array
from std.math import exp
from std.sys import simd_width_of

from ..floats import Floats

comptime HEAD_DIM = 64
"""Floats in a head: 64 in every Whisper model."""
comptime WIDTH = min(simd_width_of[DType.float32](), HEAD_DIM)
comptime LANES = HEAD_DIM // WIDTH
"""Vectors that hold one head."""
comptime Vector = SIMD[DType.float32, WIDTH]


comptime Numbers[dtype: DType] = Pointer[Scalar[dtype], MutUntrackedOrigin]


@fieldwise_init
struct Head[dtype: DType](TrivialRegisterPassable):
    """Keys and values of one head, each `stride` numbers after the one before."""

    var keys: Numbers[Self.dtype]
    var values: Numbers[Self.dtype]
    var length: Int
    var stride: Int

    @staticmethod
    @always_inline
    def lane(row: Numbers[Self.dtype], index: Int) -> Vector:
        """Return a vector of a key or value."""
        return row.unsafe_load[width=WIDTH](index * WIDTH).cast[DType.float32]()

    @always_inline
    def score(self, query: Floats, scores: Floats) -> Float32:
        """Write the dot products of the query with all keys; return the largest."""
        var vectors = Array[Vector, LANES](fill=Vector(0))
        comptime for i in range(LANES):
            vectors[i] = query.unsafe_load[width=WIDTH](i * WIDTH)
        var largest = Float32.MIN
        for j in range(self.length):
            var key = self.keys.unsafe_offset(j * self.stride)
            # Two sums, so that a multiplication need not wait for the one before.
            var even = Vector(0)
            var odd = Vector(0)
            comptime for i in range(0, LANES, 2):
                even = vectors[i].fma(Self.lane(key, i), even)
                odd = vectors[i + 1].fma(Self.lane(key, i + 1), odd)
            var score = (even + odd).reduce_add()
            scores[unsafe_offset=j] = score
            largest = max(largest, score)
        return largest

    @always_inline
    def weigh(self, weights: Floats, scale: Float32, output: Floats):
        """Write the sum of all values, each times its weight and `scale`."""
        var sums = Array[Vector, LANES](fill=Vector(0))
        for j in range(self.length):
            var weight = Vector(weights[unsafe_offset=j])
            var value = self.values.unsafe_offset(j * self.stride)
            comptime for i in range(LANES):
                sums[i] = weight.fma(Self.lane(value, i), sums[i])
        comptime for i in range(LANES):
            output.unsafe_store(i * WIDTH, sums[i] * scale)


@always_inline
def exponentiate(scores: Floats, largest: Float32, length: Int) -> Float32:
    """Replace each score by exp(score - largest) and return their sum."""
    var total = Vector(0)
    var whole = length // WIDTH * WIDTH
    for j in range(0, whole, WIDTH):
        var e = exp(scores.unsafe_load[width=WIDTH](j) - largest)
        scores.unsafe_store(j, e)
        total += e
    var sum = total.reduce_add()
    for j in range(whole, length):
        var e = exp(scores[unsafe_offset=j] - largest)
        scores[unsafe_offset=j] = e
        sum += e
    return sum
