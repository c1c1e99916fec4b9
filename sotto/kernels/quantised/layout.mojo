"""The layout of byte weights: panels (n_out / 32, n_in / 4, 32, 4), zero-padded columns.

Four inputs of a column lie together: the processor's byte instructions multiply and add four.
"""

from std.memory.alloc import unsafe_alloc

comptime GROUP = 4
comptime Bytes = Pointer[UInt8, MutUntrackedOrigin]
comptime Groups = Pointer[Int32, MutUntrackedOrigin]
"""Four bytes in each word."""
comptime Weights = Pointer[Int8, MutUntrackedOrigin]
comptime OFFSET = 128
"""Added to each input byte, as the instructions multiply unsigned bytes by signed ones. Each
column's correction, 128 times the sum of its weights, takes it out again."""


def allocate_words(count: Int) -> Groups:
    """Return scratch memory, aligned for vectors; the caller frees it."""
    return unsafe_alloc[Int32](count, alignment=64).unsafe_origin_cast[MutUntrackedOrigin]()


def weights(pointer: Pointer[Int8, MutAnyOrigin]) -> Weights:
    """Return what a tensor's `unsafe_ptr()` points to."""
    return pointer.unsafe_origin_cast[MutUntrackedOrigin]()


def integers(pointer: Pointer[Int32, MutAnyOrigin]) -> Groups:
    """Return what a tensor's `unsafe_ptr()` points to."""
    return pointer.unsafe_origin_cast[MutUntrackedOrigin]()
