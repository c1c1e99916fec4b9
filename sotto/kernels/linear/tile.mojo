"""The product of a few packed rows and one weight panel, held in registers."""

from std.collections import Array
from std.math import erf

from ..floats import Floats
from .panels import PANEL, VECTORS, WIDTH, Vector


@fieldwise_init
struct Epilogue(TrivialRegisterPassable):
    """What is done to a product before it is stored: bias, then GELU, then the addend.

    The output's columns may be cut into planes of `width`, which lie one after the other.
    """

    var output: Floats
    var n_out: Int
    var width: Int
    var plane: Int
    var bias: Floats
    var gelu: Bool
    var add: Bool
    var addend: Floats

    @always_inline
    def store(self, sum: Vector, row: Int, column: Int):
        """Finish and store `sum`, whose first lane belongs to `column` of `row`."""
        var y = sum + self.bias.unsafe_load[width=WIDTH](column)
        if self.gelu:
            y = 0.5 * y * (1 + erf(y * 0.7071067811865476))
        var at = column // self.width * self.plane + row * self.width + column % self.width
        if column + WIDTH <= self.n_out:
            if self.add:
                y += self.addend.unsafe_load[width=WIDTH](at)
            self.output.unsafe_store(at, y)
            return
        for lane in range(self.n_out - column):
            var value = y[lane]
            if self.add:
                value += self.addend[unsafe_offset=at + lane]
            self.output[unsafe_offset=at + lane] = value


@always_inline
def products[
    rows: Int
](
    packed: Floats, packed_step: Int, panel: Floats, panel_step: Int, n_in: Int
) -> Array[Vector, rows * VECTORS]:
    """Multiply `rows` packed rows by one panel; return a row's vectors after another's.

    Entry k of the rows lies side by side `packed_step` floats after entry k - 1, and of the
    panel's columns `panel_step` floats after.
    """
    var sums = Array[Vector, rows * VECTORS](fill=Vector(0))
    for k in range(n_in):
        comptime for v in range(VECTORS):
            var weight = panel.unsafe_load[width=WIDTH](k * panel_step + v * WIDTH)
            comptime for r in range(rows):
                var x = Vector(packed[unsafe_offset=k * packed_step + r])
                sums[r * VECTORS + v] = weight.fma(x, sums[r * VECTORS + v])
    return sums^


@no_inline
def multiply_tile[
    rows: Int
](packed: Floats, panel: Floats, n_in: Int, row: Int, column: Int, epilogue: Epilogue):
    """Multiply packed rows (n_in, rows) by one panel (n_in, PANEL) and store the result."""
    var sums = products[rows](packed, rows, panel, PANEL, n_in)
    comptime for r in range(rows):
        comptime for v in range(VECTORS):
            epilogue.store(sums[r * VECTORS + v], row + r, column + v * WIDTH)
