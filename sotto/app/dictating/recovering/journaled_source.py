"""A source whose sound is in the journal before anybody recognises it."""

import threading
from collections import deque

import numpy as np

from sotto.app.core.journal.journal import Journal
from sotto.audio.input.source import Loss, Pcm, Source

# Half of what an endpointer's frame takes: nothing is noticed later for it.
_POLL_S = 0.01


class JournaledSource:
    """See `sotto.audio.input.source.Source`.

    However long a decode takes, sound goes on to the journal and never waits in a ring that might
    overflow.

    Threads: `sotto-sound` reads the source from the first `read` on, until it ends or `close`
    has returned. All else is called by the engine thread, and touches the source only before and
    after that.

    Args:
        source: what is listened to.
        journal: takes every sample.
    """

    def __init__(self, source: Source, journal: Journal) -> None:
        self._source = source
        self._journal = journal
        self._blocks: deque[Pcm] = deque()
        self._losses: deque[Loss] = deque()
        self._error: Exception | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The source's."""
        return self._source.name

    @property
    def exhausted(self) -> bool:
        """Whether every sample was read."""
        is_pumped = self._thread is None or not self._thread.is_alive()
        is_read = not self._blocks and self._error is None
        return is_pumped and is_read and self._source.exhausted

    @property
    def is_away(self) -> bool:
        """Whether its device is gone, and all that came before that was read."""
        return self._source.is_away and not self._blocks

    def open(self) -> None:
        """See `Source.open`."""
        self._source.open()

    def read(self) -> Pcm:
        """See `Source.read`. A file begins to sound with the first call."""
        if self._thread is None and not self._closing.is_set():
            self._thread = threading.Thread(target=self._pump, name="sotto-sound", daemon=True)
            self._thread.start()
        blocks = [np.zeros(0, np.float32)]
        while self._blocks:
            blocks.append(self._blocks.popleft())
        if len(blocks) == 1 and self._error is not None:
            error, self._error = self._error, None
            raise error
        return np.concatenate(blocks)

    def losses(self) -> list[Loss]:
        """See `Source.losses`."""
        losses = []
        while self._losses:
            losses.append(self._losses.popleft())
        return losses

    def close(self) -> None:
        """Stop; what was captured before can still be read. Idempotent."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        self._source.close()
        self._pump()

    def _pump(self) -> None:
        """Read all there is; while the source is open, all there will be."""
        try:
            while True:
                was_exhausted = self._source.exhausted
                if self._take():
                    continue
                if was_exhausted or self._closing.wait(_POLL_S):
                    return
        except Exception as error:  # noqa: BLE001 (raised where the sound is read)
            self._error = error

    def _take(self) -> bool:
        """Read once; return whether there was sound."""
        pcm = self._source.read()
        self._losses.extend(self._source.losses())
        if len(pcm):
            self._journal.append(pcm)
            self._blocks.append(pcm)
        return len(pcm) > 0
