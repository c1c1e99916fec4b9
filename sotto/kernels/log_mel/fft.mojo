"""Discrete Fourier transform of 400 real samples by the prime-factor algorithm, 400 = 16 · 25.

16 and 25 share no factor, so with the index maps of Good (1958)

    n = (25 n1 + 16 n2) mod 400        k = (225 k1 + 176 k2) mod 400

the transform is a two-dimensional one of 16 by 25 points without twiddles between the two:
25 real transforms over n1, then 9 transforms over n2, for k1 = 0 … 8; the others are conjugates.
k1 = 0 and 8 are real before the second step and share one complex transform, so 8 suffice.

All functions work on values, `width` independent transforms in the lanes: frames of a CPU vector,
or one frame of a GPU thread.
"""

from std.complex import ComplexSIMD
from std.math import pi

comptime N_FFT = 400
comptime N_BINS = N_FFT // 2 + 1
comptime N1 = 16
comptime N2 = 25
comptime ROWS = N1 // 2  # k1 = 1 … 7, and row 0 for k1 = 0 (real part) and 8 (imaginary part)
comptime RADIX = 5  # 25 = 5 · 5

comptime Real[width: Int] = SIMD[DType.float32, width]
comptime Complex[width: Int] = ComplexSIMD[DType.float32, width]
comptime Complex64 = ComplexSIMD[DType.float64, 1]


@always_inline
def slot(n: Int) -> Int:
    """Where sample n waits for its transform: the 16 samples of one n2 lie side by side."""
    return (11 * n % N2) * N1 + 9 * n % N1


@always_inline
def sample_index(n1: Int, n2: Int) -> Int:
    """The inverse of `slot`: the sample at (n1, n2)."""
    return (N2 * n1 + N1 * n2) % N_FFT


@always_inline
def frequency_bin(k1: Int, k2: Int) -> Int:
    """The bin, 0 … 200, that (k1, k2) or its conjugate stands for."""
    var k = (225 * k1 + 176 * k2) % N_FFT
    return min(k, N_FFT - k)


@always_inline
def place(k2: Int) -> Int:
    """Where the two radix-5 steps leave output k2 of the 25-point transform: k2 = c + 5d at 5c + d.
    """
    return RADIX * (k2 % RADIX) + k2 // RADIX


def exp_i(angle: Float64) -> Complex64:
    """The value exp(i·angle) by its series: a GPU program has no double-precision sine, not even
    at compile time. 40 terms are exact to 1e-14 on one turn.
    """
    var sum = Complex64(1, 0)
    var term = Complex64(1, 0)
    for n in range(1, 40):
        term = Complex64(-term.im, term.re) * Complex64(angle / Float64(n), 0)
        sum = sum + term
    return sum


@always_inline
def unit_root[n: Int, k: Int, width: Int]() -> Complex[width]:
    """The value exp(-2πik/n), rounded once from double precision."""
    comptime root = exp_i(-2 * pi * Float64(k) / Float64(n))
    comptime re = Float32(root.re)
    comptime im = Float32(root.im)
    return Complex[width](re, im)


@always_inline
def times_minus_i[width: Int](z: Complex[width]) -> Complex[width]:
    return Complex[width](z.im, -z.re)


@always_inline
def scaled[width: Int](z: Complex[width], factor: Float32) -> Complex[width]:
    return Complex[width](z.re * factor, z.im * factor)


@always_inline
def dft4[width: Int](z: Array[Complex[width], 4]) -> Array[Complex[width], 4]:
    var even_sum = z[0] + z[2]
    var even_difference = z[0] - z[2]
    var odd_sum = z[1] + z[3]
    var odd_difference = times_minus_i(z[1] - z[3])
    return [
        even_sum + odd_sum,
        even_difference + odd_difference,
        even_sum - odd_sum,
        even_difference - odd_difference,
    ]


@always_inline
def dft5[width: Int](z: Array[Complex[width], RADIX]) -> Array[Complex[width], RADIX]:
    comptime root1 = exp_i(2 * pi / 5)
    comptime root2 = exp_i(4 * pi / 5)
    comptime cos1 = Float32(root1.re)
    comptime cos2 = Float32(root2.re)
    comptime sin1 = Float32(root1.im)
    comptime sin2 = Float32(root2.im)
    var sum1 = z[1] + z[4]
    var sum2 = z[2] + z[3]
    var difference1 = times_minus_i(z[1] - z[4])
    var difference2 = times_minus_i(z[2] - z[3])
    var even1 = z[0] + scaled(sum1, cos1) + scaled(sum2, cos2)
    var even2 = z[0] + scaled(sum1, cos2) + scaled(sum2, cos1)
    var odd1 = scaled(difference1, sin1) + scaled(difference2, sin2)
    var odd2 = scaled(difference1, sin2) - scaled(difference2, sin1)
    return [z[0] + sum1 + sum2, even1 + odd1, even2 + odd2, even2 - odd2, even1 - odd1]


@always_inline
def twiddled_dft5[
    b: Int, width: Int
](z: Array[Complex[width], RADIX]) -> Array[Complex[width], RADIX]:
    """First radix-5 step of the 25-point transform, for the inputs n2 = 5a + b."""
    var y = dft5(z)
    comptime for c in range(RADIX):
        y[c] = y[c] * unit_root[N2, b * c, width]()
    return y^


@always_inline
def real_dft16[width: Int](x: Array[Real[width], N1]) -> Array[Complex[width], ROWS]:
    """Transform 16 real samples; element 0 holds the real X[0] and X[8], element k holds X[k]."""
    var row0 = Array[Real[width], 4](fill=0)
    var row1 = Array[Complex[width], 4](fill=Complex[width](0, 0))
    var row2 = Array[Real[width], 4](fill=0)
    comptime for b in range(4):
        var even_sum = x[b] + x[8 + b]
        var odd_sum = x[4 + b] + x[12 + b]
        row0[b] = even_sum + odd_sum
        row2[b] = even_sum - odd_sum
        row1[b] = Complex[width](x[b] - x[8 + b], x[12 + b] - x[4 + b]) * unit_root[
            N1, b, width
        ]()
    var even = row0[0] + row0[2]
    var odd = row0[1] + row0[3]
    var outer = dft4(row1)
    comptime diagonal = Float32(0.70710678118654752)
    var difference = (row2[1] - row2[3]) * diagonal
    var sum = (row2[1] + row2[3]) * diagonal
    return [
        Complex[width](even + odd, even - odd),
        outer[0],
        Complex[width](row2[0] + difference, -row2[2] - sum),
        Complex[width](outer[3].re, -outer[3].im),
        Complex[width](row0[0] - row0[2], row0[3] - row0[1]),
        outer[1],
        Complex[width](row2[0] - difference, row2[2] - sum),
        Complex[width](outer[2].re, -outer[2].im),
    ]


@always_inline
def power[width: Int](z: Complex[width]) -> Real[width]:
    return z.re * z.re + z.im * z.im


@always_inline
def twin_powers[width: Int](z: Complex[width], mirrored: Complex[width]) -> Array[Real[width], 2]:
    """Power at k1 = 0 and at k1 = 8 of the two real transforms in row 0.

    With Z the transform of a + ib, the transform of a is (Z[k] + conj Z[-k]) / 2 and that of b
    is (Z[k] - conj Z[-k]) / 2i.
    """
    var a = Complex[width](z.re + mirrored.re, z.im - mirrored.im)
    var b = Complex[width](z.im + mirrored.im, mirrored.re - z.re)
    return [power(a) * 0.25, power(b) * 0.25]
