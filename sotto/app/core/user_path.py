"""Paths as users write them, and questions about them that have an answer for every path.

pathlib's raise for a name of over 255 bytes, a folder that may not be entered and `~nosuchuser`;
each of these is simply not there.
"""

import os
from pathlib import Path


def user_path(text: str) -> Path:
    """Return the path with `~` as the home folder; as it stands where there is no such user."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 (`Path.expanduser` raises)


def home() -> Path:
    """Return the user's home folder; `~` itself where nobody knows one."""
    return user_path("~")


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder that one may look at."""
    return os.path.isdir(path)  # noqa: PTH112 (`Path.is_dir` raises)


def is_file(path: Path) -> bool:
    """Tell whether there is a file that one may look at; pipes and devices are none."""
    return os.path.isfile(path)  # noqa: PTH113 (`Path.is_file` raises)


def exists(path: Path) -> bool:
    """Tell whether there is something that one may look at."""
    return os.path.exists(path)  # noqa: PTH110 (`Path.exists` raises)
