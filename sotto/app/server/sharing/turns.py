"""Who uses the model now, and who is next."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

MOST_LIVE_TURNS = 4
"""Turns of live sessions in a row while a file waits: files go on, however many people speak."""


class Turns:
    """Lets one thread at a time have the turn: live sessions first, else who came first.

    Safe to use from any thread; `_changed` guards all of it. Who has the turn owns the model.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._live: deque[object] = deque()
        self._files: deque[object] = deque()
        self._n_live = 0  # turns of live sessions in a row
        self._taken_at: float | None = None

    @contextmanager
    def live(self) -> Iterator[None]:
        """Wait for the turn, for one decode of what somebody says."""
        with self._turn(self._live):
            yield

    @contextmanager
    def file(self) -> Iterator[None]:
        """Wait for the turn, for one run of a graph on a recording."""
        with self._turn(self._files):
            yield

    @property
    def held_s(self) -> float:
        """How long the one who has the turn has had it; 0 where nobody has."""
        taken_at = self._taken_at
        return 0.0 if taken_at is None else time.monotonic() - taken_at

    @contextmanager
    def _turn(self, queue: deque[object]) -> Iterator[None]:
        self._take(queue)
        try:
            yield
        finally:
            with self._changed:
                self._taken_at = None
                self._changed.notify_all()

    def _take(self, queue: deque[object]) -> None:
        mine = object()
        with self._changed:
            queue.append(mine)
            self._changed.wait_for(lambda: self._taken_at is None and self._next() is mine)
            queue.popleft()
            self._n_live = self._n_live + 1 if queue is self._live else 0
            self._taken_at = time.monotonic()

    def _next(self) -> object:
        is_files_turn = self._n_live >= MOST_LIVE_TURNS and self._files
        return self._files[0] if is_files_turn or not self._live else self._live[0]
