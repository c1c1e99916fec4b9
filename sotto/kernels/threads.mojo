"""How many threads an op uses."""

from std.runtime import parallelism_level


def at_most(threads: Int64) -> Int:
    """Return the number of threads in the pool, or `threads` if that is fewer and not 0."""
    return parallelism_level() if threads == 0 else min(Int(threads), parallelism_level())
