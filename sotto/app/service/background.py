"""The one idiom for work that may block (devices, disks); the answer comes on Qt's thread."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sotto.app.core.traces import logger
from sotto.errors import InternalError, SottoError

_log = logger(__name__)

Result = TypeVar("Result")


class Background(QObject):
    """One thread that does one job after another.

    Jobs run on that thread and own what they touch; answers arrive on the thread that made this
    object. The thread is a daemon: a driver that hangs must not keep the program from ending.
    """

    _answered = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[Callable[[], Callable[[], None]]] = SimpleQueue()
        # A slot of this object, queued: a bare function would be called on the emitting thread.
        self._answered.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def run(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[SottoError], None],
    ) -> None:
        """Do `job` when its turn comes; then call `done` with its result, or `failed`.

        One of them is called, once. After `failed` with an `InternalError` its cause is raised.
        """

        def work() -> Callable[[], None]:
            try:
                result = job()
            except SottoError as error:
                _log.warning("a job failed", exc_info=error)
                refused = error
                return lambda: failed(refused)
            except Exception as error:  # noqa: BLE001  # a defect: raised again where it is reported
                return _failing(error, failed)
            return lambda: done(result)

        self._jobs.put(work)

    @Slot(object)
    def _answer(self, answer: Callable[[], None]) -> None:
        answer()

    def _work(self) -> None:
        try:
            while True:
                # Nothing keeps the last job's result, such as a session with its model, alive.
                self._answered.emit(self._jobs.get()())
        except RuntimeError:
            return  # the window is gone, and with it everyone who wanted an answer


def _failing(error: Exception, failed: Callable[[SottoError], None]) -> Callable[[], None]:
    def answer() -> None:
        failed(InternalError.of(error))
        raise error

    return answer
