"""The op, registered; it picks the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from ..floats import floats
from ..threads import at_most
from .cpu import Selection, layer_norm


@extensibility.register("sotto_layer_norm")
struct LayerNorm:
    """Layer normalisation of rows."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        x: InputTensor[dtype=DType.float32, rank=2, ...],
        gain: InputTensor[dtype=DType.float32, rank=1, ...],
        bias: InputTensor[dtype=DType.float32, rank=1, ...],
        rows: InputTensor[dtype=DType.int64, rank=1, ...],
        threads: Int64,
        ctx: DeviceContext,
    ) raises:
        """Normalise the given rows of x (n, width), width a multiple of 16.

        Shapes: output (n_rows, width); rows (n_rows,), or empty for all of x.
        """
        comptime assert is_cpu[target](), "sotto_layer_norm has no GPU code"
        layer_norm(
            floats(x.unsafe_ptr()),
            floats(gain.unsafe_ptr()),
            floats(bias.unsafe_ptr()),
            floats(output.unsafe_ptr()),
            Selection(rows.unsafe_ptr().unsafe_origin_cast[MutUntrackedOrigin](), rows.dim_size(0)),
            output.dim_size(0),
            output.dim_size(1),
            at_most(threads),
        )
