"""The history behind a thread of its own, so that no disk keeps the window waiting."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from sotto.app.core.history import History
from sotto.app.service.background import Background
from sotto.errors import SottoError

Result = TypeVar("Result")


class Records(QObject):
    """Does jobs on the history one after another; opens it for the first, until it is closed."""

    failed = Signal(str)
    warned = Signal(str)  # the history was damaged and is set aside

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._background = Background("sotto-history", self)
        self._history: History | None = None  # the background thread's

    def run(self, job: Callable[[History], Result], done: Callable[[Result], None]) -> None:
        """Do `job` and call `done` with its result on Qt's thread; `failed` tells otherwise."""

        def work() -> tuple[Result, str | None]:
            is_first, history = self._history is None, self._opened()
            return job(history), history.warning if is_first else None

        def answer(answered: tuple[Result, str | None]) -> None:
            result, warning = answered
            if warning is not None:
                self.warned.emit(warning)
            done(result)

        self._background.run(work, answer, self._fail)

    def close(self) -> None:
        """Close the file once all jobs are done; the next one opens it again."""
        self._background.run(self._close, lambda _: None, self._fail)

    def _opened(self) -> History:
        if self._history is None:
            self._history = History(self._path)
        return self._history

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history = None

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))
