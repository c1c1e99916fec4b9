"""Sotto's cache folder: what can be made again, but not in no time.

Any process of the user's may write, replace or remove any file at any time, and readers trust none
of them to be whole. Other users can do nothing here: what they could have written is not read.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

import platformdirs

from sotto.leftovers import lock, remove_leftovers
from sotto.private_folder import check_trusted, make_private_folder

# An update of Sotto or a removed model leaves files that nobody will ask for again.
UNUSED_S = 30 * 24 * 3600


def cache_dir(kind: str) -> Path:
    """Return the folder of a kind of files: in $SOTTO_CACHE_DIR, or the user's cache folder."""
    base = os.environ.get("SOTTO_CACHE_DIR")
    return (Path(base) if base else platformdirs.user_cache_path("sotto")) / kind


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is at `path` once it is whole, and never if an exception is raised.

    What killed writes have left is removed from the folder, and what has not been used for a
    month: it only grows here.

    Raises:
        OSError: The folder cannot be written, or the disk is full.
    """
    # No fsync: a power cut may leave a file with holes, which its readers notice.
    remove_leftovers([path.parent])
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as partial:
        try:
            lock(partial.fileno())
            yield partial
            partial.flush()
            Path(partial.name).replace(path)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
    remove_unused(path.parent)


def check_room(folder: Path, n_bytes: int) -> None:
    """See that a file of so many bytes can be kept in a folder, before it is made with much work.

    The folder is made, or made private. Then it is tried: permissions alone do not tell of
    read-only mounts or a mighty user.

    Raises:
        OSError: It cannot be written, has no room, or is another user's.
    """
    make_private_folder(folder)
    check_trusted(folder.stat(), folder)
    remove_leftovers([folder])
    with TemporaryFile(dir=folder):
        if shutil.disk_usage(folder).free < n_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def not_kept(what: str, folder: Path, error: OSError) -> str:
    """Say in a line that something is used from memory, because its folder did not take it."""
    why = (error.strerror or str(error)).lower()
    return (
        f"{what} cannot be kept in {folder} ({why}), and will be made again at the next start; "
        "make room there, or have SOTTO_CACHE_DIR name another folder"
    )


def mark_used(path: Path) -> None:
    """Note that a file is of use: many systems do not keep the time of its last reading."""
    with suppress(OSError):
        os.utime(path)


def remove_unused(folder: Path) -> None:
    """Remove the files that were neither written nor marked as used for a month."""
    latest = time.time() - UNUSED_S
    for path in folder.iterdir():
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < latest:
                path.unlink()
