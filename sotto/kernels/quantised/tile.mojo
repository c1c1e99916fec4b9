"""Tiles: the instruction set that makes them, their height, and their way to the output."""

from ..floats import Floats
from ..linear.panels import PANEL, WIDTH
from ..linear.tile import NEAR, NONE, Epilogue
from ..x86.features import AMX, AVX2, AVX_VNNI, COMPILES_AVX_VNNI, COMPILES_VNNI, VNNI
from ..x86.amx import TILE, Processor, configure, dots_amx, permitted
from ..x86.dots import dots_avx2, dots_avx_vnni, dots_vnni
from .layout import Groups, Weights

comptime TALL = 12
"""24 sums of 512 bits leave room in 32 registers."""
comptime SHORT = 4


def granted(instructions: Int) -> Int:
    """Return what is to be used in place of an instruction set that this process may not use."""
    comptime if COMPILES_VNNI:
        return VNNI if instructions == AMX and not permitted() else instructions
    comptime if COMPILES_AVX_VNNI:
        return min(instructions, AVX_VNNI)
    return AVX2


def tallest(instructions: Int) -> Int:
    """Return the largest height of tiles."""
    return 2 * TILE if instructions == AMX else TALL


def tile_height(instructions: Int, left: Int) -> Int:
    """Return the height of the next tile where `left` rows are left."""
    if instructions == AMX and left >= TILE:
        return 2 * TILE if left >= 2 * TILE else TILE
    if instructions >= VNNI and left >= TALL:
        return TALL
    return SHORT if left >= SHORT else 1


def begin(instructions: Int, n_in: Int):
    """Make this thread ready for `dots` of `n_in` inputs."""
    comptime if COMPILES_VNNI:
        if instructions == AMX:
            var tiles = Processor()
            configure(tiles, n_in)


def end(instructions: Int):
    """Leave this thread as it was before `begin`."""
    comptime if COMPILES_VNNI:
        if instructions == AMX:
            var tiles = Processor()
            tiles.release()


def dots(instructions: Int, height: Int, packed: Groups, panel: Weights, n_in: Int, sums: Groups):
    """Write the sums (height, PANEL) of packed rows times a panel, between `begin` and `end`."""
    comptime if COMPILES_VNNI:
        if instructions >= VNNI:
            if height == 2 * TILE:
                var tiles = Processor()
                return dots_amx[2](tiles, packed, panel, n_in, sums)
            if height == TILE:
                var tiles = Processor()
                return dots_amx[1](tiles, packed, panel, n_in, sums)
            if height == TALL:
                return dots_vnni[TALL](packed, panel, n_in, sums)
            if height == SHORT:
                return dots_vnni[SHORT](packed, panel, n_in, sums)
            return dots_vnni[1](packed, panel, n_in, sums)
    comptime if COMPILES_AVX_VNNI:
        if instructions == AVX_VNNI:
            if height == SHORT:
                return dots_avx_vnni[SHORT](packed, panel, n_in, sums)
            return dots_avx_vnni[1](packed, panel, n_in, sums)
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
        if epilogue.gelu:
            return self.finish[NEAR](sums, height, row_scales, row, column, epilogue)
        self.finish[NONE](sums, height, row_scales, row, column, epilogue)

    def finish[
        activation: Int
    ](
        self,
        sums: Groups,
        height: Int,
        row_scales: Floats,
        row: Int,
        column: Int,
        epilogue: Epilogue,
    ):
        """See `store`."""
        var strip = epilogue.strip(column)
        comptime for v in range(0, PANEL, WIDTH):
            var scale = self.scales.unsafe_load[width=WIDTH](column + v)
            var correction = self.corrections.unsafe_load[width=WIDTH](column + v)
            for r in range(height):
                var sum = sums.unsafe_load[width=WIDTH](r * PANEL + v) - correction
                var value = sum.cast[DType.float32]() * (scale * row_scales[unsafe_offset=r])
                epilogue.store[activation](value, row + r, strip, v)
