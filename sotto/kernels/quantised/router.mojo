"""The ops, registered; each picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from ..linear.cpu import Rows
from ..linear.panels import PANEL
from ..linear.tile import Epilogue
from .cpu import quantised_linear
from .layout import GROUP
from .tile import Scaling


@extensibility.register("sotto_quantised_linear")
struct QuantisedLinear:
    """`sotto_linear` with byte weights; rows are made bytes on the way in."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        x: InputTensor[dtype=DType.float32, rank=2, ...],
        panels: InputTensor[dtype=DType.int8, rank=4, ...],
        scales: InputTensor[dtype=DType.float32, rank=1, ...],
        corrections: InputTensor[dtype=DType.int32, rank=1, ...],
        bias: InputTensor[dtype=DType.float32, rank=1, ...],
        addend: InputTensor[dtype=DType.float32, rank=2, ...],
        step: Int64,
        planes: Int64,
        gelu: Int64,
        instructions: Int64,
        ctx: DeviceContext,
    ) raises:
        """Compute addend + gelu(x * panels + bias) as `sotto_linear` does.

        Shapes: as there, but panels as in layout.mojo, n_in a multiple of 16; scales and
        corrections padded to whole panels as bias is. `instructions`: 0 AVX2, 1 AVX-512 VNNI.
        """
        comptime assert is_cpu[target](), "sotto_quantised_linear has no GPU code"
        var width = x.dim_size(1)
        var n_in = panels.dim_size(1) * GROUP
        var n_rows = output.dim_size(0) // Int(planes)
        var rows = Rows(
            data=floats(x.unsafe_ptr()),
            size=x.dim_size(0) * width,
            n_rows=n_rows,
            n_in=n_in,
            step=Int(step) * width,
            padding=(n_in - width) // 2,
        )
        var scaling = Scaling(
            floats(scales.unsafe_ptr()),
            corrections.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin](),
        )
        var epilogue = Epilogue(
            output=floats(output.unsafe_ptr()),
            n_out=output.dim_size(1) * Int(planes),
            width=output.dim_size(1),
            plane=n_rows * output.dim_size(1),
            bias=floats(bias.unsafe_ptr()),
            gelu=gelu != 0,
            add=addend.dim_size(0) > 0,
            addend=floats(addend.unsafe_ptr()),
        )
        var weights = panels.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin]()
        quantised_linear(Int(instructions), rows, weights, scaling, epilogue)


@extensibility.register("sotto_quantised_embedding")
struct QuantisedEmbedding:
    """`sotto_embedding` from byte panels."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        tokens: InputTensor[dtype=DType.int64, rank=1, ...],
        panels: InputTensor[dtype=DType.int8, rank=4, ...],
        scales: InputTensor[dtype=DType.float32, rank=1, ...],
        positions: InputTensor[dtype=DType.float32, rank=2, ...],
        position: Int64,
        ctx: DeviceContext,
    ) raises:
        """Write the embedding of each token plus that of its position.

        Shapes: output (n, state); tokens (n,), the first at `position`; panels and scales of
        the vocabulary; positions (n_text_ctx, state).
        """
        comptime assert is_cpu[target](), "sotto_quantised_embedding has no GPU code"
        var state = output.dim_size(1)
        var to = output.unsafe_ptr()
        var vocabulary = panels.unsafe_ptr()
        var at = positions.unsafe_ptr().unsafe_offset(Int(position) * state)
        for i in range(output.dim_size(0)):
            var token = Int(tokens.unsafe_ptr()[unsafe_offset=i])
            var panel, lane = divmod(token, PANEL)
            var scale = scales.unsafe_ptr()[unsafe_offset=token]
            for k in range(state):
                var group, byte = divmod(k, GROUP)
                var entry = ((panel * (state // GROUP) + group) * PANEL + lane) * GROUP + byte
                to[unsafe_offset=i * state + k] = (
                    vocabulary[unsafe_offset=entry].cast[DType.float32]() * scale
                    + at[unsafe_offset=i * state + k]
                )
