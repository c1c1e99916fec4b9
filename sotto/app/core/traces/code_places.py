"""Places in the code, without the folders that programs lie in: those name the user."""

import sysconfig
from pathlib import Path, PurePath

import sotto

_PACKAGE = Path(sotto.__file__).parent
_STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
_SITES = ("site-packages", "dist-packages")
ELSEWHERE = "elsewhere"


def code_place(file: str) -> str:
    """Return a code file's path from its package on; a script of the user's is `elsewhere`."""
    if file.startswith("<"):  # <frozen importlib._bootstrap>
        return file
    path = PurePath(file)
    if path.is_relative_to(_PACKAGE):
        return (PurePath(_PACKAGE.name) / path.relative_to(_PACKAGE)).as_posix()
    for at, part in enumerate(path.parts):
        if part in _SITES:
            return PurePath(*path.parts[at + 1 :]).as_posix()
    if path.is_relative_to(_STANDARD_LIBRARY):
        return path.relative_to(_STANDARD_LIBRARY).as_posix()
    return ELSEWHERE
