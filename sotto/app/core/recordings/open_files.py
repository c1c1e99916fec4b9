"""Whether a file is still being written."""

import errno
import os
import signal
import sys
from pathlib import Path


def is_being_written(path: Path) -> bool:
    """Tell whether some program has a file open to write to it, where the system says so.

    Linux grants a lease for reading only while nobody does (fcntl(2), "Leases"); of files of
    others, and on disks of other machines, it says nothing.

    Raises:
        OSError: the file cannot be opened.
    """
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 (Windows has none)

    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        # A writer who comes just now breaks the lease with a signal: one that does nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
