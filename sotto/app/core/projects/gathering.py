"""The recordings in a folder."""

import os
from pathlib import Path

_SOUND = "aac aif aiff amr au caf flac m4a m4b mka mp2 mp3 oga ogg opus wav weba wma"
_FILM = "3gp avi flv m2ts m4v mkv mov mp4 mpeg mpg mts ogv ts webm wmv"
_KINDS = frozenset(f"{_SOUND} {_FILM}".split())


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
    return Path(name).suffix[1:].lower() in _KINDS and not name.startswith(".")
