"""Lets MAX's threads sleep while there is nothing for them to do.

To be imported before MAX: its settings are read from the environment once.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

POOL_WAIT_US = "20"
"""How long a thread of the pool looks for more work before it sleeps.

About as long as from one kernel to the next, of which a token has some twenty. With MAX's own 200
threads went on looking for up to 5 ms after a call that they had shared.
"""

SLACK_NS = 100_000_000
"""Ten wakes a second cost next to nothing, and 0.1 s is no wait when Sotto ends."""

# <linux/prctl.h>
PR_SET_TIMERSLACK = 29
PR_GET_TIMERSLACK = 30

# The first is for the device and the second for the session, and MAX ends the process where the two
# differ. So it would where its device is there already; another program's MAX is left alone.
if "max" not in sys.modules:
    os.environ["MODULAR_THREAD_BUSY_WAIT_US"] = POOL_WAIT_US
    os.environ["MODULAR_RUNTIME_THREAD_BUSY_WAIT_TIME_US"] = POOL_WAIT_US


@contextmanager
def drowsy_threads() -> Iterator[None]:
    """Let each thread that this one starts meanwhile wait up to 0.1 s longer than it asks for.

    The first run of a graph starts the thread of MAX's log, which looks every 0.1 ms whether there
    is something to write, for as long as the process lives and whatever is to be logged: 5 % of a
    core. No setting of MAX 26.7 turns that off. Linux lets a timed wait end late so that others'
    may end along with it; how late, a thread takes from the one that starts it (prctl(2)).
    """
    if sys.platform != "linux":
        yield
        return
    prctl = ctypes.CDLL(None).prctl
    before_ns = prctl(PR_GET_TIMERSLACK)
    prctl(PR_SET_TIMERSLACK, ctypes.c_ulong(SLACK_NS))
    try:
        yield
    finally:
        prctl(PR_SET_TIMERSLACK, ctypes.c_ulong(before_ns))
