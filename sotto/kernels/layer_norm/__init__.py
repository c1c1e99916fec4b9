"""Layer normalisation of the rows of a matrix."""
