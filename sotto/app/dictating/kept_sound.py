"""The sound of a segment, for those who chose to keep it."""

from collections import deque

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE, Pcm

# A text can be as long as somebody speaks without a pause; longer ones keep their end.
_LONGEST = 300 * SAMPLE_RATE

_NOTHING: Pcm = np.zeros(0, np.float32)


class KeptSound:
    """Remembers the sound of a segment until its text is final. Owned by the engine thread.

    Args:
        start: the position in the stream of the first sample.
    """

    def __init__(self, start: int) -> None:
        self._blocks: deque[Pcm] = deque()
        self._first = start  # the positions of the first sample that is remembered,
        self._end = start  # and of the first that is yet to come

    def append(self, pcm: Pcm) -> None:
        """Remember the next samples (n,)."""
        self._blocks.append(pcm)
        self._end += len(pcm)
        self._forget(self._end - _LONGEST)

    def take(self, start_s: float, end_s: float) -> Pcm:
        """Return the samples (n,) between two times of the stream, and forget all before the end.

        What is not remembered is left out.
        """
        start, end = (round(at * SAMPLE_RATE) for at in (start_s, end_s))
        remembered = np.concatenate([_NOTHING, *self._blocks])
        sound = remembered[max(start - self._first, 0) : max(end - self._first, 0)].copy()
        self._forget(end)
        return sound

    def forget(self, until_s: float) -> None:
        """Forget all before a time of the stream."""
        self._forget(round(until_s * SAMPLE_RATE))

    def _forget(self, until: int) -> None:
        """Forget the blocks that end before a position."""
        while self._blocks and self._first + len(self._blocks[0]) <= until:
            self._first += len(self._blocks.popleft())
