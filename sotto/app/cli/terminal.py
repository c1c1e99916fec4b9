"""The three standard streams: all that commands write there goes through here, as plain lines."""

import contextlib
import io
import os
import sys

from sotto.app.core.printable import printable

_STREAMS = ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY))


def prepare() -> None:
    """Have all three streams open and able to take any text, however the program was started.

    A file that is opened while one of them is closed would get its number, and would then be read
    or written by whoever means the stream. What stands in for a closed standard output cannot be
    written to, so that a command whose output is lost says so.
    """
    for number, flags in _STREAMS:
        with contextlib.suppress(OSError):
            _open_if_closed(number, flags)
    sys.stdout = sys.stdout or _text_stream(1)
    sys.stderr = sys.stderr or _text_stream(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def write_line(text: str) -> None:
    """Write a line to the standard output, at once.

    Raises:
        OSError: nobody reads it any more, the disk is full, …
    """
    sys.stdout.write(f"{printable(text)}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line to the standard error output; where that is gone, nobody wants to know."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()


def tell(text: str) -> None:
    """Tell the user what is wrong, with the program's name as the custom is."""
    note(f"sotto: {text}")


def failure_of_output() -> OSError | None:
    """Return why the standard output cannot be written, None if it can."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return None


def give_up_output() -> None:
    """Let go what could not be written: Python would try once more when it ends, and complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_if_closed(number: int, flags: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        os.dup2(os.open(os.devnull, flags), number)


def _text_stream(number: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8")
