"""The ops, registered; each picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from ..linear.cpu import Rows
from ..linear.panels import PANEL
from ..linear.tile import Epilogue
from ..threads import at_most
from .cpu import Matrix, Perceptron, quantised_linear, quantised_mlp
from .layout import GROUP, integers, weights
from .rows import Norm
from .tile import Scaling


@extensibility.register("sotto_quantised_linear")
struct QuantisedLinear:
    """`sotto_linear` with byte weights; rows are made bytes on the way in."""

    @staticmethod
    def execute[
        dtype: DType,
        target: StaticString,
    ](
        output: OutputTensor[dtype=dtype, rank=2, ...],
        x: InputTensor[dtype=DType.float32, rank=2, ...],
        gain: InputTensor[dtype=DType.float32, rank=1, ...],
        norm_bias: InputTensor[dtype=DType.float32, rank=1, ...],
        panels: InputTensor[dtype=DType.int8, rank=4, ...],
        scales: InputTensor[dtype=DType.float32, rank=1, ...],
        corrections: InputTensor[dtype=DType.int32, rank=1, ...],
        bias: InputTensor[dtype=DType.float32, rank=1, ...],
        addend: InputTensor[dtype=DType.float32, rank=2, ...],
        step: Int64,
        planes: Int64,
        gelu: Int64,
        instructions: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Compute addend + gelu(norm(x) * panels + bias) as `sotto_linear` does.

        Shapes: as there, but panels as in layout.mojo, n_in a multiple of 16; scales and
        corrections padded to whole panels as bias is; gain and bias of a layer normalisation of
        the rows, (n_in,), or empty for none; output float32, or float16 if n_out is whole panels.
        `instructions`: as ../x86/features.mojo numbers them.
        """
        comptime assert is_cpu[target](), "sotto_quantised_linear has no GPU code"
        var width = x.dim_size(1)
        var n_in = panels.dim_size(1) * GROUP
        var n_rows = output.dim_size(0) // Int(planes)
        var n_out = output.dim_size(1) * Int(planes)
        var rows = Rows(
            data=floats(x.unsafe_ptr()),
            size=x.dim_size(0) * width,
            n_rows=n_rows,
            n_in=n_in,
            step=Int(step) * width,
            padding=(n_in - width) // 2,
        )
        var epilogue = Epilogue(
            output=floats(output.unsafe_ptr().unsafe_bitcast[Float32]()),
            halves=dtype == DType.float16,
            n_out=n_out,
            width=output.dim_size(1),
            plane=n_rows * output.dim_size(1),
            bias=floats(bias.unsafe_ptr()),
            gelu=gelu != 0,
            add=addend.dim_size(0) > 0,
            addend=floats(addend.unsafe_ptr()),
        )
        var norm = Norm(
            gain.dim_size(0) > 0, floats(gain.unsafe_ptr()), floats(norm_bias.unsafe_ptr())
        )
        var matrix = Matrix(
            weights(panels.unsafe_ptr()),
            Scaling(floats(scales.unsafe_ptr()), integers(corrections.unsafe_ptr())),
            n_in,
            n_out,
        )
        quantised_linear(Int(instructions), rows, norm, matrix, epilogue, at_most(threads))


@extensibility.register("sotto_quantised_mlp")
struct QuantisedMlp:
    """The two-layer perceptron of a block, with its layer normalisation and the sum after it."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        x: InputTensor[dtype=DType.float32, rank=2, ...],
        gain: InputTensor[dtype=DType.float32, rank=1, ...],
        norm_bias: InputTensor[dtype=DType.float32, rank=1, ...],
        up_panels: InputTensor[dtype=DType.int8, rank=4, ...],
        up_scales: InputTensor[dtype=DType.float32, rank=1, ...],
        up_corrections: InputTensor[dtype=DType.int32, rank=1, ...],
        up_bias: InputTensor[dtype=DType.float32, rank=1, ...],
        down_panels: InputTensor[dtype=DType.int8, rank=4, ...],
        down_scales: InputTensor[dtype=DType.float32, rank=1, ...],
        down_corrections: InputTensor[dtype=DType.int32, rank=1, ...],
        down_bias: InputTensor[dtype=DType.float32, rank=1, ...],
        instructions: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Compute x + down(gelu(up(norm(x)))).

        Shapes: output and x (n_rows, state); gain and norm_bias (state,); the matrices as for
        `sotto_quantised_linear`, the first one's outputs whole panels.
        """
        comptime assert is_cpu[target](), "sotto_quantised_mlp has no GPU code"
        var state = x.dim_size(1)
        var n_hidden = down_panels.dim_size(1) * GROUP
        var rows = Rows(
            data=floats(x.unsafe_ptr()),
            size=x.dim_size(0) * state,
            n_rows=x.dim_size(0),
            n_in=state,
            step=state,
            padding=0,
        )
        var up = Matrix(
            weights(up_panels.unsafe_ptr()),
            Scaling(floats(up_scales.unsafe_ptr()), integers(up_corrections.unsafe_ptr())),
            state,
            n_hidden,
        )
        var down = Matrix(
            weights(down_panels.unsafe_ptr()),
            Scaling(floats(down_scales.unsafe_ptr()), integers(down_corrections.unsafe_ptr())),
            n_hidden,
            state,
        )
        var epilogue = Epilogue(
            output=floats(output.unsafe_ptr()),
            halves=False,
            n_out=state,
            width=state,
            plane=0,
            bias=floats(down_bias.unsafe_ptr()),
            gelu=False,
            add=True,
            addend=floats(x.unsafe_ptr()),
        )
        var norm = Norm(True, floats(gain.unsafe_ptr()), floats(norm_bias.unsafe_ptr()))
        var layers = Perceptron(up, floats(up_bias.unsafe_ptr()), down)
        quantised_mlp(Int(instructions), rows, norm, layers, epilogue, at_most(threads))


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
        inputs: InputTensor[dtype=DType.float32, rank=1, ...],
        positions: InputTensor[dtype=DType.float32, rank=2, ...],
        places: InputTensor[dtype=DType.int64, rank=2, ...],
        ctx: DeviceContext,
    ) raises:
        """Write the embedding of each token plus that of its position.

        Shapes: output (n, state); tokens (n,); places (n, 2), the second entry a
        token's position; panels and scales of
        the vocabulary; inputs (state,), what an input's weights are multiplied by; positions
        (n_text_ctx, state).
        """
        comptime assert is_cpu[target](), "sotto_quantised_embedding has no GPU code"
        var state = output.dim_size(1)
        var to = output.unsafe_ptr()
        var vocabulary = panels.unsafe_ptr()
        var factors = inputs.unsafe_ptr()
        var at = positions.unsafe_ptr()
        for i in range(output.dim_size(0)):
            var token = Int(tokens.unsafe_ptr()[unsafe_offset=i])
            var position = Int(places.unsafe_ptr()[unsafe_offset=2 * i + 1])
            var panel, lane = divmod(token, PANEL)
            var scale = scales.unsafe_ptr()[unsafe_offset=token]
            for k in range(state):
                var group, byte = divmod(k, GROUP)
                var entry = ((panel * (state // GROUP) + group) * PANEL + lane) * GROUP + byte
                to[unsafe_offset=i * state + k] = (
                    vocabulary[unsafe_offset=entry].cast[DType.float32]()
                    * scale
                    * factors[unsafe_offset=k]
                    + at[unsafe_offset=position * state + k]
                )
