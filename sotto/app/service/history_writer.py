"""What is dictated goes into the history, if the user wants one."""
# The history imports numpy, which the first sight of the window can spare.
# ruff: noqa: PLC0415

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.dictating.messages import Finished
from sotto.app.service.background import Background
from sotto.app.service.dictation import Dictation
from sotto.app.service.qt_settings import follow
from sotto.errors import SottoError

if TYPE_CHECKING:
    from sotto.app.core.history import History


class HistoryWriter(QObject):
    """Keeps each utterance on a thread of its own, which owns the file. Lives on Qt's thread.

    Args:
        dictation: whose utterances are kept; captions are not.
        settings: whether and for how long.
    """

    kept = Signal()
    failed = Signal(str)

    def __init__(self, dictation: Dictation, settings: SettingsStore) -> None:
        super().__init__(dictation)
        self._settings = settings
        self._files = Background("sotto-history", self)
        self._file = _HistoryFile()
        self._session = ""  # of the newest dictation
        dictation.began.connect(self._begin)
        dictation.finished.connect(self._keep)

    def start(self) -> None:
        """Remove what is older than the settings say, now and whenever they change."""
        follow(self._settings, ("history", "history_days"), self._forget_old, self)
        self._forget_old(self._settings.current)

    def forget_newest(self) -> None:
        """Remove all texts of the newest dictation: they were secret."""
        session = self._session
        self._do(lambda: self._file.forget(session))

    def close(self, done: Callable[[], None]) -> None:
        """Call `done` once all is kept."""
        self._files.run(lambda: None, lambda _: done(), lambda _: done())

    def _forget_old(self, settings: Settings) -> None:
        if settings.history:
            days = settings.history_days
            self._do(lambda: self._file.forget_older_than(days))

    def _begin(self, _number: int) -> None:
        self._session = uuid.uuid4().hex

    def _keep(self, finished: Finished) -> None:
        if self._settings.current.history and finished.final.text:
            session = self._session
            self._do(lambda: self._file.add(finished, session))

    def _do(self, job: Callable[[], None]) -> None:
        self._files.run(job, lambda _: self._tell(), self._fail)

    def _tell(self) -> None:
        warning, self._file.warning = self._file.warning, None
        if warning:
            self.failed.emit(warning)
        self.kept.emit()

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))


class _HistoryFile:
    """Opens the history's file for one job after another. Owned by a background thread.

    It is not kept open: the history window, too, may set a damaged file aside and begin a new one.
    """

    def __init__(self) -> None:
        self._newest: tuple[str, list[int]] = ("", [])  # a session and the ids of its texts
        self.warning: str | None = None

    def add(self, finished: Finished, session: str) -> None:
        from sotto.app.core.history import Dictated

        final, sound = finished.final, finished.sound
        dictated = Dictated(
            final.text,
            final.start,
            final.end,
            session,
            finished.application,
            missing_s=finished.missing_s,
        )
        with self._opened() as history:
            entry = history.add(dictated, None if sound is None else sound.pcm)
        if self._newest[0] != session:
            self._newest = (session, [])
        self._newest[1].append(entry.id)

    def forget(self, session: str) -> None:
        if self._newest[0] == session:
            with self._opened() as history:
                history.delete(self._newest[1])

    def forget_older_than(self, days: int) -> None:
        from sotto.app.core.history import history_path

        if history_path().exists():
            with self._opened() as history:
                history.forget_older_than(days)

    @contextmanager
    def _opened(self) -> "Iterator[History]":
        from sotto.app.core.history import History, history_path

        with closing(History(history_path())) as history:
            self.warning = self.warning or history.warning
            yield history
