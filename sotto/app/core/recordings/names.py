"""What the texts of many recordings are called, so that none takes another one's place.

1. The text of talk.mp3 is talk.txt. Recordings below a folder that was given keep their subfolders.
2. Recordings of one name in different folders get their texts in folders called as theirs.
3. Those of one name in one folder keep their suffix: talk.mp3.txt and talk.wav.txt.
4. What is then still the same, as capitals are on some disks, gets a number.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from sotto.app.core.recordings.given import Recording

STANDARD_INPUT_NAME = "stdin"
LONGEST_NAME = 255 - len(".json")
"""Bytes that file systems leave for the name of a text without its suffix."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the texts of a recording go.

    Attributes:
        recording: The one.
        folder: As it was given, or that of the recording.
        below: The subfolder.
        ending: Behind the stem.
    """

    recording: Recording
    folder: Path
    below: Path
    ending: str = ""

    @property
    def base(self) -> Path:
        """The path without the suffix of a format."""
        stem = self.recording.path.stem
        if self.recording.is_standard_input:
            stem = STANDARD_INPUT_NAME
        return self.folder / self.below / _within(stem, self.ending)

    @property
    def key(self) -> str:
        """What is equal for paths that may be one file: not all disks tell capitals apart."""
        return str(self.base).casefold()

    @property
    def origin(self) -> str:
        """The folder of the recording."""
        return os.path.abspath(self.recording.path.parent)  # noqa: PTH100 (links are kept)


def bases(recordings: Sequence[Recording], folder: Path | None) -> list[Path]:
    """Return the path of each recording's texts, without the suffix of a format.

    It depends on nothing but these recordings, so that the next run finds what is there.

    Args:
        recordings: All of one run, each once.
        folder: Where texts go; None is beside the recordings.
    """
    places = [_first(recording, folder) for recording in recordings]
    if folder is not None:
        places = _changed(places, _apart)
    while (named := _changed(places, _with_suffixes)) != places:
        places = named
    return [place.base for place in _numbered(places)]


def possible_bases(recording: Recording, folder: Path | None) -> Iterator[Path]:
    """Yield where the texts of one more recording may go, for as long as others are there."""
    first = _first(recording, folder)
    (named,) = _with_suffixes([first])
    yield first.base
    yield from (place.base for place in _with_numbers(named))


def _first(recording: Recording, folder: Path | None) -> _Place:
    if folder is None:
        return _Place(recording, recording.path.parent, Path())
    return _Place(recording, folder, recording.subfolder)


def _changed(places: list[_Place], change: Callable[[list[_Place]], list[_Place]]) -> list[_Place]:
    """Change those of one key together, and leave the others as they are."""
    groups: dict[str, list[int]] = {}
    for number, place in enumerate(places):
        groups.setdefault(place.key, []).append(number)
    changed = list(places)
    for group in groups.values():
        if len(group) > 1:
            for number, place in zip(group, change([places[n] for n in group]), strict=True):
                changed[number] = place
    return changed


def _apart(places: list[_Place]) -> list[_Place]:
    """Keep as much of each recording's folder as tells it from the others'."""
    is_one = len({place.origin for place in places}) == 1
    if is_one or any(place.recording.is_standard_input for place in places):
        return places
    common = os.path.commonpath([place.origin for place in places])
    return [replace(each, below=Path(os.path.relpath(each.origin, common))) for each in places]


def _with_suffixes(places: list[_Place]) -> list[_Place]:
    return [replace(place, ending=place.recording.path.suffix) for place in places]


def _numbered(places: list[_Place]) -> list[_Place]:
    """Give numbers to those whose key another one has."""
    taken: dict[str, _Place] = {}
    for place in places:
        free = next(each for each in _with_numbers(place) if each.key not in taken)
        taken[free.key] = free
    return list(taken.values())


def _with_numbers(place: _Place) -> Iterator[_Place]:
    """Yield it as it is, then with `-2`, `-3` and so on."""
    yield place
    for number in count(2):
        yield replace(place, ending=f"{place.ending}-{number}")


def _within(stem: str, ending: str) -> str:
    """Cut the stem so that no name is too long for the disk."""
    room = LONGEST_NAME - len(os.fsencode(ending))
    data = os.fsencode(stem)
    if len(data) > room:
        stem = data[:room].decode(errors="ignore")
    return stem + ending
