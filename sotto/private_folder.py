"""Folders and files that are the user's alone, whatever the umask; and whether they still are."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
_OTHERS_WRITE = 0o022
_IS_POSIX = os.name == "posix"  # elsewhere the user's folders are private by what they inherit


class UntrustedError(PermissionError):
    """A file or folder is another user's, or others may write it."""


def make_private_folder(folder: Path) -> None:
    """Make a folder of Sotto's, and parents that are missing; what others may do there ends.

    Raises:
        OSError: it cannot be made.
    """
    make_missing_folders(folder)
    found = folder.stat()
    if _IS_POSIX and found.st_uid == os.geteuid() and found.st_mode & 0o077:
        folder.chmod(found.st_mode & PRIVATE_FOLDER)


def make_missing_folders(folder: Path) -> None:
    """Make a folder and the parents that are missing, each for the user alone.

    `Path.mkdir` gives its mode to the last one only. What is there already stays as it is.

    Raises:
        OSError: one cannot be made, or the last one is a file.
    """
    try:
        _make(folder)
    except FileNotFoundError:
        if folder.parent == folder:
            raise
        make_missing_folders(folder.parent)
        with suppress(FileExistsError):  # another process was quicker
            _make(folder)
    except OSError:
        # Asked last: a folder that is there may lie where nobody may make one.
        if not os.path.isdir(folder):  # noqa: PTH112 (`Path.is_dir` raises where it may not look)
            raise


def _make(folder: Path) -> None:
    folder.mkdir(mode=PRIVATE_FOLDER)
    if folder.stat().st_mode & PRIVATE_FOLDER != PRIVATE_FOLDER:  # a umask of 0o777, say
        folder.chmod(PRIVATE_FOLDER)


def open_private(path: Path, flags: int) -> int:
    """Open a file for writing, for the user alone whatever the umask; return its descriptor.

    Raises:
        OSError: it cannot be opened.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, PRIVATE_FILE)
    make_private(descriptor)
    return descriptor


def make_private(descriptor: int) -> None:
    """Take an open file from all but the user, if it is the user's."""
    found = os.fstat(descriptor)
    if _IS_POSIX and found.st_uid == os.geteuid() and found.st_mode & 0o777 != PRIVATE_FILE:
        os.fchmod(descriptor, PRIVATE_FILE)


def open_trusted(path: Path) -> BinaryIO:
    """Open a file for reading that nobody but the user can have written.

    Both are looked at through what was opened, so that neither can be exchanged meanwhile.

    Raises:
        OSError: there is no such file.
        UntrustedError: it or its folder is another user's, or others may write it.
    """
    if not _IS_POSIX:
        return path.open("rb")
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        check_trusted(os.fstat(folder), path.parent)
        file = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        check_trusted(os.fstat(file), path)
        return os.fdopen(file, "rb")
    except BaseException:
        os.close(file)
        raise


def check_trusted(found: os.stat_result, path: Path) -> None:
    """Refuse what is another user's, or what others may write.

    Raises:
        UntrustedError: it is so.
    """
    if not _IS_POSIX:
        return
    is_plain = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    if not is_plain or found.st_uid != os.geteuid() or found.st_mode & _OTHERS_WRITE:
        raise UntrustedError(errno.EPERM, "other users can change it", str(path))
