"""Writes that wait for room where a disk is full, and are never given up."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from sotto.app.service.background import Background
from sotto.errors import SottoError

_RETRY_MS = 5000  # room is made by hand; who made it looks whether it helped

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Write:
    job: Callable[[], object]
    replaces: str


class PersistentWrites(QObject):
    """Does one write after another on a thread of its own. Lives on Qt's thread.

    A write that a `SottoError` refuses is tried again, before all that were asked for later, as
    long as it takes.
    """

    failed = Signal(str)  # once, until something was written again
    written = Signal()  # all that was asked for so far

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(name, self)
        self._waiting: deque[_Write] = deque()  # the background thread's
        self._has_told = False
        self._retry = QTimer(self, interval=_RETRY_MS)
        self._retry.timeout.connect(self.try_again)

    def write(self, job: Callable[[], object], *, replaces: str = "") -> None:
        """Do `job` as soon as those of before are done.

        Args:
            job: writes; on a thread of its own.
            replaces: a name, if it makes a job of the same name needless that waits just before.
        """
        self._run(lambda: self._add(_Write(job, replaces)))

    def run(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[SottoError], None],
    ) -> None:
        """Do a job that is not tried again, when all writes were tried."""
        self._background.run(job, done, failed)

    def try_again(self) -> None:
        """Try at once what waits."""
        self._run(lambda: None)

    def flush(self, done: Callable[[], None]) -> None:
        """Call `done` once all was tried."""
        self.try_again()
        self._background.run(lambda: None, lambda _: done(), lambda _: done())

    def _run(self, before: Callable[[], None]) -> None:
        def work() -> None:
            before()
            self._drain()

        self._background.run(work, lambda _: self._succeed(), self._fail)

    def _add(self, write: _Write) -> None:
        if write.replaces and self._waiting and self._waiting[-1].replaces == write.replaces:
            self._waiting.pop()
        self._waiting.append(write)

    def _drain(self) -> None:
        while self._waiting:
            try:
                self._waiting[0].job()
            except SottoError:
                raise
            except Exception:
                self._waiting.popleft()  # a defect does not mend itself
                raise
            self._waiting.popleft()

    def _succeed(self) -> None:
        self._has_told = False
        self._retry.stop()
        self.written.emit()

    def _fail(self, error: SottoError) -> None:
        self._retry.start()
        if not self._has_told:
            self._has_told = True
            self.failed.emit(str(error))
