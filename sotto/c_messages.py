"""What libraries in C print by themselves, kept off the user's terminal."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def c_messages_hidden() -> Iterator[None]:
    """Keep what libraries print to the error output off the terminal; by one thread at a time.

    What goes wrong is in what they return, too.
    """
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path of ours
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
