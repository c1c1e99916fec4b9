"""Mojo kernels and the checked Python side of each."""
