"""Byte rows times byte panels on the CPU, shared among the threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv
from std.memory.alloc import unsafe_alloc
from std.runtime import parallelism_level

from ..floats import Floats, allocate
from ..linear.cpu import SERIAL_WORK, Rows
from ..linear.panels import PANEL
from ..linear.tile import Epilogue
from .layout import GROUP, Groups, Weights
from .rows import Quantiser
from .tile import SHORT, TALL, Scaling, dots, tile_height

comptime BLOCK = 8 * TALL
"""Rows that are made bytes at a time; with a panel they stay in the L2 cache."""


@fieldwise_init
struct Share(TrivialRegisterPassable):
    """What one thread multiplies: some of the rows by some of the panels.

    Many rows are shared out, so that each is made bytes once; few rows meet shared-out panels.
    """

    var first_row: Int
    var end_row: Int
    var first_panel: Int
    var end_panel: Int


def share_of(task: Int, tasks: Int, n_rows: Int, n_panels: Int) -> Share:
    """Return the share of one of `tasks` threads."""
    if n_rows >= 2 * tasks * TALL:
        var rows = ceildiv(ceildiv(n_rows, tasks), TALL) * TALL
        return Share(min(n_rows, task * rows), min(n_rows, (task + 1) * rows), 0, n_panels)
    var panels = ceildiv(n_panels, tasks)
    return Share(0, n_rows, min(n_panels, task * panels), min(n_panels, (task + 1) * panels))


@fieldwise_init
struct Block(TrivialRegisterPassable):
    """Some rows as bytes, tile after tile; `sums` is room for one tile of the result."""

    var instructions: Int
    var packed: Groups
    var scales: Floats
    var sums: Groups
    var quantiser: Quantiser

    def fill(self, x: Rows, first: Int, n_rows: Int):
        """Take `n_rows` rows of x from `first` on."""
        var row = 0
        while row < n_rows:
            var height = tile_height(self.instructions, n_rows - row)
            var to = self.packed.unsafe_offset(row * x.n_in // GROUP)
            for r in range(height):
                self.scales[unsafe_offset=row + r] = self.quantiser.quantise(x, first + row + r)
                if height == TALL:
                    self.quantiser.interleave[TALL](x.n_in, r, to)
                elif height == SHORT:
                    self.quantiser.interleave[SHORT](x.n_in, r, to)
                else:
                    self.quantiser.interleave[1](x.n_in, r, to)
            row += height

    def multiply(
        self,
        panel: Weights,
        n_in: Int,
        first: Int,
        n_rows: Int,
        column: Int,
        scaling: Scaling,
        epilogue: Epilogue,
    ):
        """Multiply the rows, whose first is row `first` of the output, by one panel."""
        var row = 0
        while row < n_rows:
            var height = tile_height(self.instructions, n_rows - row)
            var packed = self.packed.unsafe_offset(row * n_in // GROUP)
            dots(self.instructions, height, packed, panel, n_in, self.sums)
            var scales = self.scales.unsafe_offset(row)
            scaling.store(self.sums, height, scales, first + row, column, epilogue)
            row += height


def multiply_share(
    share: Share, block: Block, x: Rows, panels: Weights, scaling: Scaling, epilogue: Epilogue
):
    """Multiply a thread's rows by its panels, block after block."""
    for first in range(share.first_row, share.end_row, BLOCK):
        var n_rows = min(BLOCK, share.end_row - first)
        block.fill(x, first, n_rows)
        for p in range(share.first_panel, share.end_panel):
            var panel = panels.unsafe_offset(p * x.n_in * PANEL)
            block.multiply(panel, x.n_in, first, n_rows, p * PANEL, scaling, epilogue)


@no_inline
def quantised_linear(
    instructions: Int, x: Rows, panels: Weights, scaling: Scaling, epilogue: Epilogue
):
    """Multiply all rows of x by all panels; see `linear` of ../linear/cpu.mojo."""
    var n_panels = ceildiv(epilogue.n_out, PANEL)
    var tasks = 1
    if x.n_rows * x.n_in * epilogue.n_out >= SERIAL_WORK:
        tasks = parallelism_level()
    var block_rows = min(BLOCK, x.n_rows)

    def work(task: Int) {imm}:
        var packed = unsafe_alloc[Int32](block_rows * x.n_in // GROUP, alignment=64)
        var scales = allocate(block_rows)
        var sums = unsafe_alloc[Int32](TALL * PANEL, alignment=64)
        var floats = allocate(x.n_in)
        var bytes = unsafe_alloc[UInt8](x.n_in, alignment=64)
        var block = Block(
            instructions,
            packed.unsafe_origin_cast[MutUntrackedOrigin](),
            scales,
            sums.unsafe_origin_cast[MutUntrackedOrigin](),
            Quantiser(
                floats,
                bytes.unsafe_origin_cast[MutUntrackedOrigin](),
            ),
        )
        var share = share_of(task, tasks, x.n_rows, n_panels)
        multiply_share(share, block, x, panels, scaling, epilogue)
        packed.unsafe_free()
        scales.unsafe_free()
        sums.unsafe_free()
        floats.unsafe_free()
        bytes.unsafe_free()

    sync_parallelize(work, tasks)
