"""Files that hold what somebody said or chose: written whole or not at all, for the user alone."""

import contextlib
import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from sotto.errors import OutputError
from sotto.leftovers import lock
from sotto.private_folder import PRIVATE_FILE, make_missing_folders

_ANYBODYS_FILE = 0o666  # of this mode the umask takes what others are not to do
_LONGEST_BEGINNING = 200  # bytes of 255; the name of a text may need all of them
_DESCRIPTORS = Path("/proc/self/fd")
_IS_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_IS_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}


def write_private(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` (text as UTF-8) in one step, readable by the user only (0600).

    A crash at any moment leaves the old file or the new one, never half of one. Folders that
    are missing are made (0700).

    Raises:
        OutputError: the disk is full, the folder is not writable, …; the old file is intact.
    """
    try:
        _make_folder(path.parent)
        _replace(path, content, PRIVATE_FILE)
    except OSError as error:
        raise _output_error(path, error) from error


def write_output(path: Path, content: str | bytes) -> None:
    """Replace `path` in one step as `write_private` does, readable by whom the umask says.

    For what the user asked for at a place of his own, whose folder is there. What a link leads to
    is replaced, and the link stays.

    Raises:
        OutputError: the disk is full, the folder is not writable, …; the old file is intact.
    """
    try:
        _replace(Path(os.path.realpath(path)), content, _ANYBODYS_FILE)
    except OSError as error:
        raise _output_error(path, error) from error


def create_private(path: Path, content: str) -> None:
    """Write a new file as `write_private` does, but never over an existing one.

    Raises:
        FileExistsError: there is a file of that name already.
        OutputError: the file cannot be written.
    """
    try:
        _make_folder(path.parent)
        # Taking the name first is the only way that works on every file system, USB sticks too.
        path.touch(mode=PRIVATE_FILE, exist_ok=False)
    except FileExistsError:
        raise
    except OSError as error:
        raise _output_error(path, error) from error
    try:
        write_private(path, content)
    except OutputError:
        path.unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    # Where a file has the folder's name, opening what would lie in it says so more clearly.
    with contextlib.suppress(FileExistsError):
        make_missing_folders(folder)


def _replace(path: Path, content: str | bytes, mode: int) -> None:
    data = content.encode(errors="replace") if isinstance(content, str) else content
    temporary = _write_beside(path, data, mode)
    try:
        temporary.replace(path)
    except OSError:  # a folder has the name, say
        temporary.unlink(missing_ok=True)
        raise


def _write_beside(path: Path, data: bytes, mode: int) -> Path:
    """Write a new file; it has a name only once it is whole, where the system can do that."""
    name = os.fsencode(path.name)[:_LONGEST_BEGINNING].decode(errors="ignore")
    temporary = path.with_name(f".{name}.{secrets.token_hex(4)}")
    try:
        unnamed = _open_unnamed(path.parent, mode)
        if unnamed is None or not _write(unnamed, data, lambda at: _give_name(at, temporary)):
            _write(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), data)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _write(descriptor: int, data: bytes, finish: Callable[[int], bool] = lambda _: True) -> bool:
    """Write all data and close the file, after `finish`; return what that returns."""
    with os.fdopen(descriptor, "wb") as file:
        lock(descriptor)
        file.write(data)
        file.flush()
        os.fsync(descriptor)
        return finish(descriptor)


def _open_unnamed(folder: Path, mode: int) -> int | None:
    """Open a file that is gone when this process is; None where that cannot be."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not _DESCRIPTORS.is_dir():
        return None
    try:
        return os.open(folder, flag | os.O_WRONLY, mode)
    except OSError:  # few file systems of other makers know them; a real error comes again
        return None


def _give_name(descriptor: int, path: Path) -> bool:
    """Return whether a file without a name has this one now."""
    # Only with a folder's descriptor does Python follow the link, as open(2) says under O_TMPFILE.
    link = _DESCRIPTORS / str(descriptor)
    try:
        os.link(link, path, src_dir_fd=descriptor, follow_symlinks=True)
    except OSError as error:
        if error.errno in _IS_FULL:
            raise
        return False
    return True


def _output_error(path: Path, error: OSError) -> OutputError:
    why = (error.strerror or str(error)).lower()
    return OutputError(f"{path} could not be written ({why}); {_remedy(error, path.parent)}.")


def _remedy(error: OSError, folder: Path) -> str:
    """Say what to do where a file cannot be written in a folder."""
    if error.errno in _IS_FULL:
        return f"make room in {folder}, or choose another place"
    if error.errno in _IS_FORBIDDEN:
        return f"make {folder} writable, or choose another place"
    return "choose another place"
