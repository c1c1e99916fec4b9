"""Byte rows times byte panels on the CPU, shared among the threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv

from ..floats import Floats, allocate
from ..linear.cpu import Rows
from ..linear.panels import PANEL
from ..linear.share import Share, share_of
from ..linear.tile import Epilogue
from .layout import GROUP, Groups, Weights, allocate_words
from .rows import Norm, Quantiser
from .tile import SHORT, TALL, Scaling, begin, dots, end, granted, tallest, tile_height

comptime BLOCK = 8 * TALL
"""Rows that are made bytes at a time; with a panel they stay in the L2 cache."""
comptime HIDDEN_FLOATS = 1 << 16
"""Floats between the layers of a perceptron that a thread holds: a quarter of its L2 cache."""
comptime SERIAL_NS = 40_000
"""Time below which one thread does as well as two, of which one must be woken and waited for, and
far better where another program wants its core."""
comptime BYTES_PER_NS = 40
"""Weights that one thread reads from the last cache."""
comptime PRODUCTS_PER_NS = 200
"""Of one thread with AVX-512 VNNI."""


def task_count(n_rows: Int, n_weights: Int, threads: Int) -> Int:
    """Return the number of threads worth waking to multiply rows by so many weights."""
    var ns = max(n_weights // BYTES_PER_NS, n_rows * n_weights // PRODUCTS_PER_NS)
    return 1 if ns < SERIAL_NS else threads


@fieldwise_init
struct Matrix(TrivialRegisterPassable):
    """A weight matrix as bytes, (n_in, n_out)."""

    var panels: Weights
    var scaling: Scaling
    var n_in: Int
    var n_out: Int


struct Block(TrivialRegisterPassable):
    """Some rows as bytes, tile after tile; `sums` is room for one tile of the result."""

    var instructions: Int
    var packed: Groups
    var scales: Floats
    var sums: Groups
    var quantiser: Quantiser

    def __init__(out self, instructions: Int, n_rows: Int, n_in: Int, norm: Norm):
        """Allocate room for `n_rows` rows; `free` frees it."""
        self.instructions = instructions
        self.packed = allocate_words(n_rows * n_in // GROUP)
        self.scales = allocate(n_rows)
        self.sums = allocate_words(tallest(instructions) * PANEL)
        self.quantiser = Quantiser(n_in, norm)

    def free(self):
        """Free the memory."""
        self.packed.unsafe_free()
        self.scales.unsafe_free()
        self.sums.unsafe_free()
        self.quantiser.free()

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
                    self.quantiser.interleave[1](x.n_in, 0, to.unsafe_offset(r * x.n_in // GROUP))
            row += height

    def multiply(
        self, matrix: Matrix, first: Int, n_rows: Int, first_panel: Int, end_panel: Int, to: Epilogue
    ):
        """Multiply the rows, whose first is row `first` of the output, by some panels."""
        begin(self.instructions, matrix.n_in)
        for p in range(first_panel, end_panel):
            var panel = matrix.panels.unsafe_offset(p * matrix.n_in * PANEL)
            var row = 0
            while row < n_rows:
                var height = tile_height(self.instructions, n_rows - row)
                var packed = self.packed.unsafe_offset(row * matrix.n_in // GROUP)
                dots(self.instructions, height, packed, panel, matrix.n_in, self.sums)
                var scales = self.scales.unsafe_offset(row)
                matrix.scaling.store(self.sums, height, scales, first + row, p * PANEL, to)
                row += height
        end(self.instructions)


@no_inline
def quantised_linear(
    instructions: Int, x: Rows, norm: Norm, matrix: Matrix, epilogue: Epilogue, threads: Int
):
    """Multiply all rows of x by a matrix; see `linear` of ../linear/cpu.mojo."""
    var usable = granted(instructions)
    var n_panels = ceildiv(matrix.n_out, PANEL)
    var tasks = task_count(x.n_rows, matrix.n_in * matrix.n_out, threads)
    var block_rows = min(BLOCK, x.n_rows)

    def work(task: Int) {imm}:
        var block = Block(usable, block_rows, matrix.n_in, norm)
        var share = share_of(task, tasks, x.n_rows, n_panels)
        for first in range(share.first_row, share.end_row, block_rows):
            var n_rows = min(block_rows, share.end_row - first)
            block.fill(x, first, n_rows)
            block.multiply(matrix, first, n_rows, share.first_panel, share.end_panel, epilogue)
        block.free()

    sync_parallelize(work, tasks)


@fieldwise_init
struct Perceptron(TrivialRegisterPassable):
    """Two layers with GELU between: matrices, and the bias of the first."""

    var up: Matrix
    var up_bias: Floats
    var down: Matrix

    def hidden(self, memory: Floats) -> Epilogue:
        """Return how the first layer's output is stored."""
        return Epilogue(
            output=memory,
            halves=False,
            n_out=self.up.n_out,
            width=self.up.n_out,
            plane=0,
            bias=self.up_bias,
            gelu=True,
            add=False,
            addend=memory,
        )

    def hidden_rows(self, memory: Floats, n_rows: Int) -> Rows:
        """Return the first layer's output as the second one's input."""
        return Rows(
            data=memory,
            size=n_rows * self.up.n_out,
            n_rows=n_rows,
            n_in=self.up.n_out,
            step=self.up.n_out,
            padding=0,
        )


@no_inline
def quantised_mlp(
    instructions: Int, x: Rows, norm: Norm, layers: Perceptron, epilogue: Epilogue, threads: Int
):
    """Run the rows of x through both layers.

    Many rows: a block at a time, so that what lies between the layers stays in the cache.
    """
    if x.n_rows < 2 * threads * TALL:
        var memory = allocate(x.n_rows * layers.up.n_out)
        quantised_linear(instructions, x, norm, layers.up, layers.hidden(memory), threads)
        var hidden = layers.hidden_rows(memory, x.n_rows)
        quantised_linear(instructions, hidden, Norm.none(memory), layers.down, epilogue, threads)
        memory.unsafe_free()
        return
    var usable = granted(instructions)
    var tall = tallest(usable)
    var block_rows = max(1, HIDDEN_FLOATS // layers.up.n_out // tall) * tall

    def work(task: Int) {imm}:
        var memory = allocate(block_rows * layers.up.n_out)
        var up = Block(usable, block_rows, layers.up.n_in, norm)
        var down = Block(usable, block_rows, layers.down.n_in, Norm.none(memory))
        var share = share_of(task, threads, x.n_rows, 1)
        for first in range(share.first_row, share.end_row, block_rows):
            var n_rows = min(block_rows, share.end_row - first)
            up.fill(x, first, n_rows)
            var n_panels = ceildiv(layers.up.n_out, PANEL)
            up.multiply(layers.up, 0, n_rows, 0, n_panels, layers.hidden(memory))
            down.fill(layers.hidden_rows(memory, n_rows), 0, n_rows)
            n_panels = ceildiv(layers.down.n_out, PANEL)
            down.multiply(layers.down, first, n_rows, 0, n_panels, epilogue)
        up.free()
        down.free()
        memory.unsafe_free()

    sync_parallelize(work, threads)
