"""Layer normalisation of the rows of a matrix."""

from .router import LayerNorm
