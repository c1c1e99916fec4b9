"""Rows of a matrix times a weight matrix, with bias, GELU and addend in one pass."""

from .op import Linear
