"""Endpointing: cutting a stream of sound into segments of speech."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sotto.audio.input.source import Pcm
from sotto.audio.speech.segment_events import (
    SegmentEvent,
    SpeechAudio,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
)
from sotto.audio.speech.speech_judge import SpeechJudge
from sotto.audio.speech.vad import FRAME_MS, FRAME_SAMPLES, VoiceDetector


@dataclass(frozen=True, slots=True)
class EndpointerSettings:
    """When a segment begins, pauses and ends. Times are rounded up to frames of 20 ms.

    Attributes:
        aggressiveness: of `VoiceDetector`; 2 hears speech 30 dB under a normal voice and
            ignores steady noise under -30 dBFS.
        onset_ms: voiced time that begins a segment. WebRTC's detector holds on for 80 ms after
            any sound, so a click counts 80 ms; the shortest word has more.
        onset_window_ms: the time within which `onset_ms` must come together.
        look_back_ms: the most that a voice may sound before it is known for speech: the segment
            begins with the voice.
        pre_roll_ms: sound kept from before the onset: soft consonants and breath that the
            detector misses, and the run-up that Whisper wants.
        pause_ms: silence after which a final pass may begin in the hope that it is the end.
        hang_over_ms: silence that ends a segment; shorter cuts sentences at their commas.
        gap_ms: silence between a segment and the pre-roll of the next that is heard, too: the
            second begins where the first ended.
    """

    aggressiveness: int = 2
    onset_ms: int = 120
    onset_window_ms: int = 200
    look_back_ms: int = 1000
    pre_roll_ms: int = 600
    pause_ms: int = 200
    hang_over_ms: int = 600
    gap_ms: int = 600


class Endpointer:
    """Says where speech begins, pauses, goes on and ends.

    Segments are disjoint and in order; a segment holds every sample between its ends. Where the
    stream is cut into blocks makes no difference, except to how `SpeechAudio` is cut.
    Owned by the engine thread.

    Args:
        settings: the times.
        is_voiced: tells whether a frame of `FRAME_SAMPLES` may hold a voice; called with every
            frame, in order. WebRTC's detector unless given.
        is_speech: tells whether what is heard now is speech; called with every frame and what
            `is_voiced` said of it. `SpeechJudge` unless `is_voiced` is given; then its word holds.
    """

    def __init__(
        self,
        settings: EndpointerSettings | None = None,
        is_voiced: Callable[[Pcm], bool] | None = None,
        is_speech: Callable[[Pcm, bool], bool] | None = None,
    ) -> None:
        settings = settings or EndpointerSettings()
        if is_voiced is None:
            is_voiced = VoiceDetector(settings.aggressiveness).is_voiced
            is_speech = is_speech or SpeechJudge().is_speech
        self._is_voiced = is_voiced
        self._is_speech = is_speech or (lambda _frame, voiced: voiced)
        self._onset = _n_frames(settings.onset_ms)
        self._look_back = _n_frames(settings.look_back_ms)
        self._pre_roll = _n_frames(settings.pre_roll_ms)
        self._pause = _n_frames(settings.pause_ms)
        self._gap = _n_frames(settings.gap_ms)
        self._hang_over = _n_frames(settings.hang_over_ms)
        self._wait = 1.0  # for more speech in this pause, as a part of the hang-over
        self._longest_wait = math.inf
        self._blocks = Framer()
        self._position = 0  # samples heard
        self._in_speech = False
        self._follows = False  # whether the history begins where the last segment ended
        self._ends_in_speech = False  # the newest frame
        self._recent: deque[bool] = deque(maxlen=_n_frames(settings.onset_window_ms))
        self._n_voice = 0  # frames since a voice began that is not known for speech yet
        self._history: deque[Pcm] = deque()  # frames since the last segment, as far as needed
        self._n_silent = 0  # frames since the last voiced one, in speech
        self._unsent: list[Pcm] = []  # of the segment, in no event yet
        self._events: list[SegmentEvent] = []

    @property
    def oldest(self) -> int:
        """The sample before which no segment will begin any more, while none is open."""
        return self._position - len(self._history) * FRAME_SAMPLES

    def set_hang_over(self, hang_over_ms: int) -> None:
        """Change the silence that ends a segment, the open one included: no longer is waited."""
        self._hang_over = _n_frames(hang_over_ms)
        self._longest_wait = 1.0

    def set_wait(self, part: float) -> None:
        """Change the silence that ends the segment in this pause to a part of the usual one."""
        self._wait = min(part, self._longest_wait)

    def feed(self, pcm: Pcm) -> list[SegmentEvent]:
        """Take samples (n,), any number; return what happened in the frames they complete."""
        for frame in self._blocks.frames(pcm):
            self._position += FRAME_SAMPLES
            voiced = self._is_voiced(frame)
            speech = self._is_speech(frame, voiced)
            if self._in_speech:
                self._unsent.append(frame)
                self._follow(voiced=voiced and speech)
            else:
                self._history.append(frame)
                self._await_onset(voiced=voiced, speech=speech)
        return self._take_events()

    def flush(self) -> list[SegmentEvent]:
        """End the stream: the open segment ends with all its audio.

        A voice that has only just begun makes a segment too: it may be a word cut off.
        """
        if not self._in_speech and any(self._recent) and self._ends_in_speech:
            self._start()
        rest = self._blocks.rest()
        self._position += len(rest)
        if self._in_speech:
            self._unsent.append(rest)
            self._end()
        return self._take_events()

    def cut(self) -> list[SegmentEvent]:
        """Take it that sound is missing here: the open segment ends, and the next begins later."""
        events = self.flush()
        self._history.clear()
        self._recent.clear()
        self._n_voice = 0
        self._ends_in_speech = self._follows = False
        return events

    def _await_onset(self, *, voiced: bool, speech: bool) -> None:
        self._recent.append(voiced)
        self._ends_in_speech = speech
        if self._n_voice or sum(self._recent) >= self._onset:
            self._n_voice = self._voice_frames()
        if self._n_voice and speech:
            self._start()
            return
        self._forget(self._pre_roll + max(self._n_voice, len(self._recent)))

    def _forget(self, n_kept: int) -> None:
        """Forget all frames but so many; and those since the last segment, if hardly more."""
        if self._follows and len(self._history) <= n_kept + self._gap:
            return
        self._follows = False
        while len(self._history) > n_kept:
            self._history.popleft()

    def _voice_frames(self) -> int:
        """Return for how long a voice has been heard that is not known for speech yet."""
        if not any(self._recent):
            return 0
        return min(max(self._n_voice + 1, self._since_first()), self._look_back)

    def _since_first(self) -> int:
        """Return the frames since the first of the recent ones that may hold a voice."""
        return len(self._recent) - self._recent.index(True)

    def _start(self) -> None:
        self._forget(self._pre_roll + max(self._n_voice, self._since_first()))
        self._unsent = list(self._history)
        self._events.append(SpeechStarted(self._position - len(self._unsent) * FRAME_SAMPLES))
        self._history.clear()
        self._recent.clear()
        self._n_voice = self._n_silent = 0
        self._wait = 1.0
        self._in_speech = True

    def _follow(self, *, voiced: bool) -> None:
        was_paused = self._n_silent >= self._pause
        if voiced:
            self._n_silent, self._wait = 0, 1.0
        else:
            self._n_silent += 1
        if self._n_silent >= self._hang_over * self._wait:
            self._end()
        elif self._n_silent == self._pause:
            self._send(SpeechPaused(self._position))
        elif voiced and was_paused:
            self._send(SpeechResumed(self._position))

    def _end(self) -> None:
        self._send(SpeechEnded(self._position))
        self._in_speech = False
        self._follows = True

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
