"""Sound in which every sample says where it is from, and a source that plays it."""

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.clock import Clock
from sotto.errors import DeviceError

_STEP = 2.0**-24  # float32 holds every multiple below 1 exactly: 17 minutes of sound


def marked_sound(n_samples: int, voiced: list[tuple[float, float]]) -> Pcm:
    """Return samples whose size is their position and whose sign is whether someone speaks."""
    positions = np.arange(1, n_samples + 1, dtype=np.float64) * _STEP
    signs = np.full(n_samples, -1.0)
    for start_s, end_s in voiced:
        signs[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)] = 1.0
    marked: Pcm = (positions * signs).astype(np.float32)
    return marked


def positions(pcm: Pcm) -> NDArray[np.int64]:
    """Return the positions of marked samples."""
    return np.round(np.abs(pcm).astype(np.float64) / _STEP).astype(np.int64) - 1


def is_voiced(frame: Pcm) -> bool:
    """Tell whether most of a frame of marked sound is speech, as a voice detector would."""
    return bool(np.mean(frame > 0) >= 0.5)


class PlayedSource:
    """A source that plays `pcm`: by the clock, or all at once where there is none.

    `is_live` sound begins when it is opened, other sound when it is first read. After the last
    sample the source `fails` with that message, if there is one.
    """

    name = "played"
    is_away = False

    def __init__(
        self,
        pcm: Pcm,
        clock: Clock | None = None,
        *,
        is_live: bool = True,
        fails: str | None = None,
    ) -> None:
        self.pcm = pcm
        self._clock = clock
        self._is_live = is_live
        self._fails = fails
        self._began: float | None = None
        self._position = 0
        self._closed_at: int | None = None
        self.pending_losses: list[Loss] = []
        self.n_closed = 0

    @property
    def exhausted(self) -> bool:
        return self._position == self._end and self._fails is None

    @property
    def _end(self) -> int:
        return len(self.pcm) if self._closed_at is None else self._closed_at

    def open(self) -> None:
        if self._is_live:
            self._begin()

    def _begin(self) -> None:
        if self._began is None and self._clock is not None:
            self._began = self._clock.now()

    def _arrived(self) -> int:
        if self._clock is None:
            return self._end
        if self._began is None:
            return 0
        elapsed = round((self._clock.now() - self._began) * SAMPLE_RATE)
        return min(elapsed, self._end)

    def read(self) -> Pcm:
        self._begin()
        arrived = self._arrived()
        block = self.pcm[self._position : arrived]
        if not len(block) and arrived == len(self.pcm) and self._fails is not None:
            raise DeviceError(self._fails)
        self._position = arrived
        return block

    def losses(self) -> list[Loss]:
        losses, self.pending_losses = self.pending_losses, []
        return losses

    def close(self) -> None:
        self.n_closed += 1
        if self._closed_at is None:
            self._closed_at = max(self._position, self._arrived())
