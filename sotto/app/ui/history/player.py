"""Playing the sound of a dictated text."""

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sotto.app.service.background import Background
from sotto.audio.files.reading import read_audio
from sotto.audio.input.portaudio import play
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import SottoError


class Player(QObject):
    """Plays one sound at a time on a thread of its own; a newer one ends the one before."""

    playing_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background("sotto-playback", self)
        self._should_stop: threading.Event | None = None

    @property
    def is_playing(self) -> bool:
        """Whether a sound is to be heard, or will be in a moment."""
        return self._should_stop is not None

    def play(self, path: Path) -> None:
        """Play a sound file from its beginning."""
        self.stop()
        should_stop = self._should_stop = threading.Event()
        self.playing_changed.emit(True)
        self._background.run(
            lambda: play(read_audio(path), SAMPLE_RATE, should_stop.is_set),
            lambda _: self._ended(should_stop),
            lambda error: self._fail(should_stop, error),
        )

    def stop(self) -> None:
        """Be silent."""
        if self._should_stop is not None:
            self._should_stop.set()
            self._ended(self._should_stop)

    def _fail(self, should_stop: threading.Event, error: SottoError) -> None:
        if not should_stop.is_set():
            self.failed.emit(str(error))
        self._ended(should_stop)

    def _ended(self, should_stop: threading.Event) -> None:
        if self._should_stop is should_stop:
            self._should_stop = None
            self.playing_changed.emit(False)
