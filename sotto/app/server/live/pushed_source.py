"""Sound that a client sends, as a source."""

import threading
from collections import deque

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm

_FULL_SCALE = 32768.0  # of 16-bit samples


class PushedSource:
    """See `Source`. `push` and `end` are for one thread, `read` for another; `_lock` guards all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: deque[Pcm] = deque()
        self._n_waiting = 0  # samples
        self._n_pushed = 0
        self._half = b""  # of a sample
        self._has_ended = False

    @property
    def name(self) -> str:
        """What it is."""
        return "sound that is sent"

    @property
    def exhausted(self) -> bool:
        """Whether all was read that will ever come."""
        with self._lock:
            return self._has_ended and not self._blocks

    @property
    def is_away(self) -> bool:
        """Never. See `Source.is_away`."""
        return False

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that nobody has read yet."""
        return self._n_waiting / SAMPLE_RATE

    @property
    def pushed_s(self) -> float:
        """Seconds of sound that came so far."""
        return self._n_pushed / SAMPLE_RATE

    def push(self, data: bytes) -> None:
        """Add 16-bit little-endian mono samples at 16 kHz; half a one waits for its other half."""
        data = self._half + data
        end = len(data) - len(data) % 2
        self._half = data[end:]
        pcm = np.frombuffer(data[:end], "<i2").astype(np.float32) / _FULL_SCALE
        if len(pcm):
            with self._lock:
                self._blocks.append(pcm)
                self._n_waiting += len(pcm)
                self._n_pushed += len(pcm)

    def end(self) -> None:
        """Nothing more will come."""
        with self._lock:
            self._has_ended = True

    def open(self) -> None:
        """Begin. See `Source.open`."""

    def read(self) -> Pcm:
        """Return all samples that have come since the last call."""
        with self._lock:
            blocks, self._blocks, self._n_waiting = self._blocks, deque(), 0
        return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)

    def losses(self) -> list[Loss]:
        """Return nothing: none are lost."""
        return []

    def close(self) -> None:
        """Take no more. Idempotent."""
        self.end()
