"""Playing a recording from any place, and where it is heard just now."""

import threading
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from sotto.app.service.background import Background
from sotto.audio.input.portaudio import PLAYED_BLOCK_S, play_blocks
from sotto.audio.input.source import SAMPLE_RATE
from sotto.audio.tempo import at_tempo
from sotto.errors import SottoError

_SHOWN_EVERY_MS = 33  # thirty times a second: more than a word's change needs

Sound = NDArray[np.int16]


@dataclass
class _Playing:
    """One run of sound. The playing thread writes `began`, `written_s` and `latency_s`.

    From `start_s` of the recording on, `tempo` times as fast; other times are the speakers'.
    """

    start_s: float
    tempo: float
    should_stop: threading.Event
    began: float | None = None
    written_s: float = 0.0
    latency_s: float = 0.0

    def take(self, n_samples: int, latency_s: float) -> None:
        self.latency_s = latency_s
        self.written_s = n_samples / SAMPLE_RATE
        if self.began is None:
            self.began = time.monotonic()

    @property
    def heard_s(self) -> float:
        """Where it is heard by now: by the clock, between what is sure to have sounded and not."""
        if self.began is None:
            return self.start_s
        by_clock = time.monotonic() - self.began - self.latency_s
        sure = self.written_s - self.latency_s - 2 * PLAYED_BLOCK_S
        return self.start_s + self.tempo * min(max(by_clock, sure, 0.0), self.written_s)


class FilePlayer(QObject):
    """Plays one recording on a thread of its own. Lives on Qt's thread."""

    playing_changed = Signal(bool)
    moved = Signal(float)  # seconds from the start
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background("sotto-listening", self)
        self._sound: Sound | None = None
        self._place_s = 0.0
        self._tempo = 1.0
        self._playing: _Playing | None = None
        self._clock = QTimer(self, interval=_SHOWN_EVERY_MS)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(lambda: self.moved.emit(self.place_s))

    @property
    def is_playing(self) -> bool:
        """Whether something is to be heard, or will be in a moment."""
        return self._playing is not None

    @property
    def place_s(self) -> float:
        """What is heard now, or would be."""
        return self._playing.heard_s if self._playing else self._place_s

    @property
    def tempo(self) -> float:
        """How many times as fast as it was said it is heard."""
        return self._tempo

    @property
    def has_sound(self) -> bool:
        """Whether there is anything to play."""
        return self._sound is not None

    def load(self, sound: Sound | None) -> None:
        """Take another recording, (n_samples,), 16 kHz, and go to its start."""
        self.stop()
        self._sound = sound
        self.seek(0.0)

    def give(self, sound: Sound) -> None:
        """Take the sound of the recording that is shown already."""
        self._sound = sound

    def play(self, start_s: float | None = None) -> None:
        """Play from a place, or on from where it is; from the start where that is the end."""
        if self._sound is None:
            self.failed.emit("The sound of this recording is not there; its text still is.")
            return
        place_s = self.place_s if start_s is None else start_s
        self.stop()
        length_s = len(self._sound) / SAMPLE_RATE
        at_end = start_s is None and place_s >= length_s - PLAYED_BLOCK_S
        self._begin(self._sound, 0.0 if at_end else min(max(0.0, place_s), length_s))

    def toggle(self) -> None:
        """Play, or pause."""
        if self.is_playing:
            self.stop()
        else:
            self.play()

    def set_tempo(self, tempo: float) -> None:
        """Play so many times as fast from now on, 0.5 to 2, at the same pitch."""
        self._tempo = tempo
        if self.is_playing:
            self.play(self.place_s)

    def seek(self, place_s: float) -> None:
        """Go to a place, and play on from there if it was playing."""
        length_s = len(self._sound) / SAMPLE_RATE if self._sound is not None else place_s
        place_s = min(max(0.0, place_s), length_s)
        if self.is_playing:
            self.play(place_s)
        else:
            self._place_s = place_s
            self.moved.emit(place_s)

    def stop(self) -> None:
        """Be silent, and stay here."""
        if self._playing is not None:
            self._playing.should_stop.set()
            self._end(self._playing)

    def _begin(self, sound: Sound, start_s: float) -> None:
        playing = self._playing = _Playing(start_s, self._tempo, threading.Event())
        self._clock.start()
        self.playing_changed.emit(True)
        self.moved.emit(start_s)
        rest = sound[round(start_s * SAMPLE_RATE) :]
        self._background.run(
            lambda: play_blocks(
                at_tempo(rest, SAMPLE_RATE, playing.tempo),
                rest.dtype.name,
                SAMPLE_RATE,
                playing.should_stop.is_set,
                playing.take,
            ),
            lambda _: self._finish(playing),
            lambda error: self._fail(playing, error),
        )

    def _finish(self, playing: _Playing) -> None:
        """It has been played to its end, unless it was stopped."""
        if self._playing is playing:
            self._end(playing)
            self.seek(float("inf"))

    def _fail(self, playing: _Playing, error: SottoError) -> None:
        if not playing.should_stop.is_set():
            self.failed.emit(str(error))
        self._end(playing)

    def _end(self, playing: _Playing) -> None:
        if self._playing is playing:
            self._place_s = playing.heard_s
            self._playing = None
            self._clock.stop()
            self.playing_changed.emit(False)
            self.moved.emit(self._place_s)
