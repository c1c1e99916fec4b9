"""What two texts begin with."""

from collections.abc import Sequence


def n_shared(some: Sequence[int], others: Sequence[int]) -> int:
    """Return with how many tokens both begin."""
    pairs = zip(some, others, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(some), len(others)))
