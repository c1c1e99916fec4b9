"""A thread for calls into the sound system, which may take seconds or never return."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")


class DeviceThread:
    """Does one job after another. A driver that hangs does not keep a program from ending.

    `run` and `finish` belong to the thread that made it.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._work, name="sotto-device", daemon=True).start()

    def run(self, job: Callable[[], Result]) -> Future[Result]:
        """Do `job` when its turn comes; its result, or its error, is in what is returned."""
        future: Future[Result] = Future()

        def work() -> None:
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001  # raised where the result is asked for
                future.set_exception(error)

        self._jobs.put(work)
        return future

    def finish(self) -> None:
        """End the thread after the jobs that it was given; returns at once."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
