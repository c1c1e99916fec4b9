"""The dictation machine among Qt's objects: delivers what happens, and does what it decides."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from sotto.app.core.events import Event, Final, Lag, Level, Partial, Preparing
from sotto.app.core.journal.live import LiveJournals
from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.spoken_languages import Spoken
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import WORD_NAMES
from sotto.app.desktop.insertion import Outcome, Target
from sotto.app.dictating.engine import Engine, Session, Sink
from sotto.app.dictating.insertions import Report
from sotto.app.dictating.machine import DictationMachine
from sotto.app.dictating.messages import (
    Begin,
    Cancel,
    CancelDictation,
    CancelSession,
    Command,
    Cue,
    Dictate,
    EndDictation,
    Ended,
    Finished,
    Follow,
    Happened,
    Input,
    KeyHeld,
    Listen,
    Look,
    Mention,
    Open,
    Opened,
    Put,
    Refused,
    Request,
    Secret,
    Sound,
    StartTail,
    Stop,
    StopSession,
    StopTail,
    TailOver,
    TargetFound,
    Tell,
    Undo,
    Unrecognised,
    Write,
)
from sotto.app.dictating.phases import Ending, Phase, Purpose
from sotto.app.service.background import Background
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.event_bridge import EventBridge
from sotto.app.service.qt_settings import follow
from sotto.errors import SottoError

# The last word goes on a little after the key is up.
TAIL_MS = 250
_WAYS = ("insert_method", "applications")  # what an inserter depends on
_WRITING = (*WORD_NAMES, "insert_when")


class Dictation(QObject):
    """Owns the machine and the sessions; lives on Qt's thread, and never waits.

    Args:
        engine: opens sessions, on a thread that may wait.
        settings: the user's.
        parent: owns it.
        insertions: writes into other applications, likewise; without it, nothing does.
        choose: returns the microphone and the model that a hotkey dictates with.

    Attributes:
        journals: of the sessions; whoever keeps an utterance tells them.
    """

    began = Signal(int)  # the session of that number starts now; what follows belongs to it
    events = Signal(tuple)  # tuple[Event, ...]: all of them, in order
    phase_changed = Signal(Phase)
    transcript_changed = Signal(Transcript)
    captions_changed = Signal(Transcript)  # of a session for captions; nobody keeps it
    finished = Signal(Finished)  # an utterance, with its text as it is written
    unrecognised = Signal(Unrecognised)  # sound that has none
    preparing = Signal(Preparing)
    levels = Signal(tuple)  # tuple[Level, ...], oldest first
    lag = Signal(Lag)
    language = Signal(str)  # its code: of what was said last
    fault = Signal(str)  # which ended a session
    incident = Signal(str)  # after which it goes on
    started = Signal()  # a dictation into an application
    stopping = Signal()  # its key is up; the last words are on their way
    ended = Signal(Ending)

    def __init__(
        self,
        engine: Engine,
        settings: SettingsStore,
        parent: QObject | None = None,
        *,
        insertions: BackgroundInsertions | None = None,
        choose: Callable[[], tuple[str, str]] = lambda: ("", ""),
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._insertions = insertions
        self._settings = settings
        self._choose = choose
        self._machine = DictationMachine(settings.current)
        self._inputs: deque[Input] = deque()
        self._is_busy = False
        self._shown = (self.phase, self.shown_phase, self.transcript, self._machine.captions)
        self.journals = LiveJournals()
        self._sessions: dict[int, Session] = {}  # by number: those that are open
        self._opener = Background("sotto-open", self)
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._follow)
        self._tail = QTimer(self, singleShot=True, interval=TAIL_MS)
        self._tail.timeout.connect(lambda: self._give(TailOver()))
        if insertions is not None:
            insertions.looked.connect(self._know_target)
            insertions.reported.connect(self._know_outcome)
            follow(settings, _WAYS, lambda _: insertions.open_anew(), self)
        follow(settings, _WRITING, self._write_as, self)

    # What can be asked ---------------------------------------------------------------------

    def listen(self, request: Request) -> None:
        """Listen from now on; what runs is finished first."""
        self._give(Listen(request))

    def listen_if_idle(self, request: Request) -> None:
        """Listen, unless something runs already."""
        self._give(Listen(request, gives_way=True))

    def stop(self) -> None:
        """Take no more sound; the text of what was said still arrives."""
        self._give(Stop())

    def cancel(self) -> None:
        """End at once; what was said since the last final is forgotten."""
        self._give(Cancel())

    def dictate(self, language: str = "") -> None:
        """Begin to dictate into the window that has the focus, unless that goes on already.

        Args:
            language: the only one that is spoken, or auto; empty where the settings say it.
        """
        microphone, model = self._choose()
        spoken = Spoken.of_key(self._settings.current, language) if language else None
        self._give(
            Dictate(
                Request(
                    Purpose.APPLICATION,
                    microphone=microphone,
                    model=model,
                    spoken=spoken,
                    language=language,
                )
            )
        )

    def end_dictation(self) -> None:
        """End it after the last word, and write what was said."""
        self._give(EndDictation())

    def cancel_dictation(self) -> None:
        """End it at once, and write nothing of what is being said."""
        self._give(CancelDictation())

    def hold_back(self, *, is_key_down: bool) -> None:
        """Write nothing while the hotkey is down, and then all that came meanwhile."""
        self._give(KeyHeld(is_key_down))

    def undo(self) -> None:
        """Delete what was written last."""
        self._give(Undo())

    def put(self, transcript: Transcript) -> None:
        """Replace the text, as when it is cleared or an earlier one is opened."""
        self._give(Put(transcript))

    # What can be seen ----------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        """What dictation is doing."""
        return self._machine.phase

    @property
    def shown_phase(self) -> Phase:
        """The same but for captions, which have a window of their own."""
        return self._machine.shown_phase

    @property
    def purpose(self) -> Purpose:
        """What the session is for that runs, or is the next to begin."""
        return self._machine.purpose

    @property
    def is_dictating(self) -> bool:
        """Whether the user dictates by the hotkey, as far as they are concerned."""
        return self._machine.is_dictating

    @property
    def transcript(self) -> Transcript:
        """All text so far."""
        return self._machine.transcript

    # Delivering ----------------------------------------------------------------------------

    def _give(self, *inputs: Input) -> None:
        """Deliver inputs in order, those that slots give meanwhile as well; then show the state."""
        self._inputs.extend(inputs)
        if self._is_busy:
            return
        self._is_busy = True
        try:
            while self._inputs:
                self._carry_out(self._machine.step(self._inputs.popleft(), time.monotonic()))
        finally:
            self._is_busy = False
        self._show()

    def _follow(self, items: tuple[tuple[int, Event], ...]) -> None:
        events = tuple(event for _, event in items)
        self._give(*(Happened(number, event) for number, event in items))
        self.events.emit(events)
        self._show_newest(events)

    def _write_as(self, settings: Settings) -> None:
        self._give(Follow(settings))

    def _know_target(self, number: int, target: Target | None) -> None:
        self._give(TargetFound(number, target))

    def _know_outcome(self, report: Report) -> None:
        if report.outcome is Outcome.SECRET:
            self._give(Secret())

    # Doing ---------------------------------------------------------------------------------

    def _carry_out(self, commands: Iterable[Command]) -> None:
        for command in commands:
            self._do(command)

    def _do(self, command: Command) -> None:  # noqa: C901, PLR0912 (one line a command)
        match command:
            case Open(number, request):
                self._open(number, request)
            case Begin(number):
                self.began.emit(number)
                self._sessions[number].start()
            case StopSession(number):
                self._sessions[number].stop()
            case CancelSession(number):
                self._sessions[number].cancel()
            case Look(number) if self._insertions is not None:
                self._insertions.look(number)
            case Write(number, actions) if self._insertions is not None:
                self._insertions.write(number, actions)
            case Finished():
                self.finished.emit(command)
            case Unrecognised():
                self.unrecognised.emit(command)
            case StartTail():
                self._tail.start()
            case StopTail():
                self._tail.stop()
            case Cue.STARTED:
                self.started.emit()
            case Cue.STOPPING:
                self.stopping.emit()
            case Ended(ending):
                self.ended.emit(ending)
            case Tell(message):
                self.fault.emit(message)
            case Mention(message):
                self.incident.emit(message)

    def _open(self, number: int, request: Request) -> None:
        self._opener.run(
            partial(_open_session, self._engine, request, self._sink(number)),
            partial(self._opened, number),
            partial(self._refused, number),
        )

    def _sink(self, number: int) -> Sink:
        return lambda event: self._bridge.post((number, event))

    def _opened(self, number: int, session: Session) -> None:
        self._sessions[number] = session
        if session.journal is not None:
            self.journals.add(number, session.journal)
        self._give(Opened(number))

    def _refused(self, number: int, error: SottoError) -> None:
        self._give(Refused(number, str(error)))

    # Showing -------------------------------------------------------------------------------

    def _show(self) -> None:
        """Tell what has changed since the last time, and let go of sessions that are over."""
        for number in self._sessions.keys() - self._machine.numbers:
            del self._sessions[number]
        phase, shown_phase, transcript, captions = self._shown
        machine = self._machine
        self._shown = (machine.phase, machine.shown_phase, machine.transcript, machine.captions)
        if machine.transcript is not transcript:
            self.transcript_changed.emit(machine.transcript)
        if machine.captions is not captions:
            self.captions_changed.emit(machine.captions)
        if (machine.phase, machine.shown_phase) != (phase, shown_phase):
            self.phase_changed.emit(machine.phase)

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


def _open_session(engine: Engine, request: Request, sink: Sink) -> Session:
    if request.sound is Sound.SYSTEM:
        return engine.listen_to_system(request.model, sink, request.spoken)
    if request.sound is Sound.CLIP:
        return engine.play_clip(request.model, sink)
    is_kept = request.purpose is not Purpose.CAPTIONS
    return engine.listen(request.microphone, request.model, sink, request.spoken, is_kept=is_kept)
