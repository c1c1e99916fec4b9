"""Attention of one query row and one head on the CPU, in two passes over keys and values."""

from std.collections import Array
from std.math import exp
from std.sys import simd_width_of

comptime HEAD = 64
"""Floats in a head: 64 in every Whisper model."""
comptime WIDTH = min(simd_width_of[DType.float32](), HEAD)
comptime LANES = HEAD // WIDTH
"""Vectors that hold one head."""
comptime Vector = SIMD[DType.float32, WIDTH]


@always_inline
def score_row[
    oq: Origin, ok: Origin, os: MutOrigin
](
    q: Pointer[Float32, oq],
    keys: Pointer[Float32, ok],
    scores: Pointer[Float32, os],
    length: Int,
    stride: Int,
) -> Float32:
    """Write the dot products of `q` with `length` keys, `stride` floats apart; return the largest.
    """
    var query = Array[Vector, LANES](fill=Vector(0))
    comptime for i in range(LANES):
        query[i] = q.unsafe_load[width=WIDTH](i * WIDTH)
    var largest = Float32.MIN
    for j in range(length):
        var key = keys.unsafe_offset(j * stride)
        var even = Vector(0)
        var odd = Vector(0)
        comptime for i in range(0, LANES, 2):
            even = query[i].fma(key.unsafe_load[width=WIDTH](i * WIDTH), even)
            odd = query[i + 1].fma(key.unsafe_load[width=WIDTH]((i + 1) * WIDTH), odd)
        var score = (even + odd).reduce_add()
        scores[unsafe_offset=j] = score
        largest = max(largest, score)
    return largest


@always_inline
def exponentiate[
    os: MutOrigin
](scores: Pointer[Float32, os], largest: Float32, length: Int) -> Float32:
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


@always_inline
def weigh_values[
    os: Origin, ov: Origin, oo: MutOrigin
](
    scores: Pointer[Float32, os],
    values: Pointer[Float32, ov],
    output: Pointer[Float32, oo],
    scale: Float32,
    length: Int,
    stride: Int,
):
    """Write the sum of `length` values, each times its score and `scale`."""
    var sums = Array[Vector, LANES](fill=Vector(0))
    for j in range(length):
        var weight = Vector(scores[unsafe_offset=j])
        var value = values.unsafe_offset(j * stride)
        comptime for i in range(LANES):
            sums[i] = weight.fma(value.unsafe_load[width=WIDTH](i * WIDTH), sums[i])
    comptime for i in range(LANES):
        output.unsafe_store(i * WIDTH, sums[i] * scale)
