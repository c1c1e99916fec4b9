"""Print whether tiles give the sums of plain loops: emulated, and then the processor's if it has any.

Arguments, six a case: numbers of rows, inputs and panels, and how many bytes at the end of rows,
panels and sums the emulation forbids. A line a case: wrong sums of the emulation and of the processor,
the emulation's products of tiles, and its fault.
"""

from std.sys import argv

from emulation import Emulation, Region
from kernels.linear.panels import PANEL
from kernels.x86.features import AMX
from kernels.x86.amx import TILE, Processor, Tiles, configure, dots_amx, permitted
from kernels.quantised.layout import GROUP, Groups, Weights, allocate_words
from kernels.quantised.tile import tile_height


def noise(words: Int, seed: UInt32) -> Groups:
    """Return bytes of every value (Numerical Recipes' generator, 2nd edition, chapter 7.1)."""
    var memory = allocate_words(words)
    var state = seed
    for i in range(words):
        state = state * 1664525 + 1013904223
        memory[unsafe_offset=i] = Int32(state ^ (state >> 16))
    return memory


def plain_sum(packed: Groups, panel: Weights, n_in: Int, row: Int, column: Int) -> Int32:
    """Return the sum of one row and one column."""
    var x = packed.unsafe_bitcast[UInt8]()
    var sum = Int32(0)
    for k in range(n_in):
        var weight = panel[unsafe_offset=(k // GROUP * PANEL + column) * GROUP + k % GROUP]
        sum += Int32(x[unsafe_offset=row * n_in + k]) * Int32(weight)
    return sum


@fieldwise_init
struct Product(TrivialRegisterPassable):
    """Rows of unsigned bytes, panels of signed ones, and room for the sums of one tile."""

    var n_rows: Int
    var n_in: Int
    var n_panels: Int
    var packed: Groups
    var panels: Weights
    var sums: Groups

    def free(self):
        """Free the memory."""
        self.packed.unsafe_free()
        self.panels.unsafe_free()
        self.sums.unsafe_free()

    def wrong_with(self, mut tiles: Some[Tiles]) -> Int:
        """Count the wrong sums of all tiles that are as high as AMX's."""
        configure(tiles, self.n_in)
        var wrong = 0
        for p in range(self.n_panels):
            var panel = self.panels.unsafe_offset(p * self.n_in * PANEL)
            var row = 0
            while self.n_rows - row >= TILE:
                var height = tile_height(AMX, self.n_rows - row)
                var packed = self.packed.unsafe_offset(row * self.n_in // GROUP)
                if height == 2 * TILE:
                    dots_amx[2](tiles, packed, panel, self.n_in, self.sums)
                else:
                    dots_amx[1](tiles, packed, panel, self.n_in, self.sums)
                wrong += self.wrong_sums(packed, panel, height)
                row += height
        tiles.release()
        return wrong

    def wrong_sums(self, packed: Groups, panel: Weights, height: Int) -> Int:
        """Count what differs from plain loops."""
        var wrong = 0
        for r in range(height):
            for c in range(PANEL):
                var expected = plain_sum(packed, panel, self.n_in, r, c)
                wrong += Int(self.sums[unsafe_offset=r * PANEL + c] != expected)
        return wrong


@fieldwise_init
struct Case(TrivialRegisterPassable):
    """Sizes, and the bytes forbidden at the end of each part of memory."""

    var n_rows: Int
    var n_in: Int
    var n_panels: Int
    var forbidden_rows: Int
    var forbidden_panels: Int
    var forbidden_sums: Int

    def run(self):
        """Print a line."""
        var row_bytes, panel_bytes = self.n_rows * self.n_in, self.n_panels * self.n_in * PANEL
        var sum_words = 2 * TILE * PANEL
        var product = Product(
            n_rows=self.n_rows,
            n_in=self.n_in,
            n_panels=self.n_panels,
            packed=noise(row_bytes // GROUP, 1),
            panels=noise(panel_bytes // GROUP, 2).unsafe_bitcast[Int8](),
            sums=noise(sum_words, 3),
        )
        var tiles = Emulation(
            Region(Int(product.packed), row_bytes - self.forbidden_rows),
            Region(Int(product.panels), panel_bytes - self.forbidden_panels),
            Region(Int(product.sums), sum_words * GROUP - self.forbidden_sums),
        )
        var wrong = product.wrong_with(tiles)
        var wrong_here = 0
        if permitted():
            var processor = Processor()
            wrong_here = product.wrong_with(processor)
        print(wrong, wrong_here, tiles.products, tiles.fault)
        product.free()


def main() raises:
    for i in range(1, len(argv()), 6):
        var numbers = List[Int]()
        for word in range(i, i + 6):
            numbers.append(Int(argv()[word]))
        Case(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]).run()
