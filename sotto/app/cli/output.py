"""Standard output, whose reader may go while nothing is written."""

import io
import os
import select
import sys
from contextlib import suppress


def check() -> None:
    """See whether somebody can still read what is written; for pipes and terminals.

    Raises:
        BrokenPipeError: whoever read it has gone.
    """
    number = _descriptor()
    if number is None or not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(number, 0)  # errors alone
    if any(seen & (select.POLLERR | select.POLLHUP) for _, seen in poll.poll(0)):
        raise BrokenPipeError


def abandon() -> None:
    """Write nothing any more: Python would try again at its end, and complain."""
    number = _descriptor()
    if number is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)


def tell(line: str) -> None:
    """Write a line to standard error; what cannot be told there is no reason to end."""
    with suppress(OSError, AttributeError):  # it may be full, or closed from the start
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _descriptor() -> int | None:
    try:
        return sys.stdout.fileno()
    except (AttributeError, io.UnsupportedOperation, ValueError):
        return None  # closed from the start, or not a file
