"""Loading a model beside the engine thread, which goes on buffering sound meanwhile."""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from sotto.app.core.events import Preparing

# Called with what is being done, the seconds it has taken and the seconds it is expected to take.
ProgressCallback = Callable[[str, float, float], None]

Loaded = TypeVar("Loaded")


class Loading(Generic[Loaded]):
    """Calls `load` in a thread of its own and keeps its result for the engine thread."""

    def __init__(self, load: Callable[[ProgressCallback], Loaded]) -> None:
        self._load = load
        self._progress: SimpleQueue[Preparing] = SimpleQueue()
        self._results: list[Loaded] = []
        self._error: BaseException | None = None
        # A daemon: a graph compiler cannot be interrupted, and must not keep a window open.
        self._thread = threading.Thread(target=self._run, name="sotto-loader", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait at most `timeout_s`; return whether the result is there."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def progress(self) -> Iterator[Preparing]:
        """Yield what was reported since the last call."""
        while True:
            try:
                yield self._progress.get_nowait()
            except Empty:
                return

    def result(self) -> Loaded:
        """Return what `load` returned, or raise what it raised. Call it when `wait` was true."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._load(self._report))
        except BaseException as error:  # noqa: BLE001 (raised again by `result`)
            self._error = error

    def _report(self, what: str, elapsed_s: float, expected_s: float) -> None:
        self._progress.put(Preparing(what, elapsed_s, expected_s))
