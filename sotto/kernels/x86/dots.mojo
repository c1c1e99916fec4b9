"""Sums of byte products, by three instruction sets that give the same 32-bit integers."""

from std.collections import Array
from std.memory import bitcast
from std.sys import llvm_intrinsic

from ..linear.panels import PANEL
from ..quantised.layout import GROUP, Groups, Weights

comptime Wide = SIMD[DType.int32, 16]
comptime Narrow = SIMD[DType.int32, 8]


@always_inline
def add_groups(sum: Wide, x: Wide, weights: Wide) -> Wide:
    """AVX-512 VNNI: add four products of unsigned and signed bytes to each lane."""
    return llvm_intrinsic["llvm.x86.avx512.vpdpbusd.512", Wide](
        sum, bitcast[DType.uint8, 64](x), bitcast[DType.int8, 64](weights)
    )


@always_inline
def add_narrow_groups(sum: Narrow, x: Narrow, weights: Narrow) -> Narrow:
    """AVX-VNNI: the same in half as many lanes."""
    return llvm_intrinsic["llvm.x86.avx512.vpdpbusd.256", Narrow](
        sum, bitcast[DType.uint8, 32](x), bitcast[DType.int8, 32](weights)
    )


@always_inline
def multiply_pairs(x: Narrow, weights: Narrow) -> Narrow:
    """AVX2: the sum of two products of 16-bit integers in each lane."""
    return llvm_intrinsic["llvm.x86.avx2.pmadd.wd", Narrow](
        bitcast[DType.int16, 16](x), bitcast[DType.int16, 16](weights)
    )


@no_inline
def dots_vnni[rows: Int](packed: Groups, panel: Weights, n_in: Int, sums: Groups):
    """Write the sums (rows, PANEL) of packed rows times a panel."""
    comptime VECTORS = PANEL // 16
    var acc = Array[Wide, rows * VECTORS](fill=Wide(0))
    var weights = panel.unsafe_bitcast[Int32]()
    for k in range(n_in // GROUP):
        var low = weights.unsafe_load[width=16](k * PANEL)
        var high = weights.unsafe_load[width=16](k * PANEL + 16)
        comptime for r in range(rows):
            var x = Wide(packed[unsafe_offset=k * rows + r])
            acc[r * VECTORS] = add_groups(acc[r * VECTORS], x, low)
            acc[r * VECTORS + 1] = add_groups(acc[r * VECTORS + 1], x, high)
    comptime for r in range(rows):
        comptime for v in range(VECTORS):
            sums.unsafe_store(r * PANEL + v * 16, acc[r * VECTORS + v])


@no_inline
def dots_avx_vnni[rows: Int](packed: Groups, panel: Weights, n_in: Int, sums: Groups):
    """Write the sums (rows, PANEL) of packed rows times a panel.

    Half a panel at a time: with four rows the sums take half of the 16 registers.
    """
    comptime VECTORS = PANEL // 16
    var weights = panel.unsafe_bitcast[Int32]()
    comptime for half in range(0, PANEL, PANEL // 2):
        var acc = Array[Narrow, rows * VECTORS](fill=Narrow(0))
        for k in range(n_in // GROUP):
            var low = weights.unsafe_load[width=8](k * PANEL + half)
            var high = weights.unsafe_load[width=8](k * PANEL + half + 8)
            comptime for r in range(rows):
                var x = Narrow(packed[unsafe_offset=k * rows + r])
                acc[r * VECTORS] = add_narrow_groups(acc[r * VECTORS], x, low)
                acc[r * VECTORS + 1] = add_narrow_groups(acc[r * VECTORS + 1], x, high)
        comptime for r in range(rows):
            comptime for v in range(VECTORS):
                sums.unsafe_store(r * PANEL + half + v * 8, acc[r * VECTORS + v])


@no_inline
def dots_avx2[rows: Int](packed: Groups, panel: Weights, n_in: Int, sums: Groups):
    """Write the sums (rows, PANEL) of packed rows times a panel.

    AVX2's own byte product saturates at 16 bits, so even and odd bytes are widened to pairs.
    Half a panel at a time: its sums and the widened weights fill the 16 registers.
    """
    comptime VECTORS = PANEL // 16
    comptime LOW_BYTES = Int32(0x00FF00FF)
    var weights = panel.unsafe_bitcast[Int32]()
    comptime for half in range(0, PANEL, PANEL // 2):
        var acc = Array[Narrow, rows * VECTORS](fill=Narrow(0))
        for k in range(n_in // GROUP):
            var even = Array[Narrow, VECTORS](uninitialized=True)
            var odd = Array[Narrow, VECTORS](uninitialized=True)
            comptime for v in range(VECTORS):
                var w = weights.unsafe_load[width=8](k * PANEL + half + v * 8)
                var bytes = bitcast[DType.int16, 16](w)
                even[v] = bitcast[DType.int32, 8]((bytes << 8) >> 8)
                odd[v] = bitcast[DType.int32, 8](bytes >> 8)
            comptime for r in range(rows):
                var x = Narrow(packed[unsafe_offset=k * rows + r])
                comptime for v in range(VECTORS):
                    acc[r * VECTORS + v] += multiply_pairs(x & LOW_BYTES, even[v])
                    acc[r * VECTORS + v] += multiply_pairs((x >> 8) & LOW_BYTES, odd[v])
        comptime for r in range(rows):
            comptime for v in range(VECTORS):
                sums.unsafe_store(r * PANEL + half + v * 8, acc[r * VECTORS + v])
