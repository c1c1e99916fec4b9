"""Starting, stopping and following a session without ever waiting for it."""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from sotto.app.core.events import (
    Event,
    Fault,
    Final,
    Lag,
    Level,
    Preparing,
    SessionState,
    StateChanged,
)
from sotto.app.core.transcript import Transcript
from sotto.app.ui.background import Background
from sotto.app.ui.bridge import EventBridge
from sotto.app.ui.engine import Engine, Session, Sink
from sotto.errors import SottoError


class Phase(Enum):
    """What the dictation is doing, as the user sees it."""

    IDLE = auto()
    PREPARING = auto()
    LISTENING = auto()
    FINISHING = auto()


_PHASES = {
    SessionState.PREPARING: Phase.PREPARING,
    SessionState.LISTENING: Phase.LISTENING,
    SessionState.FINISHING: Phase.FINISHING,
    SessionState.STOPPED: Phase.IDLE,
}


class Dictation(QObject):
    """Owns the session and the transcript; lives on Qt's thread."""

    phase_changed = Signal(Phase)
    transcript_changed = Signal(Transcript)
    finished_utterance = Signal(str)
    preparing = Signal(Preparing)
    levels = Signal(tuple)  # tuple[Level, ...], oldest first
    lag = Signal(Lag)
    fault = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._opener = Background("sotto-open", self)
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._follow)
        self._session: Session | None = None
        self.phase = Phase.IDLE
        self.transcript = Transcript()

    def listen(self, microphone: str, model: str) -> None:
        """Start listening to a microphone, unless something runs already."""
        self._open(lambda sink: self._engine.listen(microphone, model, sink))

    def play_clip(self, model: str) -> None:
        """Start on the bundled clip, unless something runs already."""
        self._open(lambda sink: self._engine.play_clip(model, sink))

    def stop(self) -> None:
        """Take no more sound; the text of what was said still arrives."""
        if self.phase in {Phase.IDLE, Phase.FINISHING}:
            return
        self._enter(Phase.FINISHING)
        if self._session is not None:
            self._session.stop()

    def put(self, transcript: Transcript) -> None:
        """Replace the text, as when it is cleared or an earlier one is opened."""
        self.transcript = transcript
        self.transcript_changed.emit(transcript)

    def _open(self, opening: Callable[[Sink], Session]) -> None:
        if self.phase is not Phase.IDLE:
            return
        self._enter(Phase.PREPARING)
        self._opener.run(lambda: opening(self._bridge.post), self._opened, self._refused)

    def _opened(self, session: Session) -> None:
        self._session = session
        session.start()
        if self.phase is Phase.FINISHING:  # the user was faster than the device
            session.stop()

    def _refused(self, error: SottoError) -> None:
        self._end()
        self.fault.emit(str(error))

    def _follow(self, events: tuple[Event, ...]) -> None:
        before = self.transcript
        for event in events:
            self.transcript = self.transcript.after(event)
            if isinstance(event, Final) and event.text.strip():
                self.finished_utterance.emit(event.text.strip())
        if self.transcript is not before:
            self.transcript_changed.emit(self.transcript)
        for event in events:
            if isinstance(event, Fault):
                self.fault.emit(event.message)
            elif isinstance(event, StateChanged):
                self._reached(_PHASES[event.state])
        self._show_newest(events)

    def _show_newest(self, events: tuple[Event, ...]) -> None:
        """Of measurements only the newest counts, however many came at once."""
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
        self._enter(Phase.IDLE)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)
