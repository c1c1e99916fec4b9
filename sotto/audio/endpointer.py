"""Endpointing: cutting a stream of sound into segments of speech."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sotto.audio.segment_events import (
    SegmentEvent,
    SpeechAudio,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
)
from sotto.audio.source import Pcm
from sotto.audio.vad import FRAME_MS, FRAME_SAMPLES, VoiceDetector


@dataclass(frozen=True, slots=True)
class EndpointerSettings:
    """When a segment begins, pauses and ends. Times are rounded up to frames of 20 ms.

    Attributes:
        aggressiveness: of `VoiceDetector`; 2 hears speech 30 dB under a normal voice and
            ignores steady noise under -30 dBFS.
        onset_ms: voiced time that begins a segment. WebRTC's detector holds on for 80 ms after
            any sound, so a click counts 80 ms; the shortest word has more.
        onset_window_ms: the time within which `onset_ms` must come together.
        pre_roll_ms: sound kept from before the onset: soft consonants and breath that the
            detector misses, and the run-up that Whisper wants.
        pause_ms: silence after which a final pass may begin in the hope that it is the end.
        hang_over_ms: silence that ends a segment; shorter cuts sentences at their commas.
    """

    aggressiveness: int = 2
    onset_ms: int = 120
    onset_window_ms: int = 200
    pre_roll_ms: int = 600
    pause_ms: int = 200
    hang_over_ms: int = 600


class Endpointer:
    """Says where speech begins, pauses, goes on and ends.

    Segments are disjoint and in order; a segment holds every sample between its ends. Where the
    stream is cut into blocks makes no difference, except to how `SpeechAudio` is cut.
    Owned by the engine thread.

    Args:
        settings: the times.
        is_voiced: tells whether a frame of `FRAME_SAMPLES` holds a voice; called with every
            frame, in order. WebRTC's detector unless given.
    """

    def __init__(
        self,
        settings: EndpointerSettings | None = None,
        is_voiced: Callable[[Pcm], bool] | None = None,
    ) -> None:
        settings = settings or EndpointerSettings()
        self._is_voiced = is_voiced or VoiceDetector(settings.aggressiveness).is_voiced
        self._onset = _n_frames(settings.onset_ms)
        self._pre_roll = _n_frames(settings.pre_roll_ms)
        self._pause = _n_frames(settings.pause_ms)
        self._hang_over = _n_frames(settings.hang_over_ms)
        self._blocks = Framer()
        self._position = 0  # samples heard
        self._in_speech = False
        self._recent: deque[bool] = deque(maxlen=_n_frames(settings.onset_window_ms))
        self._history: deque[Pcm] = deque()  # frames since the last segment, as far as needed
        self._n_silent = 0  # frames since the last voiced one, in speech
        self._unsent: list[Pcm] = []  # of the segment, in no event yet
        self._events: list[SegmentEvent] = []

    def set_hang_over(self, hang_over_ms: int) -> None:
        """Change the silence that ends a segment, the open one included."""
        self._hang_over = _n_frames(hang_over_ms)

    def feed(self, pcm: Pcm) -> list[SegmentEvent]:
        """Take samples (n,), any number; return what happened in the frames they complete."""
        for frame in self._blocks.frames(pcm):
            self._position += FRAME_SAMPLES
            voiced = self._is_voiced(frame)
            if self._in_speech:
                self._unsent.append(frame)
                self._follow(voiced=voiced)
            else:
                self._history.append(frame)
                self._await_onset(voiced=voiced)
        return self._take_events()

    def flush(self) -> list[SegmentEvent]:
        """End the stream: the open segment ends with all its audio.

        A voice that has only just begun makes a segment too: it may be a word cut off.
        """
        if not self._in_speech and any(self._recent):
            self._start()
        rest = self._blocks.rest()
        self._position += len(rest)
        if self._in_speech:
            self._unsent.append(rest)
            self._end()
        return self._take_events()

    def _await_onset(self, *, voiced: bool) -> None:
        self._recent.append(voiced)
        if sum(self._recent) >= self._onset:
            self._start()
        elif len(self._history) > self._pre_roll + len(self._recent):
            self._history.popleft()

    def _start(self) -> None:
        n_since_onset = len(self._recent) - self._recent.index(True)
        while len(self._history) > self._pre_roll + n_since_onset:
            self._history.popleft()
        self._unsent = list(self._history)
        self._events.append(SpeechStarted(self._position - len(self._unsent) * FRAME_SAMPLES))
        self._history.clear()
        self._recent.clear()
        self._n_silent = 0
        self._in_speech = True

    def _follow(self, *, voiced: bool) -> None:
        was_paused = self._n_silent >= self._pause
        self._n_silent = 0 if voiced else self._n_silent + 1
        if self._n_silent >= self._hang_over:
            self._end()
        elif self._n_silent == self._pause:
            self._send(SpeechPaused(self._position))
        elif voiced and was_paused:
            self._send(SpeechResumed(self._position))

    def _end(self) -> None:
        self._send(SpeechEnded(self._position))
        self._in_speech = False

    def _send(self, event: SegmentEvent) -> None:
        self._send_audio()
        self._events.append(event)

    def _send_audio(self) -> None:
        if self._unsent:
            self._events.append(SpeechAudio(np.concatenate(self._unsent)))
            self._unsent = []

    def _take_events(self) -> list[SegmentEvent]:
        self._send_audio()
        events, self._events = self._events, []
        return events


class Framer:
    """Cuts blocks of any size into frames of `FRAME_SAMPLES`."""

    def __init__(self) -> None:
        self._blocks: list[Pcm] = []
        self._n_samples = 0

    def frames(self, pcm: Pcm) -> Pcm:
        """Take samples (n,); return the frames that are complete, (n_frames, FRAME_SAMPLES)."""
        self._blocks.append(pcm)
        self._n_samples += len(pcm)
        if self._n_samples < FRAME_SAMPLES:
            return np.zeros((0, FRAME_SAMPLES), np.float32)
        samples = self.rest()
        n_complete = len(samples) - len(samples) % FRAME_SAMPLES
        self._blocks, self._n_samples = [samples[n_complete:]], len(samples) - n_complete
        return samples[:n_complete].reshape(-1, FRAME_SAMPLES)

    def rest(self) -> Pcm:
        """Hand over the samples that fill no frame."""
        samples = np.concatenate([np.zeros(0, np.float32), *self._blocks])
        self._blocks, self._n_samples = [], 0
        return samples


def _n_frames(ms: int) -> int:
    return -(-ms // FRAME_MS)
