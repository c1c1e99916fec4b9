"""The op, registered; it picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from .cpu import Scores, find_looks
from .warp import find_starts

comptime N_POSITIONS = 0
"""Positions of the audio that hold sound, at least one; the rest is padding."""
comptime FIRST = 1
"""The first token to be timed."""
comptime END = 2
"""The one after the last token to be timed."""


@extensibility.register("sotto_alignment")
struct Alignment:
    """Where in the audio tokens begin, by the attention of all heads together."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        starts: OutputTensor[dtype=DType.int32, rank=1, ...],
        looks: OutputTensor[dtype=DType.float32, rank=2, ...],
        scores: InputTensor[dtype=DType.float32, rank=3, ...],
        extent: InputTensor[dtype=DType.int64, rank=1, ...],
        ctx: DeviceContext,
    ) raises:
        """Fill starts (n_tokens,), and looks (n_tokens, n_ctx), from which they are found.

        Shapes: scores (n_heads, n_tokens, n_ctx), before softmax; extent (3,), as listed above.
        What is not timed starts at 0, and nobody looks at what is padding.
        """
        comptime assert is_cpu[target](), "sotto_alignment has no GPU code"
        var entries = extent.unsafe_ptr()
        var given = Scores(
            floats(scores.unsafe_ptr()),
            scores.dim_size(0),
            scores.dim_size(1),
            scores.dim_size(2),
            Int(entries[unsafe_offset=N_POSITIONS]),
        )
        var first = Int(entries[unsafe_offset=FIRST])
        var end = Int(entries[unsafe_offset=END])
        if not 0 < given.n_positions <= given.n_ctx or not 0 <= first < end <= given.n_tokens:
            raise Error("alignment: positions or tokens that there are not")
        var all = floats(looks.unsafe_ptr())
        find_looks(given, all)
        var begins = starts.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin]()
        for token in range(given.n_tokens):
            begins[unsafe_offset=token] = 0
        find_starts(
            all.unsafe_offset(first * given.n_ctx),
            end - first,
            given.n_positions,
            given.n_ctx,
            begins.unsafe_offset(first),
        )
