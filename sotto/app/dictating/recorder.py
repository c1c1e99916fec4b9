"""The sound of each final text, for those who chose to keep it."""

from collections import deque

import numpy as np

from sotto.app.core.events import Dropped, Event, Final, FinalSound
from sotto.app.dictating.session import Sink
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm, Source

# A text can be as long as somebody speaks without a pause; longer ones keep their end.
_LONGEST_S = 300

_NOTHING: Pcm = np.zeros(0, np.float32)


class RecordedSource:
    """A source that passes everything on and remembers it until its text is final.

    Args:
        source: where the sound comes from; see `sotto.audio.input.source.Source`.
        sink: takes the session's events, and after each `Final` its `FinalSound`.

    Owned by the engine thread, which reads it and calls `post`.
    """

    def __init__(self, source: Source, sink: Sink) -> None:
        self._source = source
        self._sink = sink
        self._blocks: deque[Pcm] = deque()
        self._first = 0  # the positions in the stream of the first sample that is remembered,
        self._end = 0  # and of the first that is yet to come
        self.name = source.name

    def post(self, event: Event) -> None:
        """Pass an event of the session on."""
        self._sink(event)
        match event:
            case Final(start=start, end=end):
                self._sink(FinalSound(start, end, self._cut(start, end)))
            case Dropped(end=end):
                self._forget(round(end * SAMPLE_RATE))

    @property
    def exhausted(self) -> bool:
        """See `Source.exhausted`."""
        return self._source.exhausted

    def open(self) -> None:
        """See `Source.open`."""
        self._source.open()
        self.name = self._source.name

    def read(self) -> Pcm:
        """See `Source.read`."""
        pcm = self._source.read()
        if len(pcm):
            self._blocks.append(pcm)
            self._end += len(pcm)
            self._forget(self._end - _LONGEST_S * SAMPLE_RATE)
        return pcm

    def losses(self) -> list[Loss]:
        """See `Source.losses`."""
        return self._source.losses()

    def close(self) -> None:
        """See `Source.close`."""
        self._source.close()

    def _cut(self, start_s: float, end_s: float) -> Pcm:
        start, end = (round(at * SAMPLE_RATE) for at in (start_s, end_s))
        remembered = np.concatenate([_NOTHING, *self._blocks])
        sound = remembered[max(start - self._first, 0) : max(end - self._first, 0)].copy()
        self._forget(end)
        return sound

    def _forget(self, until: int) -> None:
        """Forget the blocks that end before a position."""
        while self._blocks and self._first + len(self._blocks[0]) <= until:
            self._first += len(self._blocks.popleft())
