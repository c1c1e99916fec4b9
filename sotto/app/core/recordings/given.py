"""From what the user has written to the recordings that are meant by it."""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sotto.app.core.recordings.kinds import is_recording
from sotto.app.core.user_path import exists, is_folder
from sotto.errors import AudioFileError

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Recording:
    """A file to be transcribed.

    Attributes:
        path: `-` is the standard input.
        subfolder: Where it lies below the folder that was given.
    """

    path: Path
    subfolder: Path = Path()

    @property
    def is_standard_input(self) -> bool:
        """Whether it is no file."""
        return self.path == STANDARD_INPUT


def recordings_in(folder: Path, *, recursive: bool) -> list[Recording]:
    """Return the recordings in a folder, and in those below it if asked, as people order names.

    Hidden files and folders are left out, links to folders not followed; what may not be read is
    not there.
    """
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if recursive and not each.startswith(".")]
        here = Path(place)
        subfolder = here.relative_to(folder)
        found += [Recording(here / name, subfolder) for name in files if is_recording(here / name)]
    return sorted(found, key=lambda recording: _in_order(recording.path))


class Given:
    """The recordings among arguments, each once, in the order in which they were given."""

    def __init__(self, *, recursive: bool) -> None:
        self._recursive = recursive
        self._recordings: dict[str, Recording] = {}

    @property
    def recordings(self) -> list[Recording]:
        """All that was found so far."""
        return list(self._recordings.values())

    def add(self, argument: Path) -> None:
        """Take a file, a folder, a pattern or `-`.

        Raises:
            AudioFileError: nothing is found there.
        """
        found = list(self._found(argument))
        for recording in found:
            # The same file by two names is heard twice, for two texts may be wanted.
            self._recordings.setdefault(os.path.abspath(recording.path), recording)  # noqa: PTH100 (as it is named)
        if not found:
            raise AudioFileError(self._nothing(argument))

    def _found(self, argument: Path) -> Iterable[Recording]:
        if argument == STANDARD_INPUT:
            return [Recording(argument)]
        if is_folder(argument):
            return recordings_in(argument, recursive=self._recursive)
        is_pattern = _is_pattern(str(argument)) and not exists(argument)
        # What is not there is told of when its turn comes.
        return self._matching(argument) if is_pattern else [Recording(argument)]

    def _matching(self, pattern: Path) -> Iterator[Recording]:
        """Yield what matches a pattern of which the shell has made nothing.

        A suffix that is spelled out is as good as a name; else what is no recording is left out.
        """
        takes_all = bool(pattern.suffix) and not glob.has_magic(pattern.suffix)
        names = glob.glob(str(pattern), recursive=True)  # noqa: PTH207 (takes absolute ones, too)
        for path in sorted(map(Path, names), key=_in_order):
            if is_folder(path):
                yield from () if "**" in pattern.parts else self._found(path)
            elif takes_all or is_recording(path):
                yield Recording(path)

    def _nothing(self, argument: Path) -> str:
        if not is_folder(argument):
            return f"“{argument}” matches no recording: check the pattern"
        advice = "give another folder" if self._recursive else "--recursive looks below it, too"
        return f"“{argument}” has no recording in it: {advice}"


def _is_pattern(name: str) -> bool:
    """Tell a pattern from a name; a bracket that nothing closes is part of one."""
    return "*" in name or "?" in name or re.search(r"\[.+\]", name) is not None


def listed(text: bytes) -> Iterator[Path]:
    """Yield the paths of a list: one a line, or with a NUL behind each, as `find -print0` writes.

    Names are bytes as the system has them; an editor's mark of UTF-8 before lines is none.
    """
    if b"\0" in text:
        names = text.split(b"\0")
    else:
        lines = text.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        names = [line.strip(b"\r\n") for line in lines]
    yield from (Path(os.fsdecode(name)) for name in names if name.strip())


def _in_order(path: Path) -> list[tuple[int, int | str]]:
    """Let track2 come before track10, and capitals where small letters are."""
    pieces = re.split(r"(\d+)", str(path).casefold())
    return [(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in pieces if piece]
