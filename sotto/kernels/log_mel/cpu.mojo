"""Log-mel on the CPU: one frame in each lane of a vector, groups of frames shared by threads."""

from max.algorithm import sync_parallelize
from std.math import ceildiv, log2
from std.memory.alloc import unsafe_alloc
from std.runtime import parallelism_level
from std.sys import simd_width_of

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
    slot,
    twiddled_dft5,
    twin_powers,
)
from .mel import FLOOR, LOG10_OF_2, Filters, Floats, Signal, reflected

comptime WIDTH = simd_width_of[DType.float32]()
comptime Vector = Real[WIDTH]
comptime Tile = Array[Vector, WIDTH]

comptime FRAMES_PER_TASK = 1500
"""Waking a thread takes 0.2 ms, in which one that is awake computes 1000 frames."""


def log_mel_cpu(signal: Signal, window: Floats, filters: Filters, output: Floats):
    """Write the log10 mel power of every frame, in frame order, to `output`."""
    var groups = ceildiv(signal.n_frames, WIDTH)
    var tasks = max(1, min(parallelism_level(), signal.n_frames // FRAMES_PER_TASK))
    var share = ceildiv(groups, tasks)

    def task(index: Int) {imm}:
        var size = (2 * N_FFT + N_BINS) * WIDTH
        var scratch = unsafe_alloc[Float32](size)
        var spectrum = scratch
        var powers = scratch.unsafe_offset(N_FFT * WIDTH)
        var edges = scratch.unsafe_offset((N_FFT + N_BINS) * WIDTH)
        for group in range(index * share, min(groups, (index + 1) * share)):
            var first = group * WIDTH
            load_frames(signal, first, window, edges, spectrum)
            transform(spectrum, powers)
            apply_filters(filters, powers, signal.n_frames, first, output)
        scratch.unsafe_free()

    sync_parallelize(task, tasks)


@always_inline
def transpose(var rows: Tile) -> Tile:
    """Exchange rows and lanes by log2(WIDTH) rounds of perfect shuffles."""
    comptime for _ in range(count_rounds()):
        var shuffled = Tile(fill=0)
        comptime for i in range(WIDTH // 2):
            var halves = rows[i].interleave(rows[i + WIDTH // 2]).split()
            shuffled[2 * i] = rebind[Vector](halves[0])
            shuffled[2 * i + 1] = rebind[Vector](halves[1])
        rows = shuffled^
    return rows^


def count_rounds() -> Int:
    var rounds = 0
    while 1 << rounds < WIDTH:
        rounds += 1
    return rounds


def load_frames(signal: Signal, first: Int, window: Floats, edges: Floats, spectrum: Floats):
    """Lay WIDTH windowed frames side by side, each sample in the slot that the transform wants."""
    var frames = Array[Floats, WIDTH](fill=signal.samples)
    comptime for lane in range(WIDTH):
        # Lanes past the last frame repeat it; nobody reads them.
        var start = Int(signal.starts[unsafe_offset=min(first + lane, signal.n_frames - 1)])
        if start >= 0 and start + N_FFT <= signal.n_samples:
            frames[lane] = signal.samples.unsafe_offset(start)
        else:
            var edge = edges.unsafe_offset(lane * N_FFT)
            for n in range(N_FFT):
                edge[unsafe_offset=n] = signal.samples[
                    unsafe_offset=reflected(start + n, signal.n_samples)
                ]
            frames[lane] = edge
    for block in range(0, N_FFT, WIDTH):
        var tile = Tile(fill=0)
        var weights = window.unsafe_load[width=WIDTH](block)
        comptime for lane in range(WIDTH):
            tile[lane] = frames[lane].unsafe_load[width=WIDTH](block) * weights
        var columns = transpose(tile^)
        comptime for i in range(WIDTH):
            spectrum.unsafe_store(slot(block + i) * WIDTH, columns[i])


@always_inline
def load_complex(spectrum: Floats, n2: Int, row: Int) -> Complex[WIDTH]:
    var at = spectrum.unsafe_offset((n2 * N1 + 2 * row) * WIDTH)
    return Complex[WIDTH](at.unsafe_load[width=WIDTH](0), at.unsafe_load[width=WIDTH](WIDTH))


@always_inline
def store_complex(spectrum: Floats, n2: Int, row: Int, z: Complex[WIDTH]):
    var at = spectrum.unsafe_offset((n2 * N1 + 2 * row) * WIDTH)
    at.unsafe_store(0, z.re)
    at.unsafe_store(WIDTH, z.im)


def transform(spectrum: Floats, powers: Floats):
    """Turn the windowed samples in `spectrum`, in place, into `powers` (N_BINS, WIDTH)."""
    for n2 in range(N2):
        transform_column(spectrum, n2)
    for row in range(ROWS):
        transform_row(spectrum, row)
    store_powers(spectrum, powers)


def transform_column(spectrum: Floats, n2: Int):
    """Transform the 16 samples of one n2."""
    var x = Array[Vector, N1](fill=0)
    comptime for n1 in range(N1):
        x[n1] = spectrum.unsafe_load[width=WIDTH]((n2 * N1 + n1) * WIDTH)
    var rows = real_dft16(x)
    comptime for row in range(ROWS):
        store_complex(spectrum, n2, row, rows[row])


def transform_row(spectrum: Floats, row: Int):
    """Transform one row over n2: radix 5 twice, n2 = 5a + b, k2 = c + 5d."""
    comptime for b in range(RADIX):
        var z = Array[Complex[WIDTH], RADIX](fill=Complex[WIDTH](0, 0))
        comptime for a in range(RADIX):
            z[a] = load_complex(spectrum, RADIX * a + b, row)
        var y = twiddled_dft5[b](z)
        comptime for c in range(RADIX):
            store_complex(spectrum, RADIX * c + b, row, y[c])
    comptime for c in range(RADIX):
        var z = Array[Complex[WIDTH], RADIX](fill=Complex[WIDTH](0, 0))
        comptime for b in range(RADIX):
            z[b] = load_complex(spectrum, RADIX * c + b, row)
        var y = dft5(z)
        comptime for d in range(RADIX):
            store_complex(spectrum, RADIX * c + d, row, y[d])


def store_powers(spectrum: Floats, powers: Floats):
    """Store the power of each bin; row 0 has two bins for each of the first half of k2."""
    for k2 in range(N2 // 2 + 1):
        var mirrored = load_complex(spectrum, place((N2 - k2) % N2), 0)
        var twins = twin_powers(load_complex(spectrum, place(k2), 0), mirrored)
        powers.unsafe_store(frequency_bin(0, k2) * WIDTH, twins[0])
        powers.unsafe_store(frequency_bin(N1 // 2, k2) * WIDTH, twins[1])
    for row in range(1, ROWS):
        for k2 in range(N2):
            var bin_power = power(load_complex(spectrum, place(k2), row))
            powers.unsafe_store(frequency_bin(row, k2) * WIDTH, bin_power)


def apply_filters(filters: Filters, powers: Floats, n_frames: Int, first: Int, output: Floats):
    """Write the logarithm of the filtered powers of WIDTH frames, WIDTH mel bands at a time."""
    for band in range(0, filters.n_mels, WIDTH):
        var tile = Tile(fill=0)
        comptime for i in range(WIDTH):
            tile[i] = log2(max(filtered(filters, powers, band + i), FLOOR)) * LOG10_OF_2
        var frames = transpose(tile^)
        comptime for lane in range(WIDTH):
            if first + lane < n_frames:
                output.unsafe_store((first + lane) * filters.n_mels + band, frames[lane])


@always_inline
def filtered(filters: Filters, powers: Floats, band: Int) -> Vector:
    var weights = filters.weights.unsafe_offset(band * filters.longest)
    var start = Int(filters.limits[unsafe_offset=2 * band])
    var energy = Vector(0)
    for i in range(Int(filters.limits[unsafe_offset=2 * band + 1]) - start):
        var bin_power = powers.unsafe_load[width=WIDTH]((start + i) * WIDTH)
        energy = bin_power.fma(Vector(weights[unsafe_offset=i]), energy)
    return energy
