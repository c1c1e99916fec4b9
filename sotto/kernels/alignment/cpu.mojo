"""Where each token looks, as openai-whisper's `find_alignment` has it, one head after another."""

from std.collections import Array
from std.math import ceildiv, sqrt

from ..attention.row import WIDTH, Vector, exponentiate
from ..floats import Floats, allocate

comptime MEDIAN_WIDTH = 7
"""Positions of the median filter, 140 ms; openai-whisper's."""
comptime HALF = MEDIAN_WIDTH // 2


@fieldwise_init
struct Scores(TrivialRegisterPassable):
    """Attention before softmax, (n_heads, n_tokens, n_ctx), of which the first positions count."""

    var values: Floats
    var n_heads: Int
    var n_tokens: Int
    var n_ctx: Int
    var n_positions: Int

    @always_inline
    def row(self, head: Int, token: Int) -> Floats:
        """Return the scores of a token."""
        return self.values.unsafe_offset((head * self.n_tokens + token) * self.n_ctx)


@fieldwise_init
struct Scratch(TrivialRegisterPassable):
    """The attention of one head, (n_tokens, stride), and rows of use for all of its tokens.

    Rows are whole vectors; what is behind the positions is 0 in all of them but `line`, which has
    room for what is mirrored at both ends.
    """

    var rows: Floats
    var mean: Floats
    var deviation: Floats
    var line: Floats
    var stride: Int

    @staticmethod
    def of(scores: Scores) -> Self:
        """Allocate; `rows` is to be freed."""
        var stride = ceildiv(scores.n_positions, WIDTH) * WIDTH
        var rows = allocate((scores.n_tokens + 3) * stride + max(WIDTH, 2 * HALF))
        var behind = rows.unsafe_offset(scores.n_tokens * stride)
        return Self(
            rows,
            behind,
            behind.unsafe_offset(stride),
            behind.unsafe_offset(2 * stride),
            stride,
        )


def find_looks(scores: Scores, output: Floats):
    """Write how much more than other tokens each one looks at a position, (n_tokens, n_ctx)."""
    for i in range(scores.n_tokens * scores.n_ctx):
        output[unsafe_offset=i] = 0
    var scratch = Scratch.of(scores)
    for head in range(scores.n_heads):
        for token in range(scores.n_tokens):
            var to = scratch.rows.unsafe_offset(token * scratch.stride)
            softmax(scores.row(head, token), scores.n_positions, to, scratch.stride)
        measure(scratch, scores.n_tokens)
        for token in range(scores.n_tokens):
            normalise(scratch, token)
            add_medians(scratch, scores.n_positions, output.unsafe_offset(token * scores.n_ctx))
    scratch.rows.unsafe_free()
    for i in range(scores.n_tokens * scores.n_ctx):
        output[unsafe_offset=i] /= Float32(max(1, scores.n_heads))


@always_inline
def softmax(scores: Floats, length: Int, to: Floats, stride: Int):
    """Write probabilities, and zeros up to the stride."""
    var maxima = Vector(Float32.MIN)
    var whole = length // WIDTH * WIDTH
    for i in range(0, whole, WIDTH):
        var values = scores.unsafe_load[width=WIDTH](i)
        maxima = max(maxima, values)
        to.unsafe_store(i, values)
    var largest = maxima.reduce_max()
    for i in range(whole, length):
        largest = max(largest, scores[unsafe_offset=i])
        to[unsafe_offset=i] = scores[unsafe_offset=i]
    for i in range(length, stride):
        to[unsafe_offset=i] = 0
    var sum = exponentiate(to, largest, length)
    var scale = 1 / sum
    for i in range(0, stride, WIDTH):
        to.unsafe_store(i, to.unsafe_load[width=WIDTH](i) * scale)


def measure(scratch: Scratch, n_tokens: Int):
    """Compute mean and standard deviation over tokens, of each position."""
    for i in range(0, scratch.stride, WIDTH):
        var column = scratch.rows.unsafe_offset(i)
        var sum = Vector(0)
        for token in range(n_tokens):
            sum += column.unsafe_load[width=WIDTH](token * scratch.stride)
        var mean = sum / Float32(n_tokens)
        var squares = Vector(0)
        for token in range(n_tokens):
            var off = column.unsafe_load[width=WIDTH](token * scratch.stride) - mean
            squares = off.fma(off, squares)
        scratch.mean.unsafe_store(i, mean)
        scratch.deviation.unsafe_store(i, sqrt(squares / Float32(n_tokens)))


@always_inline
def normalise(scratch: Scratch, token: Int):
    """Write a token's deviations from the mean to the line; 0 where all tokens are the same."""
    var row = scratch.rows.unsafe_offset(token * scratch.stride)
    for i in range(0, scratch.stride, WIDTH):
        var off = row.unsafe_load[width=WIDTH](i) - scratch.mean.unsafe_load[width=WIDTH](i)
        var deviation = scratch.deviation.unsafe_load[width=WIDTH](i)
        var normalised = deviation.gt(0).select(off / deviation, Vector(0))
        scratch.line.unsafe_store(HALF + i, normalised)


@always_inline
def add_medians(scratch: Scratch, length: Int, to: Floats):
    """Add the running medians of the line, mirrored at its ends.

    As openai-whisper's, what is shorter than half of the filter is added as it is.
    """
    var line = scratch.line.unsafe_offset(HALF)
    if length <= HALF:
        for i in range(length):
            to[unsafe_offset=i] += line[unsafe_offset=i]
        return
    for beyond in range(1, HALF + 1):
        line[unsafe_offset= -beyond] = line[unsafe_offset=beyond]
        line[unsafe_offset=length - 1 + beyond] = line[unsafe_offset=length - 1 - beyond]
    var whole = length // WIDTH * WIDTH
    for i in range(0, whole, WIDTH):
        var medians = median(scratch.line.unsafe_offset(i))
        to.unsafe_store(i, to.unsafe_load[width=WIDTH](i) + medians)
    if whole < length:
        var medians = median(scratch.line.unsafe_offset(whole))
        for i in range(whole, length):
            to[unsafe_offset=i] += medians[i - whole]


@always_inline
def median(values: Floats) -> Vector:
    """Return the median of each value and the six that follow it, of as many as a vector has.

    Forgetful selection: of half of them and two more neither the smallest nor the largest is it;
    both make room for the next.
    """
    comptime N_HELD = HALF + 2
    var held = Array[Vector, N_HELD](fill=Vector(0))
    comptime for i in range(N_HELD):
        held[i] = values.unsafe_load[width=WIDTH](i)
    comptime for round in range(HALF):
        # The smallest of what is left moves to the front, which is not looked at again, and the
        # largest to the end, where the next value takes its place.
        comptime for i in range(N_HELD - 1, round, -1):
            exchange(held, i - 1, i)
        comptime for i in range(round + 1, N_HELD - 1):
            exchange(held, i, i + 1)
        comptime if round + 1 < HALF:
            held[N_HELD - 1] = values.unsafe_load[width=WIDTH](N_HELD + round)
    return held[HALF]


@always_inline
def exchange[n: Int](mut values: Array[Vector, n], low: Int, high: Int):
    """Put the smaller ones into the first and the larger ones into the second."""
    var smaller = min(values[low], values[high])
    values[high] = max(values[low], values[high])
    values[low] = smaller
