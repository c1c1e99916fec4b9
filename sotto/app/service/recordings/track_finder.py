"""What sound tracks recordings have, found without keeping the window waiting."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sotto.app.service.background import Background
from sotto.audio.files.selection import Track
from sotto.audio.files.tracks import tracks_of


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
            lambda: tracks_of(source),
            lambda tracks: self.found.emit(Found(source, tracks)),
            lambda _: self.found.emit(Found(source)),
        )
