"""What a recogniser was told of the segment that is being spoken, to be told to another one."""

from collections import deque

import numpy as np

from sotto.app.dictating.recognising.protocol import Append, Begin, Call, GoOn, Skip, Trim
from sotto.audio.input.source import SAMPLE_RATE, Pcm

MARGIN_S = 1.0
"""Kept before where the sound goes on: the features of its first frames depend on what was there,
which is a fraction of this."""


class HeldSound:
    """Remembers a segment as a recogniser holds it. Owned by the engine thread."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, context: str) -> None:
        """Forget the last segment."""
        self._begin = Begin(context)
        self._blocks: deque[Pcm] = deque()
        self._n_skipped = 0  # samples that are not remembered any more
        self._n_held = 0
        self._trim: Trim | None = None
        self._go_on: GoOn | None = None

    def append(self, pcm: Pcm) -> None:
        """Remember samples (n,)."""
        self._blocks.append(pcm)
        self._n_held += len(pcm)

    def trim(self, until_s: float, context: str) -> None:
        """Forget what is older, by and large."""
        self._trim = Trim(until_s, context)
        from_sample = round((until_s - MARGIN_S) * SAMPLE_RATE)
        while self._blocks and self._n_skipped + len(self._blocks[0]) <= from_sample:
            n_samples = len(self._blocks.popleft())
            self._n_skipped += n_samples
            self._n_held -= n_samples

    def go_on(self, from_s: float) -> None:
        """Remember where the newest part begins."""
        self._go_on = GoOn(from_s)

    @property
    def duration_s(self) -> float:
        """Seconds of sound that are remembered."""
        return self._n_held / SAMPLE_RATE

    def calls(self) -> list[Call]:
        """Return what brings a fresh recogniser to where this one's stands."""
        calls: list[Call] = [self._begin]
        if self._n_skipped:
            calls.append(Skip(self._n_skipped))
        if self._blocks:
            calls.append(Append(np.concatenate(self._blocks)))
        calls += [call for call in (self._trim, self._go_on) if call is not None]
        return calls
