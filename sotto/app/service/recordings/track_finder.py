"""What sound tracks recordings have, found without keeping the window waiting."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sotto.app.service.background import Background
from sotto.audio.files.selection import Track


@dataclass(frozen=True, slots=True)
class Found:
    """The tracks of a recording; none where it cannot be read."""

    source: Path
    tracks: tuple[Track, ...] = ()


class TrackFinder(QObject):
    """Looks into one recording after another. Lives on Qt's thread."""

    found = Signal(Found)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._disk = Background("sotto-tracks", self)

    def look(self, source: Path) -> None:
        """Look for the tracks of a recording; what is wrong with it is told when its turn comes."""
        self._disk.run(
            lambda: _tracks_of(source),
            lambda tracks: self.found.emit(Found(source, tracks)),
            lambda _: self.found.emit(Found(source)),
        )


def _tracks_of(source: Path) -> tuple[Track, ...]:
    # Imported here, on a thread: it brings numpy, without which windows are sooner to be seen.
    from sotto.audio.files.tracks import tracks_of  # noqa: PLC0415

    return tracks_of(source)
