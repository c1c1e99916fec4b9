"""Writing into other applications without ever waiting for them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from sotto.app.core.words import Action
from sotto.app.desktop.insertion import Inserter, Outcome
from sotto.app.dictating.insertions import Insertions, Report
from sotto.app.service.background import Background
from sotto.errors import SottoError


class BackgroundInsertions(QObject):
    """Passes work to the thread of `Insertions`. Lives on Qt's thread."""

    looked = Signal(int, object)  # a dictation's number, and its Target | None
    reported = Signal(Report)

    def __init__(self, open_inserter: Callable[[], Inserter], parent: QObject | None) -> None:
        super().__init__(parent)
        self._insertions = Insertions(open_inserter)
        self._background = Background("sotto-insertion", self)

    def look(self, dictation: int) -> None:
        """Take the window that has the focus for where a dictation goes; `looked` tells."""
        self._background.run(
            lambda: self._insertions.look(dictation),
            lambda target: self.looked.emit(dictation, target),
            self._fail,
        )

    def write(self, dictation: int, actions: Sequence[Action]) -> None:
        """Insert and delete; `reported` tells what came of it."""
        self._do(lambda: self._insertions.write(dictation, actions))

    def write_now(self, text: str) -> None:
        """Insert a text of earlier where the focus is now."""
        self._do(lambda: self._insertions.write_now(text))

    def write_here(self) -> None:
        """Insert what is held where the focus is now."""
        self._do(self._insertions.write_here)

    def copy(self) -> None:
        """Put what is held on the clipboard."""
        self._do(self._insertions.copy)

    def drop(self) -> None:
        """Forget what is held."""
        self._background.run(self._insertions.drop, lambda _: None, self._fail)

    def open(self) -> None:
        """Be ready to look at once."""
        self._background.run(self._insertions.open, lambda _: None, self._fail)

    def open_anew(self) -> None:
        """Use the newest settings from the next text on."""
        self._background.run(self._insertions.close, lambda _: None, self._fail)
        self.open()

    def close(self, done: Callable[[], None]) -> None:
        """Let go of the display and call `done`, once all that was asked for is written."""
        self._background.run(self._insertions.close, lambda _: done(), lambda _: done())

    def _do(self, job: Callable[[], Report]) -> None:
        self._background.run(job, self.reported.emit, self._fail)

    def _fail(self, error: SottoError) -> None:
        self.reported.emit(Report(Outcome.MOVED, problem=str(error)))
