"""Work handed over to the one thread that may do it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from sotto.errors import HotkeyError

Result = TypeVar("Result")

CLOSED = "The hotkeys are closed."  # why a worker ends when it is asked to


class Handover:
    """Jobs for a thread that waits for something else in between.

    `do` may be called by any thread; `run_waiting` and `end` by the one that does the jobs.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()  # guards `_ended`
        self._ended = ""
        self._worker: int | None = None

    def do(self, job: Callable[[], Result]) -> Result:
        """Have the worker do `job`; return its result, or raise what it raised.

        Raises:
            HotkeyError: the worker has ended; the message says why.
        """
        if threading.get_ident() == self._worker:
            return job()
        answer: Future[Result] = Future()
        with self._lock:
            if self._ended:
                raise HotkeyError(self._ended)
            self._jobs.put(lambda: _settle(answer, job))
            self._wake()
        return answer.result()

    def run_waiting(self) -> None:
        """Do all jobs that wait."""
        self._worker = threading.get_ident()
        try:
            while True:
                self._jobs.get_nowait()()
        except Empty:
            return

    def end(self, why: str) -> None:
        """Do what still waits and refuse what comes later, because of `why`."""
        with self._lock:
            self._ended = why
        self.run_waiting()


def _settle(answer: "Future[Result]", job: Callable[[], Result]) -> None:
    try:
        answer.set_result(job())
    except Exception as error:  # noqa: BLE001  # raised again where it was asked for
        answer.set_exception(error)
