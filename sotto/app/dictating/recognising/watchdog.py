"""Bites when something takes too long."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

SLICE_S = 0.25


class Watchdog:
    """Calls `bite`, in a thread of its own, once a block of code has taken `patience_s`.

    Time is counted in slices that this process waited: while the machine is suspended, or the
    program stopped in its terminal, nothing passes.
    """

    def __init__(self, patience_s: float, bite: Callable[[], None]) -> None:
        self._patience_s = self._left_s = patience_s
        self._bite = bite
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.has_bitten = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._watch, name="sotto-watchdog", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        with self._lock:  # what is over is not bitten any more
            self._over.set()

    def calm(self) -> None:
        """Begin to count anew: there is a sign of life."""
        self._left_s = self._patience_s

    def _watch(self) -> None:
        while self._left_s > 0:
            if self._over.wait(min(SLICE_S, self._left_s)):
                return
            self._left_s -= SLICE_S
        with self._lock:
            if not self._over.is_set():
                self.has_bitten = True
                self._bite()
