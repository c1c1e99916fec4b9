"""Instruction sets of the byte kernels, and which of them the compiler may use.

../processor.py numbers them alike, and asks the same of the processor at run time.
"""

from std.sys.info import CompilationTarget

comptime AVX2 = 0
comptime AVX_VNNI = 1
comptime VNNI = 2
comptime AMX = 3
"""AMX's few rows are VNNI's."""

comptime Target = CompilationTarget

# `CompilationTarget.has_vnni()` tells the two apart no more than their name does: Intel's desktop
# processors since 2021 have products of 256 bits, and nothing of AVX-512.
comptime COMPILES_VNNI = Target._has_feature["avx512f"]() and Target._has_feature["avx512vnni"]()
"""Whether there are byte products of 512 bits."""
comptime COMPILES_AVX_VNNI = Target._has_feature["avxvnni"]() or (
    COMPILES_VNNI and Target._has_feature["avx512vl"]()
)
"""Whether there are byte products of 256 bits."""
