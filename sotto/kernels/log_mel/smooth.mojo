"""Mean of each value's 3 × 3 neighbourhood in (frame, band), of those neighbours that exist.

Not in place: a row is still needed when the next one is written.
"""

from max.gpu import block_idx, thread_idx
from max.gpu.host import DeviceContext
from std.math import ceildiv
from std.memory.alloc import unsafe_alloc
from std.sys import simd_width_of

from .mel import Floats

comptime WIDTH = simd_width_of[DType.float32]()
comptime Vector = SIMD[DType.float32, WIDTH]
comptime RADIUS = 1
comptime THREADS = 256
"""Threads of a GPU block: enough to hide the wait for memory, of which there is no other use."""


@fieldwise_init
struct Rows(Copyable, TrivialRegisterPassable):
    """Values (n_frames, n_mels), n_mels a multiple of 16."""

    var values: Floats
    var n_frames: Int
    var n_mels: Int


def smooth_cpu(rows: Rows, output: Floats):
    """Write the means of all values of `rows` to `output`, of the same shape."""
    # A zero before the first band and one after the last add nothing to a sum.
    var padded = unsafe_alloc[Float32](rows.n_mels + 2 * RADIUS)
    var sums = padded.unsafe_offset(RADIUS)
    sums[unsafe_offset= -1] = 0
    sums[unsafe_offset=rows.n_mels] = 0
    for frame in range(rows.n_frames):
        var first = max(frame - RADIUS, 0)
        var end = min(frame + RADIUS + 1, rows.n_frames)
        sum_frames(rows, first, end, sums)
        var means = output.unsafe_offset(frame * rows.n_mels)
        average_bands(sums, end - first, rows.n_mels, means)
    padded.unsafe_free()


@always_inline
def sum_frames(rows: Rows, first: Int, end: Int, sums: Floats):
    """Add up the frames from `first` to `end`, band by band."""
    for band in range(0, rows.n_mels, WIDTH):
        var sum = Vector(0)
        for frame in range(first, end):
            sum += rows.values.unsafe_load[width=WIDTH](frame * rows.n_mels + band)
        sums.unsafe_store(band, sum)


@always_inline
def average_bands(sums: Floats, n_frames: Int, n_mels: Int, means: Floats):
    """Turn sums of `n_frames` into means over them and three bands, two at either end."""
    var weight = 1 / Float32(3 * n_frames)
    for band in range(0, n_mels, WIDTH):
        var sum = sums.unsafe_load[width=WIDTH](band - 1)
        sum += sums.unsafe_load[width=WIDTH](band)
        sum += sums.unsafe_load[width=WIDTH](band + 1)
        means.unsafe_store(band, sum * weight)
    means[unsafe_offset=0] *= 1.5
    means[unsafe_offset=n_mels - 1] *= 1.5


def smooth_gpu(rows: Rows, output: Floats, ctx: DeviceContext) raises:
    """Enqueue the kernel that writes the means of all values of `rows` to `output`."""
    if rows.n_frames == 0:
        return
    ctx.enqueue_function[smoothing_kernel](
        rows.values,
        Int32(rows.n_frames),
        Int32(rows.n_mels),
        output,
        grid_dim=ceildiv(rows.n_frames * rows.n_mels, THREADS),
        block_dim=THREADS,
    )


def smoothing_kernel(values: Floats, n_frames: Int32, n_mels: Int32, output: Floats):
    """Compute the mean around one value."""
    var rows = Rows(values, Int(n_frames), Int(n_mels))
    var place = Int(block_idx.x) * THREADS + Int(thread_idx.x)
    if place >= rows.n_frames * rows.n_mels:
        return
    var frame = place // rows.n_mels
    var band = place % rows.n_mels
    var sum = Float32(0)
    var count = 0
    for near in range(max(frame - RADIUS, 0), min(frame + RADIUS + 1, rows.n_frames)):
        for beside in range(max(band - RADIUS, 0), min(band + RADIUS + 1, rows.n_mels)):
            sum += rows.values[unsafe_offset=near * rows.n_mels + beside]
            count += 1
    output[unsafe_offset=place] = sum / Float32(count)
