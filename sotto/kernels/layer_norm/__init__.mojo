"""Layer normalisation of the rows of a matrix."""

from .op import LayerNorm
