"""The product of a few packed rows and one weight panel, held in registers."""

from std.collections import Array
from std.math import erf

from ..floats import Floats
from .panels import PANEL, VECTORS, WIDTH, Vector


comptime NONE = 0
comptime EXACT = 1
comptime NEAR = 2
"""What becomes of a product with its bias: nothing, GELU, or GELU to 8e-5 in a third of the time,
for what becomes bytes next."""
comptime FLAT = Float32(4.6)
"""Beyond this GELU is 0 or the identity, to 1e-5."""


@always_inline
def near_gelu(y: Vector) -> Vector:
    """Return y times the normal distribution's integral, by its least-squares polynomial."""
    var z = max(min(y, Vector(FLAT)), Vector(-FLAT)) * (1 / FLAT)
    var u = z * z
    var p = u.fma(Vector(4.764431), Vector(-25.503925))
    p = p.fma(u, Vector(59.873028))
    p = p.fma(u, Vector(-81.631645))
    p = p.fma(u, Vector(72.375069))
    p = p.fma(u, Vector(-44.407188))
    p = p.fma(u, Vector(19.608681))
    p = p.fma(u, Vector(-6.4122467))
    p = p.fma(u, Vector(1.8338032))
    return y * p.fma(z, Vector(0.5))


@fieldwise_init
struct Strip(TrivialRegisterPassable):
    """The columns of one panel in the output, from `column` on."""

    var column: Int
    var offset: Int
    """Of the strip's part of row 0 in the output."""


@fieldwise_init
struct Epilogue(TrivialRegisterPassable):
    """What is done to a product before it is stored: bias, then GELU, then the addend.

    The output's columns may be cut into planes of `width`, which lie one after the other, and
    may be of half precision: then `output` points to its first number, a half float.
    """

    var output: Floats
    var halves: Bool
    var n_out: Int
    var width: Int
    var plane: Int
    var bias: Floats
    var gelu: Bool
    var add: Bool
    var addend: Floats

    def strip(self, column: Int) -> Strip:
        """Return where the panel from `column` on lies; found once for a tile, as it divides."""
        var plane, within = divmod(column, self.width)
        return Strip(column, plane * self.plane + within)

    @always_inline
    def store[activation: Int](self, sum: Vector, row: Int, strip: Strip, lane: Int):
        """Finish and store `sum`, a row's part of a strip from `lane` on.

        The caller branches by `gelu`, once for a tile: of a branch in here the compiler would
        compute both sides.
        """
        var column = strip.column + lane
        var y = sum + self.bias.unsafe_load[width=WIDTH](column)
        comptime if activation == EXACT:
            y = 0.5 * y * (1 + erf(y * 0.7071067811865476))
        elif activation == NEAR:
            y = near_gelu(y)
        var at = strip.offset + row * self.width + lane
        if column + WIDTH <= self.n_out:
            if self.add:
                y += self.addend.unsafe_load[width=WIDTH](at)
            if self.halves:
                var to = self.output.unsafe_bitcast[Float16]()
                return to.unsafe_store(at, y.cast[DType.float16]())
            return self.output.unsafe_store(at, y)
        for i in range(self.n_out - column):
            var value = y[i]
            if self.add:
                value += self.addend[unsafe_offset=at + i]
            self.output[unsafe_offset=at + i] = value


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
        # The shorter side is loaded first and stays in registers while the other passes by.
        comptime if rows < VECTORS:
            comptime for v in range(VECTORS):
                var weight = panel.unsafe_load[width=WIDTH](k * panel_step + v * WIDTH)
                comptime for r in range(rows):
                    var x = Vector(packed[unsafe_offset=k * packed_step + r])
                    sums[r * VECTORS + v] = weight.fma(x, sums[r * VECTORS + v])
        else:
            var weights = Array[Vector, VECTORS](uninitialized=True)
            comptime for v in range(VECTORS):
                weights[v] = panel.unsafe_load[width=WIDTH](k * panel_step + v * WIDTH)
            comptime for r in range(rows):
                var x = Vector(packed[unsafe_offset=k * packed_step + r])
                comptime for v in range(VECTORS):
                    sums[r * VECTORS + v] = weights[v].fma(x, sums[r * VECTORS + v])
    return sums^


@no_inline
def multiply_tile[
    rows: Int
](packed: Floats, panel: Floats, n_in: Int, row: Int, column: Int, epilogue: Epilogue):
    """Multiply packed rows (n_in, rows) by one panel (n_in, PANEL) and store the result."""
    var sums = products[rows](packed, rows, panel, PANEL, n_in)
    if epilogue.gelu:
        store_tile[rows, EXACT](sums, row, column, epilogue)
    else:
        store_tile[rows, NONE](sums, row, column, epilogue)


@always_inline
def store_tile[
    rows: Int, activation: Int
](sums: Array[Vector, rows * VECTORS], row: Int, column: Int, epilogue: Epilogue):
    """Finish and store a tile."""
    var strip = epilogue.strip(column)
    comptime for r in range(rows):
        comptime for v in range(VECTORS):
            epilogue.store[activation](sums[r * VECTORS + v], row + r, strip, v * WIDTH)
