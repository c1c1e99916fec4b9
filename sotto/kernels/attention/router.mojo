"""The two ops, registered; each picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from extensibility import _MutableInputTensor as MutableInputTensor
from max.algorithm import sync_parallelize
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu
from std.math import ceildiv
from std.memory.alloc import unsafe_alloc
from std.runtime import parallelism_level

from .block import Heads, self_attention
from .row import HEAD, exponentiate, score_row, weigh_values

comptime SERIAL_WORK = 1 << 17
"""Multiply-adds below which one thread is faster than waking another (about 20 us)."""


def task_count(heads: Int, work: Int) -> Int:
    """Return the number of threads worth waking for `work` multiply-adds."""
    if work < SERIAL_WORK:
        return 1
    return min(heads, parallelism_level())


@extensibility.register("sotto_self_attention")
struct SelfAttention:
    """Attention of every row to every row."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        qkv: InputTensor[dtype=DType.float32, rank=2, ...],
        ctx: DeviceContext,
    ) raises:
        """Attend; shapes: qkv (n_ctx, 3 * state), query scaled; output (n_ctx, state)."""
        comptime assert is_cpu[target](), "attention has no GPU code yet"
        self_attention(
            Heads(
                qkv.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin](),
                output.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin](),
                output.dim_size(0),
                output.dim_size(1),
            )
        )


@extensibility.register("sotto_cached_self_attention")
struct CachedSelfAttention:
    """Causal self attention of new tokens; their keys and values enter the cache in place."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        qkv: InputTensor[dtype=DType.float32, rank=2, ...],
        keys: MutableInputTensor[dtype=DType.float32, rank=3, ...],
        values: MutableInputTensor[dtype=DType.float32, rank=3, ...],
        position: Int64,
        layer: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend from tokens `position`.. to all before them and themselves.

        Shapes: qkv (n, 3 * state), query scaled; keys and values (n_layer, n_text_ctx, state);
        output (n, state).
        """
        comptime assert is_cpu[target](), "attention has no GPU code yet"
        var n = output.dim_size(0)
        var state = output.dim_size(1)
        var capacity = keys.dim_size(1)
        var heads = state // HEAD
        var first = Int(position)
        var offset = Int(layer) * capacity * state
        var new = qkv.unsafe_ptr()
        var out = output.unsafe_ptr()
        var k = keys.unsafe_ptr().unsafe_offset(offset)
        var v = values.unsafe_ptr().unsafe_offset(offset)
        var tasks = task_count(heads, 2 * n * (first + n) * state)
        var share = ceildiv(heads, tasks)

        def attend(task: Int) {imm}:
            var scores = unsafe_alloc[Float32](first + n)
            for head in range(task * share, min(heads, (task + 1) * share)):
                var at = head * HEAD
                for i in range(n):
                    var row = new.unsafe_offset(i * 3 * state + at)
                    for c in range(HEAD):
                        k[unsafe_offset=(first + i) * state + at + c] = row[
                            unsafe_offset=state + c
                        ]
                        v[unsafe_offset=(first + i) * state + at + c] = row[
                            unsafe_offset=2 * state + c
                        ]
                    var length = first + i + 1
                    var largest = score_row(row, k.unsafe_offset(at), scores, length, state)
                    var sum = exponentiate(scores, largest, length)
                    weigh_values(
                        scores,
                        v.unsafe_offset(at),
                        out.unsafe_offset(i * state + at),
                        1 / sum,
                        length,
                        state,
                    )
            scores.unsafe_free()

        sync_parallelize(attend, tasks)


@extensibility.register("sotto_cross_attention")
struct CrossAttention:
    """Attention of tokens to the encoded audio, which can also tell where each one looks."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        query: InputTensor[dtype=DType.float32, rank=2, ...],
        audio: InputTensor[dtype=DType.float32, rank=3, ...],
        layer: Int64,
        slots: InputTensor[dtype=DType.int32, rank=2, ...],
        kept: MutableInputTensor[dtype=DType.float32, rank=3, ...],
        ctx: DeviceContext,
    ) raises:
        """Attend from each query to all of the audio.

        Shapes: query (n, state), scaled; audio (2 * n_layer, n_ctx, state), a layer's keys and
        then its values; output (n, state). Where slots (n_layer, n_head) holds a row of kept
        (n_kept, n, n_ctx) and not -1, that head's scores before softmax are written there.
        """
        comptime assert is_cpu[target](), "attention has no GPU code yet"
        var n = output.dim_size(0)
        var state = output.dim_size(1)
        var length = audio.dim_size(1)
        var heads = state // HEAD
        var l = Int(layer)
        var q = query.unsafe_ptr()
        var out = output.unsafe_ptr()
        var k = audio.unsafe_ptr().unsafe_offset(2 * l * length * state)
        var v = k.unsafe_offset(length * state)
        var slot = slots.unsafe_ptr().unsafe_offset(l * heads)
        var traces = kept.unsafe_ptr()
        var tasks = task_count(heads, 2 * n * length * state)
        var share = ceildiv(heads, tasks)

        def attend(task: Int) {imm}:
            var scores = unsafe_alloc[Float32](length)
            for head in range(task * share, min(heads, (task + 1) * share)):
                var at = head * HEAD
                var trace = Int(slot[unsafe_offset=head])
                for i in range(n):
                    var row = q.unsafe_offset(i * state + at)
                    var largest = score_row(row, k.unsafe_offset(at), scores, length, state)
                    if trace >= 0:
                        var to = traces.unsafe_offset((trace * n + i) * length)
                        for j in range(length):
                            to[unsafe_offset=j] = scores[unsafe_offset=j]
                    var sum = exponentiate(scores, largest, length)
                    weigh_values(
                        scores,
                        v.unsafe_offset(at),
                        out.unsafe_offset(i * state + at),
                        1 / sum,
                        length,
                        state,
                    )
            scores.unsafe_free()

        sync_parallelize(attend, tasks)
