"""Opening files that may be anything: a pipe would keep its reader waiting, a device never end."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

# Without waiting for who writes into a pipe; Windows has a word for bytes instead.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        OSError: There is none, it may not be read, or it is a folder, a pipe, a device, ….
        ValueError: No file can have that name.
    """
    descriptor = os.open(path, _READING)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no file but a pipe or a device", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path) -> bytes:
    """Return the content of a file; errors are those of `open_regular`."""
    with open_regular(path) as file:
        return file.read()
