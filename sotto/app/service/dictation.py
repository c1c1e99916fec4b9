"""Starting, stopping and following a session without ever waiting for it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from operator import methodcaller

from PySide6.QtCore import QObject, Signal

from sotto.app.core.events import (
    Event,
    Fault,
    Final,
    Lag,
    Level,
    Partial,
    Preparing,
    SessionState,
    StateChanged,
)
from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.spoken_languages import Spoken
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import WORD_NAMES, WordSettings, Writer
from sotto.app.dictating.engine import Engine, Session, Sink
from sotto.app.dictating.scribe import Scribe
from sotto.app.service.background import Background
from sotto.app.service.event_bridge import EventBridge
from sotto.app.service.qt_settings import follow
from sotto.errors import SottoError


class Phase(Enum):
    """What the dictation is doing, as the user sees it."""

    IDLE = auto()
    PREPARING = auto()
    LISTENING = auto()
    FINISHING = auto()


class Purpose(Enum):
    """Where the text of a session goes, besides the transcript."""

    WINDOW = auto()  # nowhere else
    APPLICATION = auto()  # into the application that had the focus
    CAPTIONS = auto()  # nowhere else: it is what the machine plays, or what is said all day


_PHASES = {
    SessionState.PREPARING: Phase.PREPARING,
    SessionState.LISTENING: Phase.LISTENING,
    SessionState.FINISHING: Phase.FINISHING,
    SessionState.STOPPED: Phase.IDLE,
}


class Dictation(QObject):
    """Owns the session and the transcript; lives on Qt's thread.

    There is one session at a time. `take_over` opens the next while the words of the one before
    are still being finished, so that nothing is missed in between.
    """

    began = Signal(int)  # the session of that number starts now; what follows belongs to it
    events = Signal(tuple)  # tuple[Event, ...]: all of them, in order
    phase_changed = Signal(Phase)
    transcript_changed = Signal(Transcript)
    captions_changed = Signal(Transcript)  # of a session for captions; nobody keeps it
    finished = Signal(Final)  # an utterance, with its text as it is written
    preparing = Signal(Preparing)
    levels = Signal(tuple)  # tuple[Level, ...], oldest first
    lag = Signal(Lag)
    language = Signal(str)  # its code: of what was said last
    fault = Signal(str)

    def __init__(
        self, engine: Engine, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._opener = Background("sotto-open", self)
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._follow)
        self._session: Session | None = None
        self._waiting: deque[_Opening] = deque()
        self._n_opened = 0
        self.purpose = Purpose.WINDOW
        self.phase = Phase.IDLE
        self._scribe = Scribe(self._new_writer())
        self._captions = Transcript()
        follow(settings, WORD_NAMES, self._write_as, self)

    def listen(
        self,
        microphone: str,
        model: str,
        purpose: Purpose = Purpose.WINDOW,
        spoken: Spoken | None = None,
    ) -> None:
        """Start listening to a microphone, unless something runs already.

        `spoken` here and below says what is spoken, if not what the settings say.
        """
        self._open_if_idle(
            purpose, lambda sink: self._engine.listen(microphone, model, sink, spoken)
        )

    def listen_to_system(self, model: str, spoken: Spoken | None = None) -> None:
        """Start listening to what the machine plays, unless something runs already."""
        self._open_if_idle(
            Purpose.CAPTIONS, lambda sink: self._engine.listen_to_system(model, sink, spoken)
        )

    def play_clip(self, model: str) -> None:
        """Start on the bundled clip, unless something runs already."""
        self._open_if_idle(Purpose.WINDOW, lambda sink: self._engine.play_clip(model, sink))

    def take_over(
        self, microphone: str, model: str, purpose: Purpose, spoken: Spoken | None = None
    ) -> int:
        """Listen to a microphone from now on and return the session's number.

        What runs is finished first.
        """
        self.stop()
        return self._open(
            purpose, lambda sink: self._engine.listen(microphone, model, sink, spoken)
        )

    def stop(self) -> None:
        """Take no more sound; the text of what was said still arrives."""
        if self._waiting:
            self._waiting[-1].ending = methodcaller("stop")
        elif self._session is not None and self.phase is not Phase.FINISHING:
            self._session.stop()
        self._enter_finishing()

    def cancel(self) -> None:
        """End at once; what was said since the last final is forgotten."""
        if self._waiting:
            self._waiting[-1].ending = methodcaller("cancel")
        elif self._session is not None:
            self._session.cancel()
        self._enter_finishing()

    def _enter_finishing(self) -> None:
        if self.phase is not Phase.IDLE:
            self._enter(Phase.FINISHING)

    @property
    def transcript(self) -> Transcript:
        """All text so far."""
        return self._scribe.transcript

    def put(self, transcript: Transcript) -> None:
        """Replace the text, as when it is cleared or an earlier one is opened."""
        self._scribe = Scribe(self._new_writer(), transcript)
        self.transcript_changed.emit(transcript)

    def _new_writer(self) -> Writer:
        return Writer.of(WordSettings.of(self._settings.current))

    def _write_as(self, settings: Settings) -> None:
        """Write words in this way from the next utterance on."""
        writer = self._scribe.writer.with_settings(WordSettings.of(settings))
        self._scribe = replace(self._scribe, writer=writer)

    def _open_if_idle(self, purpose: Purpose, open_session: Callable[[Sink], Session]) -> None:
        if self.phase is Phase.IDLE:
            self._open(purpose, open_session)

    def _open(self, purpose: Purpose, open_session: Callable[[Sink], Session]) -> int:
        self._n_opened += 1
        opening = _Opening(self._n_opened, purpose)
        self._waiting.append(opening)
        if self.phase is Phase.IDLE:
            self._enter(Phase.PREPARING)
        self._opener.run(
            lambda: open_session(self._bridge.post),
            lambda session: self._opened(opening, session),
            lambda error: self._refused(opening, error),
        )
        return opening.number

    def _opened(self, opening: "_Opening", session: Session) -> None:
        opening.session = session
        self._begin_next()

    def _begin_next(self) -> None:
        """Start the session that waits longest, if it is open and none runs."""
        session = self._waiting[0].session if self._waiting else None
        if session is None or self._session is not None:
            return
        opening = self._waiting.popleft()
        self._session, self.purpose = session, opening.purpose
        self._captions = Transcript()
        self.began.emit(opening.number)
        if opening.ending is not None:  # the user was faster than the device
            opening.ending(session)
        session.start()
        self._enter(opening.first_phase)

    def _refused(self, opening: "_Opening", error: SottoError) -> None:
        self._waiting.remove(opening)
        self.fault.emit(str(error))
        if self._session is None and not self._waiting:
            self._enter(Phase.IDLE)
        self._begin_next()

    def _follow(self, events: tuple[Event, ...]) -> None:
        if self.purpose is Purpose.CAPTIONS:
            self._caption(events)
        else:
            self._write_down(events)
        self.events.emit(events)
        for event in events:
            if isinstance(event, Fault):
                self.fault.emit(event.message)
            elif isinstance(event, StateChanged):
                self._reached(_PHASES[event.state])
        self._show_newest(events)

    def _caption(self, events: tuple[Event, ...]) -> None:
        before = self._captions
        for event in events:
            self._captions = self._captions.after(event)
        if self._captions is not before:
            self.captions_changed.emit(self._captions)

    def _write_down(self, events: tuple[Event, ...]) -> None:
        before = self.transcript
        for event in events:
            self._scribe = self._scribe.after(event)
            if isinstance(event, Final):
                self.finished.emit(replace(event, text=self._scribe.newest))
            if self._scribe.asks_to_stop:
                self.stop()
        if self.transcript is not before:
            self.transcript_changed.emit(self.transcript)

    def _show_newest(self, events: tuple[Event, ...]) -> None:
        """Of measurements only the newest counts, however many came at once."""
        languages = [each.language for each in events if isinstance(each, Partial | Final)]
        if any(languages):
            self.language.emit(next(filter(None, reversed(languages))))
        newest = {type(event): event for event in events}
        for kind, signal in ((Preparing, self.preparing), (Lag, self.lag)):
            if kind in newest:
                signal.emit(newest[kind])
        levels = tuple(event for event in events if isinstance(event, Level))
        if levels:
            self.levels.emit(levels)

    def _reached(self, phase: Phase) -> None:
        if phase is Phase.IDLE:
            self._end()
        elif self.phase is not Phase.FINISHING:  # a session told to stop says more on its way
            self._enter(phase)

    def _end(self) -> None:
        self._session = None
        self._enter(self._waiting[0].first_phase if self._waiting else Phase.IDLE)
        self._begin_next()

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)


@dataclass
class _Opening:
    """A session that is being opened, and what was asked of it meanwhile."""

    number: int
    purpose: Purpose
    session: Session | None = None
    ending: Callable[[Session], None] | None = None  # what was asked of it already

    @property
    def first_phase(self) -> Phase:
        return Phase.PREPARING if self.ending is None else Phase.FINISHING
