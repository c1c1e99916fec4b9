"""Log-mel on the GPU: a block of threads for 16 frames, 25 threads a frame.

The threads of a frame share its transform: each takes one of the 25 columns of 16 points, then
one or two of the 40 radix-5 transforms of each step, then every 25th mel band.
"""

from max.gpu import barrier, block_idx, thread_idx
from max.gpu.host import DeviceContext
from max.gpu.memory import AddressSpace
from std.math import ceildiv, log2
from std.memory import stack_allocation

from .fft import (
    N1,
    N2,
    N_BINS,
    N_FFT,
    RADIX,
    ROWS,
    Complex,
    Real,
    dft5,
    frequency_bin,
    place,
    power,
    real_dft16,
    sample_index,
    twiddled_dft5,
    twin_powers,
)
from .mel import FLOOR, LOG10_OF_2, Filters, Floats, Ints, Signal, reflected

comptime FRAMES = 16
"""Frames of a block: their spectra and powers take 38 of the 48 KiB of memory a block may share."""
comptime WORKERS = N2

comptime Shared = Pointer[Float32, MutUntrackedOrigin, address_space=AddressSpace.SHARED]


def log_mel_gpu(
    signal: Signal, window: Floats, filters: Filters, output: Floats, ctx: DeviceContext
) raises:
    """Enqueue the kernel that writes the log10 mel power of every frame to `output`."""
    if signal.n_frames == 0:
        return
    ctx.enqueue_function[log_mel_kernel](
        signal.samples,
        Int32(signal.n_samples),
        signal.starts,
        Int32(signal.n_frames),
        window,
        filters.limits,
        filters.weights,
        Int32(filters.n_mels),
        Int32(filters.longest),
        output,
        grid_dim=ceildiv(signal.n_frames, FRAMES),
        block_dim=FRAMES * WORKERS,
    )


def log_mel_kernel(
    samples: Floats,
    n_samples: Int32,
    starts: Ints,
    n_frames: Int32,
    window: Floats,
    limits: Ints,
    weights: Floats,
    n_mels: Int32,
    longest: Int32,
    output: Floats,
):
    """Compute FRAMES frames; neighbouring threads hold neighbouring frames."""
    var signal = Signal(samples, Int(n_samples), starts, Int(n_frames))
    var filters = Filters(limits, weights, Int(n_mels), Int(longest))
    var lane = Int(thread_idx.x) % FRAMES
    var worker = Int(thread_idx.x) // FRAMES
    var frame = Int(block_idx.x) * FRAMES + lane
    var spectrum = stack_allocation[
        N_FFT * FRAMES, Float32, address_space=AddressSpace.SHARED
    ]().unsafe_offset(lane)
    var powers = stack_allocation[
        N_BINS * FRAMES, Float32, address_space=AddressSpace.SHARED
    ]().unsafe_offset(lane)

    # Lanes past the last frame repeat it, and write nothing.
    var start = Int(signal.starts[unsafe_offset=min(frame, signal.n_frames - 1)])
    transform_column(signal, start, window, spectrum, worker)
    barrier()
    for step in range(worker, ROWS * RADIX, WORKERS):
        first_radix_step(spectrum, step // RADIX, step % RADIX)
    barrier()
    for step in range(worker, ROWS * RADIX, WORKERS):
        second_radix_step(spectrum, step // RADIX, step % RADIX)
    barrier()
    store_powers(spectrum, powers, worker)
    barrier()
    if frame < signal.n_frames:
        for band in range(worker, filters.n_mels, WORKERS):
            var energy = max(filtered(filters, powers, band), FLOOR)
            output[unsafe_offset=frame * filters.n_mels + band] = log2(energy) * LOG10_OF_2


def transform_column(
    signal: Signal, start: Int, window: Floats, spectrum: Shared, n2: Int
):
    """Transform the 16 windowed samples of one n2."""
    var x = Array[Real[1], N1](fill=0)
    comptime for n1 in range(N1):
        var n = sample_index(n1, n2)
        var sample = signal.samples[unsafe_offset=reflected(start + n, signal.n_samples)]
        x[n1] = sample * window[unsafe_offset=n]
    var rows = real_dft16[1](x)
    comptime for row in range(ROWS):
        store_complex(spectrum, n2, row, rows[row])


@always_inline
def load_complex(spectrum: Shared, n2: Int, row: Int) -> Complex[1]:
    var at = (n2 * N1 + 2 * row) * FRAMES
    return Complex[1](spectrum[unsafe_offset=at], spectrum[unsafe_offset=at + FRAMES])


@always_inline
def store_complex(spectrum: Shared, n2: Int, row: Int, z: Complex[1]):
    var at = (n2 * N1 + 2 * row) * FRAMES
    spectrum[unsafe_offset=at] = z.re
    spectrum[unsafe_offset=at + FRAMES] = z.im


def first_radix_step(spectrum: Shared, row: Int, b: Int):
    var z = Array[Complex[1], RADIX](fill=Complex[1](0, 0))
    comptime for a in range(RADIX):
        z[a] = load_complex(spectrum, RADIX * a + b, row)
    comptime for candidate in range(RADIX):
        if b == candidate:  # the twiddles are constants of the program
            var y = twiddled_dft5[candidate, 1](z)
            comptime for c in range(RADIX):
                store_complex(spectrum, RADIX * c + candidate, row, y[c])


def second_radix_step(spectrum: Shared, row: Int, c: Int):
    var z = Array[Complex[1], RADIX](fill=Complex[1](0, 0))
    comptime for b in range(RADIX):
        z[b] = load_complex(spectrum, RADIX * c + b, row)
    var y = dft5[1](z)
    comptime for d in range(RADIX):
        store_complex(spectrum, RADIX * c + d, row, y[d])


def store_powers(spectrum: Shared, powers: Shared, k2: Int):
    """Store the powers of one k2 of every row; row 0 has them for the first half of k2 only."""
    comptime for row in range(1, ROWS):
        powers[unsafe_offset=frequency_bin(row, k2) * FRAMES] = power[1](
            load_complex(spectrum, place(k2), row)
        )
    if k2 <= N2 // 2:
        var mirrored = load_complex(spectrum, place((N2 - k2) % N2), 0)
        var twins = twin_powers[1](load_complex(spectrum, place(k2), 0), mirrored)
        powers[unsafe_offset=frequency_bin(0, k2) * FRAMES] = twins[0]
        powers[unsafe_offset=frequency_bin(N1 // 2, k2) * FRAMES] = twins[1]


def filtered(filters: Filters, powers: Shared, band: Int) -> Float32:
    var start = Int(filters.limits[unsafe_offset=2 * band])
    var energy = Float32(0)
    for i in range(Int(filters.limits[unsafe_offset=2 * band + 1]) - start):
        var weight = filters.weights[unsafe_offset=band * filters.longest + i]
        energy = powers[unsafe_offset=(start + i) * FRAMES].fma(weight, energy)
    return energy
