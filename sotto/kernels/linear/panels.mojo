"""The layout of weights: panels of 32 output columns, (n_out / 32, n_in, 32), zero-padded."""

from std.sys import simd_width_of

comptime PANEL = 32
"""Columns of the output that one panel yields; two AVX-512, four AVX2, eight NEON vectors."""
comptime WIDTH = min(simd_width_of[DType.float32](), PANEL)
comptime VECTORS = PANEL // WIDTH
comptime Vector = SIMD[DType.float32, WIDTH]
comptime TALL = 12 if WIDTH >= 16 else 3
"""Rows of a full tile: 24 accumulators leave room in 32 registers, 12 in AVX2's 16."""
comptime SHORT = TALL // 3
"""Rows of a tile for what is left of the input below a full tile."""
