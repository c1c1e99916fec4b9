"""The three ops, registered; each picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from extensibility import _MutableInputTensor as MutableInputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from ..threads import at_most
from .block import Heads
from .decoder import Cache, Trace, cached_self_attention, cross_attention
from .encoder import attend


@extensibility.register("sotto_self_attention")
struct SelfAttention:
    """Attention of every row to every row."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        qkv: InputTensor[dtype=DType.float32, rank=2, ...],
        instructions: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend; shapes: qkv (n_ctx, 3 * state), query scaled; output (n_ctx, state).

        `instructions`: as for `sotto_quantised_linear`, or -1 for floats.
        """
        comptime assert is_cpu[target](), "sotto_self_attention has no GPU code"
        var heads = Heads(
            qkv=floats(qkv.unsafe_ptr()),
            output=floats(output.unsafe_ptr()),
            n_ctx=output.dim_size(0),
            state=output.dim_size(1),
        )
        attend(Int(instructions), heads, at_most(threads))


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
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend from the tokens at `position` and after to all before them and themselves.

        Shapes: qkv (n, 3 * state), query scaled; keys and values (n_layer, n_text_ctx, state);
        output (n, state).
        """
        comptime assert is_cpu[target](), "sotto_cached_self_attention has no GPU code"
        var state = output.dim_size(1)
        var offset = Int(layer) * keys.dim_size(1) * state
        var cache = Cache(
            keys=floats(keys.unsafe_ptr()).unsafe_offset(offset),
            values=floats(values.unsafe_ptr()).unsafe_offset(offset),
            length=Int(position),
        )
        var rows = output.dim_size(0)
        cached_self_attention(
            floats(qkv.unsafe_ptr()),
            cache,
            floats(output.unsafe_ptr()),
            rows,
            state,
            at_most(threads),
        )


@extensibility.register("sotto_cross_attention")
struct CrossAttention:
    """Attention of tokens to the encoded audio, which can also tell where each one looks."""

    @staticmethod
    def execute[
        dtype: DType,
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        query: InputTensor[dtype=DType.float32, rank=2, ...],
        audio: InputTensor[dtype=dtype, rank=3, ...],
        layer: Int64,
        slots: InputTensor[dtype=DType.int32, rank=2, ...],
        kept: MutableInputTensor[dtype=DType.float32, rank=3, ...],
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend from each query to all of the audio.

        Shapes: query (n, state), scaled; audio (2 * n_layer, n_ctx, state), a layer's keys and
        then its values, float32 or float16; output (n, state). Where slots (n_layer, n_head) holds a row of kept
        (n_kept, n, n_ctx) and not -1, that head's scores before softmax are written there.
        """
        comptime assert is_cpu[target](), "sotto_cross_attention has no GPU code"
        var state = output.dim_size(1)
        var n_ctx = audio.dim_size(1)
        var first = slots.unsafe_ptr().unsafe_offset(Int(layer) * slots.dim_size(1))
        var heard = audio.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin]()
        cross_attention[dtype](
            floats(query.unsafe_ptr()),
            heard.unsafe_offset(2 * Int(layer) * n_ctx * state),
            n_ctx,
            Trace(
                slots=first.unsafe_origin_cast[MutUntrackedOrigin](),
                kept=floats(kept.unsafe_ptr()),
            ),
            floats(output.unsafe_ptr()),
            output.dim_size(0),
            state,
            at_most(threads),
        )
