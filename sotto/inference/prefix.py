"""What two texts begin with."""

from collections.abc import Sequence


def n_shared(some: Sequence[int], others: Sequence[int]) -> int:
    """Return with how many tokens both begin."""
    n = min(len(some), len(others))
    if [*some[:n]] == [*others[:n]]:  # mostly so, and told sooner
        return n
    return next(i for i, (a, b) in enumerate(zip(some, others, strict=False)) if a != b)
