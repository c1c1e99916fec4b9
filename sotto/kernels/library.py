"""The kernels as graphs take them."""

from functools import cache

from max.graph import KernelLibrary

from sotto.kernels.ops import KERNELS_DIR


@cache
def kernel_library() -> KernelLibrary:
    """Return the kernels, parsed once for all graphs of this process, which takes seconds."""
    library = KernelLibrary()
    library.load_paths([KERNELS_DIR])
    return library
