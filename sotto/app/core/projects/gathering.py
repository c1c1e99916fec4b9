"""The recordings in a folder."""

import mimetypes
import os
from pathlib import Path


def recordings_in(folder: Path) -> tuple[Path, ...]:
    """Return what a folder and those in it hold of sound and video, by name, in order.

    Hidden files and folders are left out, and so is what a link leads to.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in sorted(names) if _is_recording(name)]
    return tuple(found)


def _is_recording(name: str) -> bool:
    kind = mimetypes.guess_type(name)[0] or ""
    return kind.startswith(("audio/", "video/")) and not name.startswith(".")
