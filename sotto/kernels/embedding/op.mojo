"""The op, registered; it picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..linear.panels import PANEL


@extensibility.register("sotto_embedding")
struct Embedding:
    """Embeddings of tokens, read from the panels that also yield the logits, plus positions."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        tokens: InputTensor[dtype=DType.int64, rank=1, ...],
        panels: InputTensor[dtype=DType.float32, rank=3, ...],
        positions: InputTensor[dtype=DType.float32, rank=2, ...],
        places: InputTensor[dtype=DType.int64, rank=2, ...],
        ctx: DeviceContext,
    ) raises:
        """Write the embedding of each token plus that of its position.

        Shapes: output (n, state); tokens (n,); places (n, 2), the second entry a
        token's position; panels of the
        vocabulary as in linear/panels.mojo; positions (n_text_ctx, state).
        """
        comptime assert is_cpu[target](), "sotto_embedding has no GPU code"
        var state = output.dim_size(1)
        var to = output.unsafe_ptr()
        var vocabulary = panels.unsafe_ptr()
        var at = positions.unsafe_ptr()
        for i in range(output.dim_size(0)):
            var position = Int(places.unsafe_ptr()[unsafe_offset=2 * i + 1])
            var panel, lane = divmod(Int(tokens.unsafe_ptr()[unsafe_offset=i]), PANEL)
            for k in range(state):
                to[unsafe_offset=i * state + k] = (
                    vocabulary[unsafe_offset=(panel * state + k) * PANEL + lane]
                    + at[unsafe_offset=position * state + k]
                )
