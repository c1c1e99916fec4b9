"""Tiles: the instruction set that makes them, their height, and their way to the output."""

from std.sys.info import CompilationTarget

from ..floats import Floats
from ..linear.panels import PANEL, WIDTH
from ..linear.tile import Epilogue
from .dots import dots_avx2, dots_vnni
from .layout import Groups, Weights

comptime VNNI = 1
"""Instruction sets as sotto/kernels/processor.py numbers them; 0 is AVX2."""
comptime TALL = 12
"""24 sums of 512 bits leave room in 32 registers."""
comptime SHORT = 4


def tile_height(instructions: Int, left: Int) -> Int:
    """Return the height of the next tile where `left` rows are left."""
    if instructions == VNNI and left >= TALL:
        return TALL
    return SHORT if left >= SHORT else 1


def dots(instructions: Int, height: Int, packed: Groups, panel: Weights, n_in: Int, sums: Groups):
    """Write the sums (height, PANEL) of packed rows times a panel."""
    comptime if CompilationTarget.has_vnni():
        if instructions == VNNI:
            if height == TALL:
                return dots_vnni[TALL](packed, panel, n_in, sums)
            if height == SHORT:
                return dots_vnni[SHORT](packed, panel, n_in, sums)
            return dots_vnni[1](packed, panel, n_in, sums)
    if height == SHORT:
        return dots_avx2[SHORT](packed, panel, n_in, sums)
    dots_avx2[1](packed, panel, n_in, sums)


@fieldwise_init
struct Scaling(TrivialRegisterPassable):
    """What turns a column's integer sums into floats."""

    var scales: Floats
    var corrections: Groups

    def store(
        self,
        sums: Groups,
        height: Int,
        row_scales: Floats,
        row: Int,
        column: Int,
        epilogue: Epilogue,
    ):
        """Scale sums (height, PANEL) and hand them on; the first belongs to (row, column)."""
        var strip = epilogue.strip(column)
        comptime for v in range(0, PANEL, WIDTH):
            var scale = self.scales.unsafe_load[width=WIDTH](column + v)
            var correction = self.corrections.unsafe_load[width=WIDTH](column + v)
            for r in range(height):
                var sum = sums.unsafe_load[width=WIDTH](r * PANEL + v) - correction
                var value = sum.cast[DType.float32]() * (scale * row_scales[unsafe_offset=r])
                epilogue.store(value, row + r, strip, v)
