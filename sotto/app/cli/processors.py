"""How many processors a command may use."""

import os


def use_processors(count: int | None) -> None:
    """Keep this process, and those it starts, to `count` processors; None or 0: all.

    Call it before a model is loaded: MAX makes a thread for each processor it may use.
    """
    if not count:
        return
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, processors[:count])
