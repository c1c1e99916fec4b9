"""Pointers to the memory of tensors, as the inner loops take them."""

comptime Floats = Pointer[Float32, MutUntrackedOrigin]
"""Memory that the graph keeps alive for as long as an op runs."""
