"""Entering a file that was fetched into a snapshot of the hub's cache, as its own library does.

The layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. The library would ask
the hub once more about each file, and fetch by itself what a lying one then calls another file.
"""

import os
import shutil
from pathlib import Path

REFERENCE = "main"


def enter(repository: Path, commit: str, name: str, blob: Path) -> Path:
    """Have a snapshot's file `name` be the blob, and return the file.

    Args:
        repository: Its folder in the cache.
        commit: Of the snapshot, 40 hexadecimal digits.
        name: The file's, in the repository; parts are separated by slashes.
        blob: In the repository's `blobs`.

    Raises:
        OSError: The folder cannot be written.
    """
    pointer = repository / "snapshots" / commit / name
    pointer.parent.mkdir(parents=True, exist_ok=True)
    if not pointer.exists():
        pointer.unlink(missing_ok=True)  # it may point to what is gone
        try:
            pointer.symlink_to(os.path.relpath(blob, pointer.parent))
        except OSError:  # Windows wants a right for that
            shutil.copyfile(blob, pointer)
    reference = repository / "refs" / REFERENCE
    reference.parent.mkdir(parents=True, exist_ok=True)
    reference.write_text(commit, encoding="ascii")
    return pointer
