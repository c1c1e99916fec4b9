"""What is dictated goes into the history, if the user wants one."""
# The history imports numpy, which the first sight of the window can spare.
# ruff: noqa: PLC0415

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from sotto.app.core.events import Recovered
from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.dictating.messages import Finished, Unrecognised
from sotto.app.service.dictation import Dictation
from sotto.app.service.qt_settings import follow
from sotto.app.service.storage.persistent_writes import PersistentWrites
from sotto.app.service.storage.text_storage import TextStorage

if TYPE_CHECKING:
    from sotto.app.core.history import History
    from sotto.audio.input.source import Pcm

_UNRECOGNISED = "[not recognised]"
_HOUR_MS = 3_600_000
# A disk that takes longer to delete journals is not waited for: the next start does it.
_JOURNALS_GO_WITHIN_S = 2.0


class HistoryWriter(QObject):
    """Keeps each utterance on a thread of its own, which owns the file. Lives on Qt's thread.

    What a full disk refuses waits for room; what is kept leaves the journal.

    Args:
        dictation: whose utterances are kept; captions are not.
        settings: whether and for how long.
        texts: where texts are kept, too, and the only place without a history.
    """

    kept = Signal()
    failed = Signal(str)

    def __init__(self, dictation: Dictation, settings: SettingsStore, texts: TextStorage) -> None:
        super().__init__(dictation)
        self._settings = settings
        self._texts = texts
        self._journals = dictation.journals
        self._files = PersistentWrites("sotto-history", self)
        self._files.failed.connect(self.failed)
        self._files.written.connect(self._tell)
        self._file = _HistoryFile()
        self._session = ""  # of the newest dictation
        self._hourly = QTimer(self, interval=_HOUR_MS)
        self._hourly.timeout.connect(lambda: self._forget_old(settings.current))
        dictation.began.connect(self._begin)
        dictation.finished.connect(self._keep)
        dictation.unrecognised.connect(self._keep_sound)

    def start(self) -> None:
        """Remove what is older than the settings say, now, every hour, and when they change."""
        follow(self._settings, ("history", "history_days"), self._forget_old, self)
        self._forget_old(self._settings.current)
        self._hourly.start()

    def forget_newest(self) -> None:
        """Remove all texts of the newest dictation: they were secret."""
        session = self._session
        self._files.write(lambda: self._file.forget(session))

    def keep_recovered(self, recovered: Recovered, text: str, kept: Callable[[], None]) -> None:
        """Keep a text of a session that was cut off.

        Args:
            recovered: when it was said.
            text: as it is written.
            kept: called, in a thread of its own, once it is kept.
        """
        when = datetime.fromisoformat(recovered.when)
        told = _Told(text, recovered.start, recovered.end, f"recovered-{recovered.when}", "", when)
        self._keep_text(told, None, kept)

    def keep_unrecognised(self, event: dict[str, Any], kept: Callable[[], None]) -> None:
        """Keep sound that nobody could recognise for a day, with the words that are known of it."""
        self._files.write(lambda: self._file.add_unrecognised(event, kept))

    def close(self, done: Callable[[], None]) -> None:
        """Call `done` once all is kept that can be, and its journals are gone."""
        join = lambda: self._journals.join(_JOURNALS_GO_WITHIN_S)  # noqa: E731 (named for what it does)
        self._files.try_again()
        self._files.run(join, lambda _: done(), lambda _: done())

    def _forget_old(self, settings: Settings) -> None:
        if settings.history:
            days = settings.history_days
            self._files.write(lambda: self._file.forget_older_than(days), replaces="old")

    def _begin(self, _number: int) -> None:
        self._session = uuid.uuid4().hex

    def _keep(self, finished: Finished) -> None:
        final, sound = finished.final, finished.sound
        told = _Told(
            final.text,
            final.start,
            final.end,
            self._session,
            finished.application,
            missing_s=finished.missing_s,
            joined_by=final.joined_by,
        )
        kept = lambda: self._journals.kept(finished.run, final.utterance)  # noqa: E731 (named for what it does)
        self._keep_text(told, None if sound is None else sound.pcm, kept)

    def _keep_sound(self, lost: Unrecognised) -> None:
        sound = lost.sound
        told = _Told(_UNRECOGNISED, sound.start, sound.end, self._session, lost.application)
        if self._settings.current.history:
            self._keep_text(told, sound.pcm, lambda: None)

    def _keep_text(self, told: "_Told", sound: "Pcm | None", kept: Callable[[], None]) -> None:
        if told.text and self._settings.current.history:
            passes = not self._settings.current.history_audio  # kept because it is doubtful
            self._files.write(lambda: self._file.add(told, sound, kept, passes=passes))
        else:
            # The transcript changes right after this, and is given to be kept.
            QTimer.singleShot(0, self, lambda: self._texts.when_kept(kept))

    def _tell(self) -> None:
        warning, self._file.warning = self._file.warning, None
        if warning:
            self.failed.emit(warning)
        self.kept.emit()


@dataclass(frozen=True, slots=True)
class _Told:
    """See `sotto.app.core.history.Dictated`, which takes longer to import."""

    text: str
    start_s: float
    end_s: float
    session: str
    application: str
    when: datetime | None = None
    missing_s: float | None = None
    joined_by: str | None = None


class _HistoryFile:
    """Opens the history's file for one job after another. Owned by a background thread.

    It is not kept open: the history window, too, may set a damaged file aside and begin a new one.
    """

    def __init__(self) -> None:
        self._newest: tuple[str, list[int]] = ("", [])  # a session and the ids of its texts
        self.warning: str | None = None

    def add(
        self, told: _Told, sound: "Pcm | None", kept: Callable[[], None], *, passes: bool
    ) -> None:
        from sotto.app.core.history import Dictated

        times = {} if told.when is None else {"when": told.when}
        dictated = Dictated(
            told.text,
            told.start_s,
            told.end_s,
            told.session,
            told.application,
            missing_s=told.missing_s,
            joined_by=told.joined_by,
            **times,
        )
        with self._opened() as history:
            entry = history.add(dictated, sound, passes=passes)
        kept()
        if self._newest[0] != told.session:
            self._newest = (told.session, [])
        self._newest[1].append(entry.id)

    def add_unrecognised(self, event: dict[str, Any], kept: Callable[[], None]) -> None:
        from sotto.app.core.journal.left import sound_of
        from sotto.audio.input.source import SAMPLE_RATE

        sound, start_s, when = (
            sound_of(Path(event["folder"]), event["from"]),
            event["start"],
            event["when"],
        )
        told = _Told(
            event["text"] or _UNRECOGNISED,
            start_s,
            start_s + len(sound) / SAMPLE_RATE,
            f"recovered-{when}",
            "",
            datetime.fromisoformat(when),
        )
        self.add(told, sound, kept, passes=True)

    def forget(self, session: str) -> None:
        if self._newest[0] == session:
            with self._opened() as history:
                history.delete(self._newest[1])

    def forget_older_than(self, days: int) -> None:
        from sotto.app.core.history import history_path

        if history_path().exists():
            with self._opened() as history:
                history.forget_older_than(days)
                history.forget_passed_sounds()

    @contextmanager
    def _opened(self) -> "Iterator[History]":
        from sotto.app.core.history import History, history_path

        with closing(History(history_path())) as history:
            self.warning = self.warning or history.warning
            yield history
