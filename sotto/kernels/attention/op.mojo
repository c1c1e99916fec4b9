"""The three ops, registered; each picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from ..threads import at_most
from .decoder import cached_self_attention, cross_attention
from .encoder import Window, attend
from .sequences import Layer, Sequences, Table


@extensibility.register("sotto_self_attention")
struct SelfAttention:
    """Attention of rows to all of their window; their keys and values enter it in place."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        qkv: InputTensor[dtype=DType.float32, rank=2, ...],
        window: InputTensor[dtype=DType.int64, rank=1, ...],
        layer: Int64,
        instructions: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend; shapes: qkv (n_rows, 3 * state), query scaled; output (n_rows, state).

        `window` (6,) is what encoder.mojo lists. `instructions`: as for `sotto_quantised_linear`,
        or -1 for floats.
        """
        comptime assert is_cpu[target](), "sotto_self_attention has no GPU code"
        var place = Window(table(window.unsafe_ptr()), Int(layer))
        var heads = place.heads(
            floats(qkv.unsafe_ptr()),
            floats(output.unsafe_ptr()),
            output.dim_size(0),
            output.dim_size(1),
        )
        attend(Int(instructions), heads, at_most(threads))


@extensibility.register("sotto_cached_self_attention")
struct CachedSelfAttention:
    """Causal self attention of new tokens; their keys and values enter their caches in place."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        qkv: InputTensor[dtype=DType.float32, rank=2, ...],
        places: InputTensor[dtype=DType.int64, rank=2, ...],
        sequences: InputTensor[dtype=DType.int64, rank=2, ...],
        layer: Int64,
        n_text_ctx: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend from each token to those before it in its sequence and itself.

        Shapes: qkv (n, 3 * state), query scaled; places (n, 2) and sequences (s, COLUMNS) as in
        sequences.mojo, a sequence's tokens in the order of their positions; output (n, state).
        """
        comptime assert is_cpu[target](), "sotto_cached_self_attention has no GPU code"
        cached_self_attention(
            floats(qkv.unsafe_ptr()),
            Sequences(table(sequences.unsafe_ptr()), table(places.unsafe_ptr())),
            Layer(Int(layer), Int(n_text_ctx), output.dim_size(1)),
            floats(output.unsafe_ptr()),
            output.dim_size(0),
            at_most(threads),
        )


@extensibility.register("sotto_cross_attention")
struct CrossAttention:
    """Attention of tokens to the encoded audio, which can also tell where each one looks."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        query: InputTensor[dtype=DType.float32, rank=2, ...],
        places: InputTensor[dtype=DType.int64, rank=2, ...],
        sequences: InputTensor[dtype=DType.int64, rank=2, ...],
        layer: Int64,
        slots: InputTensor[dtype=DType.int32, rank=2, ...],
        halves: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Attend from each query to all of its sequence's audio.

        Shapes: query (n, state), scaled; places and sequences as for
        `sotto_cached_self_attention`, the audio float16 if `halves` is not 0, else float32; slots
        (n_layer, n_head): where a head's scores before softmax are kept among those of a
        sequence, or -1; output (n, state).
        """
        comptime assert is_cpu[target](), "sotto_cross_attention has no GPU code"
        var of_layer = slots.unsafe_ptr().unsafe_offset(Int(layer) * slots.dim_size(1))
        var attend = cross_attention[DType.float16] if halves != 0 else cross_attention[
            DType.float32
        ]
        attend(
            floats(query.unsafe_ptr()),
            Sequences(table(sequences.unsafe_ptr()), table(places.unsafe_ptr())),
            Layer(Int(layer), 0, output.dim_size(1)),
            of_layer.unsafe_origin_cast[MutUntrackedOrigin](),
            floats(output.unsafe_ptr()),
            output.dim_size(0),
            at_most(threads),
        )


def table(pointer: Pointer[Int64, MutAnyOrigin]) -> Table:
    """Return what a tensor's `unsafe_ptr()` points to."""
    return pointer.unsafe_origin_cast[MutUntrackedOrigin]()
