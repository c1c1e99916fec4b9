"""Files that hold what somebody said or chose: written whole or not at all, for the user alone."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from sotto.errors import OutputError
from sotto.private_folder import PRIVATE_FILE, make_missing_folders

_Make = Callable[[Path], tuple[int, str]]  # an open file beside another, and its name


def write_private(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` (text as UTF-8) in one step, readable by the user only (0600).

    A crash at any moment leaves the old file or the new one, never half of one. Folders that
    are missing are made (0700).

    Raises:
        OutputError: the disk is full, the folder is not writable, …; the old file is intact.
    """
    try:
        _make_folder(path.parent)
        _write(path, content, _make_private)
    except OSError as error:
        raise _output_error(path, error) from error


def write_output(path: Path, content: str | bytes) -> None:
    """Replace `path` in one step as `write_private` does, readable by whom the umask says.

    For what the user asked for at a place of his own, whose folder is there.

    Raises:
        OutputError: the disk is full, the folder is not writable, …; the old file is intact.
    """
    try:
        _write(path, content, _make_output)
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


def _write(path: Path, content: str | bytes, make: _Make) -> None:
    data = content.encode(errors="replace") if isinstance(content, str) else content
    temporary = _write_beside(path, data, make)
    try:
        temporary.replace(path)
    except OSError:  # a folder has the name, say
        temporary.unlink(missing_ok=True)
        raise


def _make_private(path: Path) -> tuple[int, str]:
    # mkstemp makes the file with mode 0600 from the start.
    return tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")


def _make_output(path: Path) -> tuple[int, str]:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    # Of this mode the umask takes what the user wants others not to do.
    return os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), str(beside)


def _write_beside(path: Path, data: bytes, make: _Make) -> Path:
    handle, name = make(path)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _output_error(path: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(f"{path} could not be written ({why.lower()}); choose another place.")
