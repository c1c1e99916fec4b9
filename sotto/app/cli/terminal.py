"""The three standard streams: all that commands write there goes through here, as plain lines."""

import contextlib
import errno
import io
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO

from sotto.app.core.printable import printable
from sotto.errors import OutputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

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
    if sys.stdout is None or type(sys.stdout) is io.TextIOWrapper:
        sys.stdout = _text_stream(_Output(1, "w", closefd=False), sys.stdout)
    if sys.stderr is None or type(sys.stderr) is io.TextIOWrapper:
        # A number of its own: 2 leads nowhere while C libraries are kept from writing there.
        sys.stderr = _text_stream(io.FileIO(os.dup(2), "w", closefd=False), sys.stderr)
        sys.stderr.reconfigure(line_buffering=True)


def write_line(text: str) -> None:
    """Write a line to the standard output, at once.

    Raises:
        OSError: nobody reads it any more, the disk is full, …
    """
    sys.stdout.write(f"{printable(text)}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line to the standard error output; where that is gone, nobody wants to know."""
    try:
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        _give_up(sys.stderr)


def tell(text: str) -> None:
    """Tell the user what is wrong, with the program's name as the custom is."""
    note(f"sotto: {text}")


def require_output() -> None:
    """See that there is a standard output at all, before anything is done for it.

    Raises:
        OutputError: the program was started without one.
    """
    try:
        os.write(sys.stdout.fileno(), b"")
    except OSError as error:
        if error.errno == errno.EBADF:
            what = "standard output is closed: leave it open, or send it to /dev/null"
            raise OutputError(what) from error
    except ValueError:  # not a file, which is fine
        return


def check_output() -> None:
    """See whether somebody can still read what is written; for pipes and terminals.

    Raises:
        BrokenPipeError: whoever read it has gone.
    """
    if not hasattr(select, "poll"):
        return
    poll = select.poll()
    with contextlib.suppress(OSError, ValueError):  # no file, or closed from the start
        poll.register(sys.stdout.fileno(), 0)  # errors alone
    if any(seen & (select.POLLERR | select.POLLHUP) for _, seen in poll.poll(0)):
        raise BrokenPipeError


def failure_of_output() -> OSError | None:
    """Return why something could not be written to the standard output, None if all was."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Output) else None


class _Output(io.FileIO):
    """Remembers a failure, which others (argparse, for one) take for nothing."""

    failure: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            raise


def give_up_output() -> None:
    """Let go what could not be written."""
    _give_up(sys.stdout)


def _give_up(stream: TextIO) -> None:
    # Python would try once more when it ends, and complain.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()


def _open_if_closed(number: int, flags: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        os.dup2(os.open(os.devnull, flags), number)


def _text_stream(raw: io.FileIO, before: io.TextIOWrapper | None) -> io.TextIOWrapper:
    """Return a stream that takes any text and is else as the one before."""
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=before.encoding if before else "utf-8",
        errors="replace",
        line_buffering=bool(before and before.line_buffering),
        write_through=bool(before and before.write_through),
    )
