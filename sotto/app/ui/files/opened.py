"""Reading and keeping projects, without keeping the window waiting."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from sotto.app.core.projects.peaks import Peaks
from sotto.app.core.projects.project import (
    Project,
    load_peaks,
    load_text,
    map_sound,
    save_sound,
    save_text,
)
from sotto.app.core.projects.sounds import make_room, use_sound
from sotto.app.service.background import Background
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.audio.files.reading import read_recording
from sotto.errors import SottoError

Sound = NDArray[np.int16]


@dataclass(frozen=True)
class Opened:
    """A project, its waveform, and its sound if that is kept."""

    id: str
    project: Project
    peaks: Peaks
    sound: Sound | None


class Openings(QObject):
    """Reads the newest project that was asked for; answers to earlier questions are dropped."""

    opened = Signal(Opened)
    sound_read = Signal(object)  # Sound: of the project that was opened last
    failed = Signal(str)

    def __init__(self, queue: RecordingQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = queue
        self._folder = queue.folder
        self._disk = Background("sotto-projects", self)
        self._sounds = Background("sotto-sounds", self)  # which may take a minute
        self._wanted = ""

    def open(self, row_id: str) -> None:
        """Read a project."""
        self._wanted = row_id
        self._disk.run(
            lambda: _read(row_id, self._folder / row_id),
            self._take,
            lambda error: self._fail(row_id, error),
        )

    def forget(self) -> None:
        """Want none any more."""
        self._wanted = ""

    def keep(self, row_id: str, project: Project) -> None:
        """Write the text of a project."""
        folder = self._folder / row_id
        self._queue.write(lambda: save_text(project, folder) if folder.is_dir() else None)

    def _take(self, opened: Opened) -> None:
        if opened.id != self._wanted:
            return
        self.opened.emit(opened)
        if opened.sound is not None:
            self.sound_read.emit(opened.sound)
            return
        folder, project = self._folder / opened.id, opened.project
        self._sounds.run(
            lambda: _read_again(project, folder),
            lambda sound: self._take_sound(opened.id, sound),
            lambda _: None,  # told when it is to be heard
        )

    def _take_sound(self, row_id: str, sound: Sound | None) -> None:
        if row_id == self._wanted and sound is not None:
            self.sound_read.emit(sound)

    def _fail(self, row_id: str, error: SottoError) -> None:
        if row_id == self._wanted:
            self.failed.emit(str(error))


def _read(row_id: str, folder: Path) -> Opened:
    use_sound(folder)
    peaks = load_peaks(folder)
    _ = peaks.levels  # made here, not while the window paints
    return Opened(row_id, load_text(folder), peaks, map_sound(folder))


def _read_again(project: Project, folder: Path) -> Sound | None:
    """Read the sound of a recording anew, where what was kept of it had to make room."""
    save_sound(read_recording(project.source, project.wanted.selection).pcm, folder)
    make_room(folder.parent)
    return map_sound(folder)
