"""The one machine of dictation: what happened in, what is to be done out.

It knows no thread, no clock, no Qt and no device; whoever owns it delivers inputs and carries out
commands. Its states are those of `Phase`; what is said while the next session opens is still
written, for a session is finished before the next one begins.
"""

from collections.abc import Iterator
from dataclasses import replace

from sotto.app.core.events import (
    NOT_RECOGNISED,
    Dropped,
    Event,
    Fault,
    Final,
    FinalSound,
    Gap,
    Incident,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.settings import Settings
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import Action
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
from sotto.app.dictating.run import Run
from sotto.app.dictating.written_text import WrittenText

_PHASES = {
    SessionState.PREPARING: Phase.PREPARING,
    SessionState.LISTENING: Phase.LISTENING,
    SessionState.FINISHING: Phase.FINISHING,
}


class DictationMachine:
    """Decides what dictation does. Owned by one thread; every call returns at once.

    Sessions begin in the order in which they were asked for, one at a time. For each input call
    `step` and carry the commands out in order.
    """

    def __init__(self, settings: Settings) -> None:
        self._text = WrittenText(settings)
        self._runs: tuple[Run, ...] = ()  # in the order in which they begin
        self._n_opened = 0
        self._dictated = 0  # the run that the hotkey began and has not ended; 0 is none
        self._tail_of = 0  # the run whose last word goes on after the key
        # What is to be written once the hotkey is up; None while it is up.
        self._held_back: list[Write] | None = None
        self._commands: list[Command] = []

    def step(self, given: Input, now_s: float = 0.0) -> tuple[Command, ...]:
        """Take an input and return what is to be done.

        Args:
            given: what happened.
            now_s: the time on any steady clock.
        """
        self._take(given, now_s)
        commands, self._commands = tuple(self._commands), []
        return commands

    # What can be seen ----------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        """What dictation is doing."""
        return self._runs[0].phase if self._runs else Phase.IDLE

    @property
    def shown_phase(self) -> Phase:
        """The same but for captions, which have a window of their own."""
        shown = (run for run in self._runs if run.request.purpose is not Purpose.CAPTIONS)
        return next((run.phase for run in shown), Phase.IDLE)

    @property
    def purpose(self) -> Purpose:
        """What the session is for that runs, or is the next to begin."""
        return self._runs[0].request.purpose if self._runs else Purpose.WINDOW

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of all sessions that have not ended."""
        return frozenset(run.number for run in self._runs)

    @property
    def is_dictating(self) -> bool:
        """Whether the user dictates by the hotkey, as far as they are concerned."""
        return self._dictated > 0

    @property
    def transcript(self) -> Transcript:
        """All text so far."""
        return self._text.transcript

    @property
    def captions(self) -> Transcript:
        """The text of the newest session for captions."""
        return self._text.captions

    # Inputs --------------------------------------------------------------------------------

    def _take(self, given: Input, now_s: float) -> None:  # noqa: C901, PLR0912 (one line an input)
        match given:
            case Listen(request, gives_way):
                self._listen(request, gives_way=gives_way)
            case Stop() | Cancel():
                self._ask_newest(given)
            case Dictate(request):
                self._dictate(request)
            case EndDictation():
                self._end_dictation()
            case CancelDictation():
                self._cancel_dictation()
            case TailOver():
                self._end_tail()
            case KeyHeld(is_down):
                self._hold_back(is_key_down=is_down)
            case Opened(number):
                self._change(number, is_open=True)
                self._begin_next()
            case Refused(number, message):
                self._refuse(number, message)
            case Happened(number, event):
                self._follow(number, event, now_s)
            case TargetFound(number, target):
                self._change(number, target=target)
                self._text.find(number, target)
            case Secret():
                self._text.forget_place()
            case Undo():
                self._write(*self._text.undo())
            case Put(transcript):
                self._text.put(transcript)
            case Follow(settings):
                self._text.use(settings)

    def _listen(self, request: Request, *, gives_way: bool) -> None:
        if gives_way and self._runs:
            return
        self._ask_newest(Stop())
        self._open(request)

    def _dictate(self, request: Request) -> None:
        if self._dictated:
            return
        self._stop_tail()
        self._ask_newest(Stop())
        self._dictated = self._open(request)
        self._commands += [Look(self._dictated), Cue.STARTED]

    def _end_dictation(self) -> None:
        if self._dictated:
            self._tail_of, self._dictated = self._dictated, 0
            self._commands += [StartTail(), Cue.STOPPING]

    def _end_tail(self) -> None:
        number, self._tail_of = self._tail_of, 0
        self._ask(number, Stop())

    def _cancel_dictation(self) -> None:
        number = self._dictated or self._tail_of
        if number:
            self._dictated = 0
            self._stop_tail()
            self._change(number, ending=Ending.CANCELLED)
            self._ask(number, Cancel())

    def _stop_tail(self) -> None:
        if self._tail_of:
            self._tail_of = 0
            self._commands.append(StopTail())

    def _hold_back(self, *, is_key_down: bool) -> None:
        if is_key_down:
            self._held_back = self._held_back if self._held_back is not None else []
            return
        self._commands += self._held_back or []
        self._held_back = None

    # Sessions ------------------------------------------------------------------------------

    def _open(self, request: Request) -> int:
        self._n_opened += 1
        self._runs = (*self._runs, Run(self._n_opened, request))
        self._commands.append(Open(self._n_opened, request))
        return self._n_opened

    def _begin_next(self) -> None:
        """Start the session that waits longest, if it is open and none runs."""
        first = self._runs[0] if self._runs else None
        if first is None or first.has_begun or not first.is_open:
            return
        self._change(first.number, has_begun=True)
        self._text.begin(first.request.purpose)
        self._tell_session(first.number, first.asked)  # the user was faster than the device
        self._commands.append(Begin(first.number, first.request.purpose))

    def _ask_newest(self, what: Stop | Cancel) -> None:
        if self._runs:
            self._ask(self._runs[-1].number, what)

    def _ask(self, number: int, what: Stop | Cancel) -> None:
        """Ask a session to end, unless it was asked already; to stop may become to cancel."""
        for run in self._those_of(number):
            if run.asked is None or (run.asked == Stop() and what == Cancel()):
                self._change(number, asked=what)
                if run.has_begun:
                    self._tell_session(number, what)

    def _tell_session(self, number: int, what: Stop | Cancel | None) -> None:
        if what is not None:
            of = StopSession if what == Stop() else CancelSession
            self._commands.append(of(number))

    def _refuse(self, number: int, message: str) -> None:
        for run in self._those_of(number):
            self._commands.append(Tell(message))
            self._leave(replace(run, ending=Ending.FAILED))

    def _leave(self, run: Run) -> None:
        """A session is over."""
        self._runs = tuple(each for each in self._runs if each.number != run.number)
        if self._dictated == run.number:
            self._dictated = 0
        if self._tail_of == run.number:
            self._stop_tail()
        if run.is_for_application and not any(each.is_for_application for each in self._runs):
            self._commands.append(Ended(run.ending))
        self._begin_next()

    def _those_of(self, number: int) -> Iterator[Run]:
        return iter([run for run in self._runs if run.number == number])

    def _change(self, number: int, **changes: object) -> None:
        self._runs = tuple(
            replace(run, **changes) if run.number == number else run  # type: ignore[arg-type]
            for run in self._runs
        )

    # Events --------------------------------------------------------------------------------

    def _follow(self, number: int, event: Event, now_s: float) -> None:
        for run in self._those_of(number):
            self._hear(run, event, now_s)
            self._reach(run, event)
            match event:
                case Fault(message):
                    self._change(number, ending=Ending.FAILED)
                    self._commands.append(Tell(message))
                case Incident(message=message):
                    self._commands.append(Mention(message))
                case Gap(start=start, end=end):
                    self._change(number, missing_s=(run.missing_s or 0.0) + end - start)
                case FinalSound():
                    self._change(number, sound=event)
                case Dropped(reason=reason, utterance=utterance) if reason == NOT_RECOGNISED:
                    self._keep_sound(run, utterance)

    def _reach(self, run: Run, event: Event) -> None:
        """Take note of what a session does now."""
        match event:
            case StateChanged(SessionState.STOPPED):
                self._leave(next(self._those_of(run.number)))
            case StateChanged(state):
                self._change(run.number, reached=_PHASES[state])
            case Waiting():
                self._change(run.number, reached=Phase.WAITING)

    def _hear(self, run: Run, event: Event, now_s: float) -> None:
        passage = self._text.hear(run.place, event, now_s)
        if passage.actions:
            if run.ending is not Ending.CANCELLED:
                self._change(run.number, ending=Ending.WRITTEN)
            self._write(run.number, passage.actions)
        if passage.final is not None:
            self._finish(run, passage.final)
        if passage.asks_to_stop:
            self._stop_as_said(run)

    def _finish(self, run: Run, final: Final) -> None:
        sound = run.sound_of(final.utterance)
        purpose, missing_s = run.request.purpose, run.missing_s
        self._change(run.number, sound=None, missing_s=None if final.text else missing_s)
        self._commands.append(
            Finished(run.number, purpose, final, run.application, sound, missing_s)
        )

    def _keep_sound(self, run: Run, utterance: int) -> None:
        """Have the sound kept that has no text; nobody keeps captions."""
        sound = run.sound_of(utterance)
        self._change(run.number, sound=None)
        if sound is not None and run.request.purpose is not Purpose.CAPTIONS:
            self._commands.append(Unrecognised(run.number, sound, run.application))

    def _stop_as_said(self, run: Run) -> None:
        """Stop at once: who says so says nothing more."""
        if self._dictated == run.number:
            self._dictated = 0
            self._commands.append(Cue.STOPPING)
        self._ask(run.number, Stop())

    def _write(self, number: int, actions: tuple[Action, ...]) -> None:
        if not actions:
            return
        if self._held_back is None:
            self._commands.append(Write(number, actions))
        else:
            self._held_back.append(Write(number, actions))
