"""Instruction sets of the byte kernels, and which of them the compiler may use.

processor.py numbers them alike, and asks the same of the processor at run time.
"""

from std.sys.info import CompilationTarget

comptime AVX2 = 0
comptime VNNI = 1
comptime AMX = 2
"""AMX's few rows are VNNI's."""

comptime COMPILES_VNNI = (
    CompilationTarget._has_feature["avx512f"]() and CompilationTarget._has_feature["avx512vnni"]()
)
"""Whether there are byte products of 512 bits. `CompilationTarget.has_vnni()` is no answer: it is
true as well where AVX-VNNI makes them of 256 bits without AVX-512 (Intel's desktops since 2021)."""
