"""How many threads MAX may use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TASKS = Path("/proc/self/task")


@contextmanager
def at_most(count: int | None) -> Iterator[None]:
    """Let MAX start no more than `count` threads, if it is used for the first time inside.

    A process has one pool, with a thread for each processor that the thread which starts it may
    run on. The session's own `num_threads` aborts the process (MAX 26.7), so the processors are
    narrowed meanwhile. Where the system cannot do that, all of them are used.
    """
    if count is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    processors = os.sched_getaffinity(0)
    before = {task.name for task in TASKS.iterdir()}
    os.sched_setaffinity(0, sorted(processors)[: max(1, count)])
    try:
        yield
    finally:
        # The pool has inherited the narrow choice; let it, too, run where there is room.
        started = {task.name for task in TASKS.iterdir()} - before
        for thread in [0, *map(int, started)]:
            os.sched_setaffinity(thread, processors)
