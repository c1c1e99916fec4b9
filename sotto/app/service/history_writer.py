"""What is dictated goes into the history, if the user wants one."""
# The history imports numpy, which the first sight of the window can spare.
# ruff: noqa: PLC0415

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sotto.app.core.events import Event, Final, FinalSound
from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.service.background import Background
from sotto.app.service.dictation import Dictation, Purpose
from sotto.app.service.qt_settings import follow
from sotto.errors import SottoError

if TYPE_CHECKING:
    from sotto.app.core.history import History


@dataclass(frozen=True, slots=True)
class _Noted:
    """A final on its way into the history."""

    final: Final
    session: str
    application: str


class HistoryWriter(QObject):
    """Keeps each final on a thread of its own, which owns the file. Lives on Qt's thread.

    Args:
        dictation: whose finals are kept; captions are not.
        settings: whether and for how long.
        application: returns the application that the text goes to; empty for Sotto itself.
    """

    kept = Signal()
    failed = Signal(str)

    def __init__(
        self, dictation: Dictation, settings: SettingsStore, application: Callable[[], str]
    ) -> None:
        super().__init__(dictation)
        self._dictation = dictation
        self._application = application
        self._settings = settings
        self._files = Background("sotto-history", self)
        self._file = _HistoryFile()
        self._session = ""
        self._waiting: _Noted | None = None  # for its sound
        dictation.began.connect(self._begin)
        dictation.finished.connect(self._note)
        dictation.events.connect(self._hear)

    def start(self) -> None:
        """Remove what is older than the settings say, now and whenever they change."""
        follow(self._settings, ("history", "history_days"), self._forget_old, self)
        self._forget_old(self._settings.current)

    def forget_newest(self) -> None:
        """Remove all texts of the newest dictation: they were secret."""
        session = self._session
        self._waiting = None
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

    def _note(self, final: Final) -> None:
        if not (self._settings.current.history and final.text):
            return
        is_ours = self._dictation.purpose is Purpose.WINDOW
        application = "" if is_ours else self._application()
        noted = _Noted(final, self._session, application)
        if self._settings.current.history_audio:
            self._waiting = noted
        else:
            self._do(lambda: self._file.add(noted, None))

    def _hear(self, events: tuple[Event, ...]) -> None:
        for event in events:
            noted = self._waiting
            if isinstance(event, FinalSound) and noted is not None:
                self._waiting = None
                self._do(partial(self._file.add, noted, event))

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

    def add(self, noted: _Noted, sound: FinalSound | None) -> None:
        from sotto.app.core.history import Dictated

        final = noted.final
        dictated = Dictated(final.text, final.start, final.end, noted.session, noted.application)
        with self._opened() as history:
            entry = history.add(dictated, None if sound is None else sound.pcm)
        if self._newest[0] != noted.session:
            self._newest = (noted.session, [])
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
