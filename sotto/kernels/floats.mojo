"""Pointers to the memory of tensors, as the inner loops take them."""

from std.memory.alloc import unsafe_alloc

comptime Floats = Pointer[Float32, MutUntrackedOrigin]
"""Memory that the graph keeps alive for as long as an op runs."""


def floats(pointer: Pointer[Float32, MutAnyOrigin]) -> Floats:
    """Return what a tensor's `unsafe_ptr()` points to."""
    return pointer.unsafe_origin_cast[MutUntrackedOrigin]()


def allocate(count: Int) -> Floats:
    """Return scratch memory; the caller frees it."""
    return unsafe_alloc[Float32](count, alignment=64).unsafe_origin_cast[MutUntrackedOrigin]()
