"""The op, registered; it picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from ..threads import at_most
from .cpu import Rows, linear
from .tile import Epilogue


@extensibility.register("sotto_linear")
struct Linear:
    """A product with weight panels, or a convolution over rows, which is one too."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        x: InputTensor[dtype=DType.float32, rank=2, ...],
        panels: InputTensor[dtype=DType.float32, rank=3, ...],
        bias: InputTensor[dtype=DType.float32, rank=1, ...],
        addend: InputTensor[dtype=DType.float32, rank=2, ...],
        step: Int64,
        planes: Int64,
        gelu: Int64,
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Compute addend + gelu(x * panels + bias), with GELU where `gelu` is not 0.

        Shapes: output (planes * n_rows, n_out / planes), the columns of each plane below those
        of the plane before, planes being whole panels unless there is one; x (.., width); panels
        as in panels.mojo, n_in a multiple of width; bias padded to whole panels; addend as the
        output, perhaps longer, or without rows for none. With n_in = 3 * width, output row i
        sees the rows i * step - 1 to i * step + 1.
        """
        comptime assert is_cpu[target](), "sotto_linear has no GPU code"
        var width = x.dim_size(1)
        var n_in = panels.dim_size(1)
        var n_rows = output.dim_size(0) // Int(planes)
        var rows = Rows(
            data=floats(x.unsafe_ptr()),
            size=x.dim_size(0) * width,
            n_rows=n_rows,
            n_in=n_in,
            step=Int(step) * width,
            padding=(n_in - width) // 2,
        )
        var epilogue = Epilogue(
            output=floats(output.unsafe_ptr()),
            halves=False,
            n_out=output.dim_size(1) * Int(planes),
            width=output.dim_size(1),
            plane=n_rows * output.dim_size(1),
            bias=floats(bias.unsafe_ptr()),
            gelu=gelu != 0,
            add=addend.dim_size(0) > 0,
            addend=floats(addend.unsafe_ptr()),
        )
        linear(rows, floats(panels.unsafe_ptr()), epilogue, at_most(threads))
