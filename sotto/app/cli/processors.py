"""How many processors a command may use."""

import os

from sotto.errors import UsageError


def use_processors(count: int | None) -> None:
    """Keep this process, and those it starts, to `count` processors; None: all.

    Call it before a model is loaded: MAX makes a thread for each processor it may use.

    Raises:
        UsageError: fewer than one.
    """
    if count is None:
        return
    if count < 1:
        raise UsageError("--threads must be at least 1")
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, processors[:count])
