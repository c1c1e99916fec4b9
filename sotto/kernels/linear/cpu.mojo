"""Rows times weight panels on the CPU: the panels are shared among the threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv

from ..floats import Floats, allocate
from .panels import PANEL, SHORT, TALL
from .share import share_of
from .tile import Epilogue, multiply_tile

comptime BLOCK_FLOATS = 1 << 16
"""Floats of the input that are packed at a time: 256 KiB, a part of the L2 cache."""
comptime SERIAL_WORK = 1 << 19
"""Multiply-adds below which one thread does as well as two: up to 40 us."""


@fieldwise_init
struct Rows(TrivialRegisterPassable):
    """The input as rows of `n_in` floats that may overlap, with zeros before and after the data.

    A convolution over rows is a product whose input rows overlap: row i starts `step` floats
    after row i - 1, and the first starts `padding` floats before the data.
    """

    var data: Floats
    var size: Int
    var n_rows: Int
    var n_in: Int
    var step: Int
    var padding: Int

    def pack[rows: Int](self, row: Int, packed: Floats):
        """Interleave `rows` rows from `row` on, so that a tile reads them one after the other."""
        for r in range(rows):
            var first = (row + r) * self.step - self.padding
            if first >= 0 and first + self.n_in <= self.size:
                for k in range(self.n_in):
                    packed[unsafe_offset=k * rows + r] = self.data[unsafe_offset=first + k]
                continue
            for k in range(self.n_in):
                var inside = 0 <= first + k < self.size
                packed[unsafe_offset=k * rows + r] = (
                    self.data[unsafe_offset=first + k] if inside else 0
                )


def tile_height(left: Int) -> Int:
    """Return the height of the next tile where `left` rows are left."""
    if left >= TALL:
        return TALL
    return SHORT if left >= SHORT else 1


def pack_block(x: Rows, first: Int, n_rows: Int, packed: Floats):
    """Pack `n_rows` rows from `first` on, tile after tile."""
    var row = 0
    while row < n_rows:
        var height = tile_height(n_rows - row)
        var to = packed.unsafe_offset(row * x.n_in)
        if height == TALL:
            x.pack[TALL](first + row, to)
        elif height == SHORT:
            x.pack[SHORT](first + row, to)
        else:
            x.pack[1](first + row, to)
        row += height


def multiply_block(
    packed: Floats,
    panel: Floats,
    n_in: Int,
    first: Int,
    n_rows: Int,
    column: Int,
    epilogue: Epilogue,
):
    """Multiply a packed block, whose first row is `first`, by one panel."""
    var row = 0
    while row < n_rows:
        var height = tile_height(n_rows - row)
        var x = packed.unsafe_offset(row * n_in)
        if height == TALL:
            multiply_tile[TALL](x, panel, n_in, first + row, column, epilogue)
        elif height == SHORT:
            multiply_tile[SHORT](x, panel, n_in, first + row, column, epilogue)
        else:
            multiply_tile[1](x, panel, n_in, first + row, column, epilogue)
        row += height


@no_inline
def linear(x: Rows, panels: Floats, epilogue: Epilogue, threads: Int):
    """Multiply all rows of x by all panels.

    Not inlined: sizes are known at run time only, so that one compiled body serves every
    matrix of a model and a graph compiles in seconds.
    """
    var n_panels = ceildiv(epilogue.n_out, PANEL)
    var tasks = 1
    if x.n_rows * x.n_in * epilogue.n_out >= SERIAL_WORK:
        tasks = threads
    var block = min(x.n_rows, max(TALL, BLOCK_FLOATS // x.n_in // TALL * TALL))

    def work(task: Int) {imm}:
        var packed = allocate(block * x.n_in)
        var share = share_of(task, tasks, x.n_rows, n_panels)
        for first in range(share.first_row, share.end_row, block):
            var n_rows = min(block, share.end_row - first)
            pack_block(x, first, n_rows, packed)
            for p in range(share.first_panel, share.end_panel):
                var panel = panels.unsafe_offset(p * x.n_in * PANEL)
                multiply_block(packed, panel, x.n_in, first, n_rows, p * PANEL, epilogue)
        packed.unsafe_free()

    sync_parallelize(work, tasks)
