"""Dictating into other applications: from the key to the words that stand there."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer, Signal

from sotto.app.core.events import CANCELLED, Dropped, Event, Final, Partial
from sotto.app.core.settings import InsertWhen, Settings, SettingsStore
from sotto.app.core.spoken_languages import Spoken
from sotto.app.core.words import WORD_NAMES, Action, StopListening, WordSettings, Writer
from sotto.app.desktop.insertion import Outcome, Target
from sotto.app.dictating.insertions import Report
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.dictation import Dictation, Phase, Purpose
from sotto.app.service.qt_settings import follow
from sotto.inference.languages import AUTO

# The last word goes on a little after the key is up.
TAIL_MS = 250
# Dictating on into the same window after a short while goes on in the same sentence, with a space.
GOES_ON_WITHIN_S = 120.0
# What an inserter depends on.
_WAYS = ("insert_method", "applications")


class Ending(Enum):
    """How a dictation into an application ended."""

    WRITTEN = auto()
    NOTHING_HEARD = auto()
    CANCELLED = auto()
    FAILED = auto()


@dataclass
class _Aim:
    """A dictation, the window that it goes to, and how it ends if it ends now."""

    number: int
    language: str = ""  # of the key that began it, or auto; empty where the settings say it
    target: Target | None = None
    ending: Ending = Ending.NOTHING_HEARD
    written_at_s: float = 0.0

    def is_continued_by(self, later: "_Aim") -> bool:
        """Whether later text goes on where this one ended."""
        same = self.target is not None and later.target == self.target
        return same and time.monotonic() - self.written_at_s < GOES_ON_WITHIN_S


class IntoApplications(QObject):
    """Starts and ends dictations for the key, and has their words written. On Qt's thread.

    Args:
        dictation: owns the sessions.
        insertions: writes.
        settings: the user's.
        choose: returns the microphone and the model that are chosen now.
    """

    started = Signal()
    stopping = Signal()  # the key is up; the last words are on their way
    ended = Signal(Ending)

    def __init__(
        self,
        dictation: Dictation,
        insertions: BackgroundInsertions,
        settings: SettingsStore,
        choose: Callable[[], tuple[str, str]],
    ) -> None:
        super().__init__(dictation)
        self._dictation = dictation
        self._insertions = insertions
        self._choose = choose
        self._settings = settings
        self._writer = Writer.of(WordSettings.of(settings.current))
        self._aims: dict[int, _Aim] = {}  # by number: those that were started and have not ended
        self._aim: _Aim | None = None  # of the session that runs, if that is ours
        self._written = _Aim(0)  # of the one that wrote last
        self._tail = QTimer(self, singleShot=True, interval=TAIL_MS)
        self._tail.timeout.connect(dictation.stop)
        self._is_wanted = False
        self._committed = ""  # of the utterance being spoken, where words are written early
        # What is to be written once the hotkey is up: while it is held, its modifiers would turn
        # every letter into a shortcut. None while it is up.
        self._held_back: list[tuple[int, tuple[Action, ...]]] | None = None
        insertions.looked.connect(self._know_target)
        insertions.reported.connect(self._know_outcome)
        dictation.began.connect(self._begin)
        dictation.events.connect(self._follow)
        dictation.phase_changed.connect(self._phase_changed)
        dictation.fault.connect(self._fail)
        follow(settings, WORD_NAMES, lambda _: self._follow_words(), self)
        follow(settings, _WAYS, lambda _: insertions.open_anew(), self)

    @property
    def is_active(self) -> bool:
        """Whether the user is dictating, as far as they are concerned."""
        return self._is_wanted

    @property
    def application(self) -> str:
        """The application that the text of the session goes to; empty for none."""
        return self._aim.target.application if self._aim and self._aim.target else ""

    def start(self, language: str = "") -> None:
        """Begin to dictate into the window that has the focus, unless that goes on already.

        Args:
            language: the only one that is spoken, or auto; empty where the settings say it.
        """
        if self._is_wanted:
            return
        self._is_wanted = True
        self._tail.stop()
        spoken = Spoken.of(self._with_language(language)) if language else None
        number = self._dictation.take_over(*self._choose(), Purpose.APPLICATION, spoken)
        self._aims[number] = _Aim(number, language)
        self._insertions.look(number)
        self.started.emit()

    def stop(self) -> None:
        """End after the last word, and write what was said."""
        if self._is_wanted:
            self._is_wanted = False
            self._tail.start()
            self.stopping.emit()

    def cancel(self) -> None:
        """End at once, and write nothing of what is being said."""
        if self._is_wanted or self._tail.isActive():
            self._is_wanted = False
            self._tail.stop()
            self._end_newest(Ending.CANCELLED)
            self._dictation.cancel()

    def undo(self) -> None:
        """Delete what was written last."""
        actions, self._writer = self._writer.scratch()
        self._pass_on(self._written.number, actions)

    def hold_back(self, *, is_key_down: bool) -> None:
        """Write nothing while the hotkey is down, and then all that came meanwhile."""
        if is_key_down:
            self._held_back = self._held_back if self._held_back is not None else []
            return
        waiting, self._held_back = self._held_back or [], None
        for number, actions in waiting:
            self._insertions.write(number, actions)

    def _know_target(self, number: int, target: Target | None) -> None:
        if number in self._aims:
            self._aims[number].target = target

    def _begin(self, number: int) -> None:
        self._aim = self._aims.get(number)

    def _follow(self, events: tuple[Event, ...]) -> None:
        if self._aim is None:
            return
        for event in events:
            match event:
                case Final(text=text, language=language):
                    self._write(self._aim, self._writer_for(self._aim).final(text, language))
                case Partial(committed=committed, language=language) if self._writes_early:
                    self._committed = committed
                    writer = self._writer_for(self._aim)
                    self._write(self._aim, writer.committed(committed, language))
                case Dropped(reason=reason) if reason == CANCELLED and self._writes_early:
                    self._take_back(self._aim)

    def _writer_for(self, aim: _Aim) -> Writer:
        if aim is self._written:
            return self._writer
        if self._written.is_continued_by(aim):
            return self._writer.with_settings(self._words_of(aim))
        return Writer.of(self._words_of(aim))

    def _follow_words(self) -> None:
        self._writer = self._writer.with_settings(self._words_of(self._written))

    def _words_of(self, aim: _Aim) -> WordSettings:
        return WordSettings.of(self._with_language(aim.language))

    def _with_language(self, language: str) -> Settings:
        settings = self._settings.current
        if not language:
            return settings
        return replace(settings, language="" if language == AUTO else language)

    @property
    def _writes_early(self) -> bool:
        return self._settings.current.insert_when is InsertWhen.COMMITTED

    def _write(self, aim: _Aim, step: tuple[tuple[Action, ...], Writer]) -> None:
        actions, writer = step
        if not actions and aim is not self._written:
            return  # nothing is written there yet, and what was written last can be undone
        self._writer, self._written = writer, aim
        aim.written_at_s, aim.ending = time.monotonic(), Ending.WRITTEN
        self._pass_on(aim.number, actions)
        if any(isinstance(action, StopListening) for action in actions):
            self.stop()

    def _take_back(self, aim: _Aim) -> None:
        """Delete what was written early of an utterance that is cancelled."""
        if aim is self._written and self._writer.said.text:
            ending, writer = self._writer.final(self._committed)
            scratching, self._writer = writer.scratch()
            self._pass_on(aim.number, (*ending, *scratching))

    def _forget_written(self) -> None:
        """Begin anew: what stands before the caret is not known any more."""
        self._written = _Aim(0)

    def _know_outcome(self, report: Report) -> None:
        if report.outcome is Outcome.SECRET:
            self._forget_written()

    def _pass_on(self, number: int, actions: tuple[Action, ...]) -> None:
        if self._held_back is None:
            self._insertions.write(number, actions)
        else:
            self._held_back.append((number, actions))

    def _fail(self, _message: str) -> None:
        self._end_newest(Ending.FAILED)

    def _end_newest(self, ending: Ending) -> None:
        if self._aims:
            self._aims[max(self._aims)].ending = ending

    def _phase_changed(self, phase: Phase) -> None:
        """Once nothing runs any more, what was started has ended."""
        if phase is not Phase.IDLE or not self._aims:
            return
        ending = self._aims[max(self._aims)].ending
        self._aims.clear()
        self._aim = None
        self._is_wanted = False
        self._tail.stop()
        self.ended.emit(ending)
