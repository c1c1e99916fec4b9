"""The decoder's two attentions on the CPU, heads shared among the threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv

from ..floats import Floats, allocate
from .row import HEAD_DIM, Head, exponentiate
from .sequences import Integers, Layer, Sequences

comptime SERIAL_WORK = 1 << 20
"""Multiply-adds below which one thread does as well as two: about 40 us."""


def task_count(heads: Int, work: Int, threads: Int) -> Int:
    """Return the number of threads worth waking for `work` multiply-adds."""
    return 1 if work < SERIAL_WORK else min(heads, threads)


@no_inline
def cached_self_attention(
    qkv: Floats,
    sequences: Sequences,
    layer: Layer,
    output: Floats,
    n: Int,
    threads: Int,
):
    """Append the keys and values of n rows of qkv to their caches, and attend causally."""
    var state = layer.state
    var heads = state // HEAD_DIM
    var longest = sequences.longest(n)
    var tasks = task_count(heads, 2 * n * longest * state, threads)
    var share = ceildiv(heads, tasks)

    def work(task: Int) {imm}:
        var scores = allocate(longest)
        for head in range(task * share, min(heads, (task + 1) * share)):
            var at = head * HEAD_DIM
            for i in range(n):
                var row = qkv.unsafe_offset(i * 3 * state + at)
                sequences.cache(i, layer).append(row, at, state)
            for i in range(n):
                var cache = sequences.cache(i, layer)
                var held = Head[DType.float32](
                    keys=cache.keys.unsafe_offset(at),
                    values=cache.values.unsafe_offset(at),
                    length=cache.position + 1,
                    stride=state,
                )
                var largest = held.score(qkv.unsafe_offset(i * 3 * state + at), scores)
                var sum = exponentiate(scores, largest, held.length)
                held.weigh(scores, 1 / sum, output.unsafe_offset(i * state + at))
        scores.unsafe_free()

    sync_parallelize(work, tasks)


@no_inline
def cross_attention[
    dtype: DType
](
    query: Floats,
    sequences: Sequences,
    layer: Layer,
    slots: Integers,
    output: Floats,
    n: Int,
    threads: Int,
):
    """Attend from n rows of queries, each to the audio of its sequence.

    `slots` (heads,): which matrix of a sequence's scores is that of a head, or -1.
    """
    var state = layer.state
    var heads = state // HEAD_DIM
    var tasks = task_count(heads, 2 * sequences.heard(n) * state, threads)
    var share = ceildiv(heads, tasks)

    def work(task: Int) {imm}:
        var scores = allocate(sequences.longest_audio(n))
        for head in range(task * share, min(heads, (task + 1) * share)):
            var at = head * HEAD_DIM
            for i in range(n):
                var held = sequences.audio[dtype](i, layer, head)
                var largest = held.score(query.unsafe_offset(i * state + at), scores)
                sequences.keep(i, Int(slots[unsafe_offset=head]), scores)
                var sum = exponentiate(scores, largest, held.length)
                held.weigh(scores, 1 / sum, output.unsafe_offset(i * state + at))
        scores.unsafe_free()

    sync_parallelize(work, tasks)
