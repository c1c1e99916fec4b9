"""Taking sound from the source: where the stream stands in time, its level, its losses."""

from collections.abc import Callable, Iterator

import numpy as np

from sotto.app.core.events import Event, Gap, Level
from sotto.app.dictating.pace import Throttle
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm, Source
from sotto.audio.level import level
from sotto.clock import Clock
from sotto.errors import AudioError

LEVEL_INTERVAL_S = 0.05  # a meter that moves 20 times a second looks smooth

_NOTHING = np.zeros(0, np.float32)

Heard = Pcm | Gap


class Timeline:
    """Seconds since the first sample was fed, and samples fed. Owned by the engine thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self.n_fed = 0
        self.fed_at = self._began  # when the newest sample was fed, on the clock

    def feed(self, n_samples: int, *, captured_over_s: float) -> None:
        """Note `n_samples` that arrived just now, after a capture of so many seconds."""
        self.fed_at = self._clock.now()
        if self.n_fed == 0:
            self._began = self.fed_at - captured_over_s
        self.n_fed += n_samples

    @property
    def now(self) -> float:
        """The clock's time."""
        return self._clock.now()

    @property
    def t(self) -> float:
        """Seconds since the first sample was fed; 0 before."""
        return self._clock.now() - self._began if self.n_fed else 0.0

    @property
    def audio_s(self) -> float:
        """Seconds of audio fed."""
        return self.n_fed / SAMPLE_RATE


class Intake:
    """Reads the source and tells about its level. Owned by the engine thread."""

    def __init__(
        self, source: Source, timeline: Timeline, post: Callable[[Event], None], *, is_paced: bool
    ) -> None:
        self._source = source
        self._timeline = timeline
        self._post = post
        self._is_paced = is_paced
        self._levels = Throttle(LEVEL_INTERVAL_S)
        self._losses: list[Loss] = []  # of sound that is still to be read
        self.has_ended = False
        self.fault: AudioError | None = None

    def read(self) -> list[Heard]:
        """Return all samples (n,) that have arrived, parted where some are missing.

        None for good once `has_ended`.
        """
        if self.has_ended:
            return []
        was_exhausted = self._source.exhausted
        start, pcm = self._timeline.n_fed, self._read_source()
        self._losses += self._source.losses()
        if len(pcm):
            self._note(pcm)
        elif was_exhausted:
            self.has_ended = True
        return list(self._parted(start, pcm))

    def _read_source(self) -> Pcm:
        try:
            return self._source.read()
        except AudioError as error:
            self.fault = error
            self.has_ended = True
            return _NOTHING

    def _note(self, pcm: Pcm) -> None:
        captured_over_s = len(pcm) / SAMPLE_RATE if self._is_paced else 0.0
        self._timeline.feed(len(pcm), captured_over_s=captured_over_s)
        if self._levels.passes(self._timeline.now):
            loudness = level(pcm)
            self._post(Level(loudness.rms_db, loudness.peak_db))

    def _parted(self, start: int, pcm: Pcm) -> Iterator[Heard]:
        """Yield the samples, the first of which is number `start` of all, and the gaps in them."""
        end, self._losses = start + len(pcm), sorted(self._losses, key=lambda loss: loss.start)
        while self._losses and (self._losses[0].start <= end or self.has_ended):
            loss = self._losses.pop(0)
            at = min(max(loss.start, start), end)
            if at > start:
                yield pcm[: at - start]
            pcm, start = pcm[at - start :], at
            yield self._gap(loss, at)
        if len(pcm):
            yield pcm

    def _gap(self, loss: Loss, at: int) -> Gap:
        start, end = at / SAMPLE_RATE, (at + loss.n_samples) / SAMPLE_RATE
        return Gap(self._timeline.t, start, end, loss.reason)
