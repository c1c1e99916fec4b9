"""Layer normalisation on the CPU: mean and variance in one pass each, rows shared by threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv, sqrt
from std.sys import simd_width_of

from ..floats import Floats

comptime WIDTH = min(simd_width_of[DType.float32](), 16)
"""Divides the 64 floats of a head, and so every row."""
comptime Vector = SIMD[DType.float32, WIDTH]
comptime EPSILON = Float32(1e-5)
"""As in torch.nn.LayerNorm."""
comptime SERIAL_FLOATS = 1 << 18
"""Floats below which one thread does as well as two: about 40 us."""


@fieldwise_init
struct Selection(TrivialRegisterPassable):
    """The rows to normalise; all if none are named."""

    var rows: Pointer[Int64, MutUntrackedOrigin]
    var count: Int

    def __getitem__(self, index: Int) -> Int:
        """Return the row of x that becomes row `index` of the output."""
        return Int(self.rows[unsafe_offset=index]) if self.count > 0 else index


def normalise_row(x: Floats, gain: Floats, bias: Floats, output: Floats, width: Int):
    """Bring one row to mean 0 and variance 1, then scale and shift it."""
    var sum = Vector(0)
    for i in range(0, width, WIDTH):
        sum += x.unsafe_load[width=WIDTH](i)
    var mean = sum.reduce_add() / Float32(width)
    var squares = Vector(0)
    for i in range(0, width, WIDTH):
        var deviation = x.unsafe_load[width=WIDTH](i) - mean
        squares = deviation.fma(deviation, squares)
    var scale = 1 / sqrt(squares.reduce_add() / Float32(width) + EPSILON)
    for i in range(0, width, WIDTH):
        var y = (x.unsafe_load[width=WIDTH](i) - mean) * scale
        var scaled = y.fma(gain.unsafe_load[width=WIDTH](i), bias.unsafe_load[width=WIDTH](i))
        output.unsafe_store(i, scaled)


@no_inline
def layer_norm(
    x: Floats,
    gain: Floats,
    bias: Floats,
    output: Floats,
    selection: Selection,
    n_rows: Int,
    width: Int,
    threads: Int,
):
    """Normalise `n_rows` rows of `width` floats on at most `threads` threads."""
    var tasks = 1 if n_rows * width < SERIAL_FLOATS else threads
    var share = ceildiv(n_rows, tasks)

    def work(task: Int) {imm}:
        for row in range(task * share, min(n_rows, (task + 1) * share)):
            var source = x.unsafe_offset(selection[row] * width)
            normalise_row(source, gain, bias, output.unsafe_offset(row * width), width)

    sync_parallelize(work, tasks)
