"""Files that hold what somebody said or chose: written whole or not at all, for the user alone."""

import contextlib
import os
import tempfile
from pathlib import Path

from sotto.errors import OutputError


def write_private(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` (text as UTF-8) in one step, readable by the user only (0600).

    A crash at any moment leaves the old file or the new one, never half of one. Folders that
    are missing are made (0700).

    Raises:
        OutputError: the disk is full, the folder is not writable, …; the old file is intact.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        _make_folder(path.parent)
        temporary = _write_beside(path, data)
        temporary.replace(path)
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
        path.touch(mode=0o600, exist_ok=False)
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
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _write_beside(path: Path, data: bytes) -> Path:
    # mkstemp makes the file with mode 0600 from the start.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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
