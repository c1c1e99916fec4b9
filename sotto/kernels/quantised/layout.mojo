"""The layout of byte weights: panels (n_out / 32, n_in / 4, 32, 4), zero-padded columns.

Four inputs of a column lie together: the processor's byte instructions multiply and add four.
"""

comptime GROUP = 4
comptime Bytes = Pointer[UInt8, MutUntrackedOrigin]
comptime Groups = Pointer[Int32, MutUntrackedOrigin]
"""Four bytes in each word."""
comptime Weights = Pointer[Int8, MutUntrackedOrigin]
comptime OFFSET = 128
"""Added to each input byte, as the instructions multiply unsigned bytes by signed ones. Each
column's correction, 128 times the sum of its weights, takes it out again."""
