"""The decoder's two attentions on the CPU, heads shared among the threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv

from ..floats import Floats, allocate
from .row import HEAD_DIM, Head, Numbers, exponentiate

comptime SERIAL_WORK = 1 << 20
"""Multiply-adds below which one thread does as well as two: about 40 us."""


def task_count(heads: Int, work: Int, threads: Int) -> Int:
    """Return the number of threads worth waking for `work` multiply-adds."""
    return 1 if work < SERIAL_WORK else min(heads, threads)


@fieldwise_init
struct Cache(TrivialRegisterPassable):
    """Keys and values of one layer, (n_text_ctx, state), of which `length` are there."""

    var keys: Floats
    var values: Floats
    var length: Int

    @always_inline
    def append(self, qkv: Floats, index: Int, at: Int, state: Int):
        """Copy the key and value at column `at` of a row of qkv behind those of `index` others."""
        var to = (self.length + index) * state + at
        for c in range(HEAD_DIM):
            self.keys[unsafe_offset=to + c] = qkv[unsafe_offset=state + at + c]
            self.values[unsafe_offset=to + c] = qkv[unsafe_offset=2 * state + at + c]


@no_inline
def cached_self_attention(
    qkv: Floats, cache: Cache, output: Floats, n: Int, state: Int, threads: Int
):
    """Append the keys and values of n rows of qkv to the cache, and attend causally."""
    var heads = state // HEAD_DIM
    var tasks = task_count(heads, 2 * n * (cache.length + n) * state, threads)
    var share = ceildiv(heads, tasks)

    def work(task: Int) {imm}:
        var scores = allocate(cache.length + n)
        for head in range(task * share, min(heads, (task + 1) * share)):
            var at = head * HEAD_DIM
            for i in range(n):
                var row = qkv.unsafe_offset(i * 3 * state)
                cache.append(row, i, at, state)
                var held = Head[DType.float32](
                    keys=cache.keys.unsafe_offset(at),
                    values=cache.values.unsafe_offset(at),
                    length=cache.length + i + 1,
                    stride=state,
                )
                var largest = held.score(row.unsafe_offset(at), scores)
                var sum = exponentiate(scores, largest, held.length)
                held.weigh(scores, 1 / sum, output.unsafe_offset(i * state + at))
        scores.unsafe_free()

    sync_parallelize(work, tasks)


@fieldwise_init
struct Trace(TrivialRegisterPassable):
    """Where scores before softmax are kept: for each head a matrix (n, n_ctx) of `kept`, or -1."""

    var slots: Pointer[Int32, MutUntrackedOrigin]
    var kept: Floats

    @always_inline
    def keep(self, head: Int, i: Int, n: Int, scores: Floats, length: Int):
        """Copy the scores of token i of n, if those of the head are wanted."""
        var slot = Int(self.slots[unsafe_offset=head])
        if slot < 0:
            return
        var to = self.kept.unsafe_offset((slot * n + i) * length)
        for j in range(length):
            to[unsafe_offset=j] = scores[unsafe_offset=j]


@no_inline
def cross_attention[
    dtype: DType
](
    query: Floats,
    audio: Numbers[dtype],
    n_ctx: Int,
    trace: Trace,
    output: Floats,
    n: Int,
    state: Int,
    threads: Int,
):
    """Attend from n rows of queries to keys (n_ctx, state), behind which the values lie."""
    var heads = state // HEAD_DIM
    var tasks = task_count(heads, 2 * n * n_ctx * state, threads)
    var share = ceildiv(heads, tasks)

    def work(task: Int) {imm}:
        var scores = allocate(n_ctx)
        for head in range(task * share, min(heads, (task + 1) * share)):
            var at = head * HEAD_DIM
            var held = Head[dtype](
                keys=audio.unsafe_offset(at),
                values=audio.unsafe_offset(n_ctx * state + at),
                length=n_ctx,
                stride=state,
            )
            for i in range(n):
                var largest = held.score(query.unsafe_offset(i * state + at), scores)
                trace.keep(head, i, n, scores, n_ctx)
                var sum = exponentiate(scores, largest, n_ctx)
                held.weigh(scores, 1 / sum, output.unsafe_offset(i * state + at))
        scores.unsafe_free()

    sync_parallelize(work, tasks)
