"""The dictation machine against a plain model, with every order that threads can produce."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sotto.app.core.events import (
    CANCELLED,
    Dropped,
    Event,
    Fault,
    Final,
    FinalSound,
    Gap,
    Incident,
    Partial,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.settings import InsertWhen, Settings
from sotto.app.core.transcript import Transcript
from sotto.app.desktop.insertion import Target
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
    Write,
)
from sotto.app.dictating.phases import Phase, Purpose
from tests.helpers.examples import examples

EDITOR = Target("1", "editor", "Letter")
CHAT = Target("2", "chat", "Anna")
WINDOW = Request(Purpose.WINDOW)
CAPTIONS = Request(Purpose.CAPTIONS, Sound.SYSTEM)
KEY = Request(Purpose.APPLICATION)
LISTENING = StateChanged(SessionState.LISTENING)
STOPPED = StateChanged(SessionState.STOPPED)


def final(text: str, utterance: int = 0) -> Final:
    return Final(1.0, 1.0, 0.0, 1.0, text, utterance=utterance)


TEXTS = st.sampled_from(["One.", "Two three", "four comma five", "Scratch that.", "", "New line."])
TARGETS = st.sampled_from([EDITOR, CHAT, None])
REQUESTS = st.sampled_from([WINDOW, CAPTIONS])


@dataclass
class ModelRun:
    """What a session is in the plain model."""

    number: int
    request: Request
    is_open: bool = False
    has_begun: bool = False
    is_stopping: bool = False  # it was told so, and may say what it still has
    n_finals: int = 0


class Machines(RuleBasedStateMachine):
    """Sessions that open, speak and end whenever they like; keys and windows that interfere."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: deque[ModelRun] = deque()
        self.n_opened = 0
        self.said: list[tuple[int, int]] = []  # each final: the run, and its number in it
        self.finished: list[tuple[int, int]] = []
        self.tail_runs = False
        self.is_key_down = False
        self.n_started = self.n_ended = 0
        self.held: list[Write] = []

    @initialize(when=st.sampled_from(InsertWhen))
    def start(self, when: InsertWhen) -> None:
        self.machine = DictationMachine(Settings(insert_when=when))

    def give(self, given: Input) -> tuple[Command, ...]:
        commands = self.machine.step(given, 0.0)
        for command in commands:
            self.note(command)
        return commands

    def note(self, command: Command) -> None:  # noqa: C901 (one line a command)
        match command:
            case Open(number, request):
                assert number == self.n_opened + 1
                self.n_opened = number
                self.runs.append(ModelRun(number, request))
            case Begin(number, purpose):
                first = self.runs[0]
                assert (first.number, first.request.purpose) == (number, purpose)
                assert first.is_open
                assert not first.has_begun
                first.has_begun = True
            case StopSession(number) | CancelSession(number):
                assert self.runs[0].number == number
                self.runs[0].is_stopping = True
            case Finished(number, purpose, said):
                self.finished.append((number, said.utterance))
                assert purpose is not Purpose.CAPTIONS
            case StartTail():
                assert not self.tail_runs
                self.tail_runs = True
            case StopTail():
                assert self.tail_runs
                self.tail_runs = False
            case Cue.STARTED:
                self.n_started += 1
            case Ended():
                self.n_ended += 1
            case Write(number):
                assert not self.is_key_down
                assert number <= self.n_opened
            case Look(number):
                assert number == self.runs[-1].number

    # The user --------------------------------------------------------------------------------

    @rule(request=REQUESTS, gives_way=st.booleans())
    def listen(self, request: Request, gives_way: bool) -> None:
        opens = not (gives_way and self.runs)
        n_before = self.n_opened
        self.give(Listen(request, gives_way=gives_way))
        assert self.n_opened - n_before == opens

    @rule()
    def press(self) -> None:
        was_dictating, n_before = self.machine.is_dictating, self.n_opened
        self.give(Dictate(KEY))
        assert self.n_opened - n_before == (not was_dictating)
        assert self.machine.is_dictating

    @rule()
    def release(self) -> None:
        self.give(EndDictation())
        assert not self.machine.is_dictating

    @rule()
    def cancel_dictation(self) -> None:
        self.give(CancelDictation())
        assert not self.machine.is_dictating
        assert not self.tail_runs

    @rule(given=st.sampled_from([Stop(), Cancel(), Undo(), Secret(), Put(Transcript())]))
    def ask(self, given: Input) -> None:
        self.give(given)

    @rule(when=st.sampled_from(InsertWhen))
    def change_settings(self, when: InsertWhen) -> None:
        self.give(Follow(Settings(insert_when=when)))

    @rule(is_down=st.booleans())
    def hold(self, is_down: bool) -> None:
        self.is_key_down = is_down
        self.give(KeyHeld(is_down))

    # What comes from elsewhere ---------------------------------------------------------------

    @precondition(lambda self: self.tail_runs)
    @rule()
    def tail_ends(self) -> None:
        self.tail_runs = False
        self.give(TailOver())

    @precondition(lambda self: any(not run.is_open for run in self.runs))
    @rule(is_refused=st.booleans(), data=st.data())
    def open(self, is_refused: bool, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from([run for run in self.runs if not run.is_open]))
        if is_refused:
            self.runs.remove(run)
            assert Tell("refused") in self.give(Refused(run.number, "refused"))
            return
        run.is_open = True
        self.give(Opened(run.number))

    @rule(number=st.integers(1, 20), window=TARGETS)
    def find(self, number: int, window: Target | None) -> None:
        self.give(TargetFound(number, window))

    @precondition(lambda self: self.runs and self.runs[0].has_begun)
    @rule(text=TEXTS, with_sound=st.booleans())
    def speak(self, text: str, with_sound: bool) -> None:
        run = self.runs[0]
        if with_sound:
            pcm = np.zeros(1, np.float32)
            self.give(Happened(run.number, FinalSound(0, 1, pcm, run.n_finals)))
        commands = self.give(Happened(run.number, final(text, run.n_finals)))
        if run.request.purpose is not Purpose.CAPTIONS:
            self.said.append((run.number, run.n_finals))
            (told,) = [each for each in commands if isinstance(each, Finished)]
            assert (told.sound is not None) == with_sound
        run.n_finals += 1

    @precondition(lambda self: self.runs and self.runs[0].has_begun)
    @rule(committed=TEXTS)
    def begin_to_speak(self, committed: str) -> None:
        self.give(Happened(self.runs[0].number, Partial(1, 1, committed, " and")))

    @precondition(lambda self: self.runs and self.runs[0].has_begun)
    @rule(
        event=st.sampled_from(
            [
                LISTENING,
                StateChanged(SessionState.FINISHING),
                Dropped(1, 0, 1, CANCELLED),
                Dropped(1, 0, 1, "no speech"),
                Gap(1, 0, 1, "away"),
                Waiting(1, 1, "Headset"),
                Fault("gone"),
                Incident(1, "broke off"),
            ]
        )
    )
    def happen(self, event: Event) -> None:
        self.give(Happened(self.runs[0].number, event))

    @precondition(lambda self: self.runs and self.runs[0].has_begun)
    @rule()
    def end(self) -> None:
        run = self.runs.popleft()
        self.give(Happened(run.number, STOPPED))

    @rule(number=st.integers(1, 20), text=TEXTS)
    def late(self, number: int, text: str) -> None:
        """An event of a session that is over is of no consequence."""
        if number not in {run.number for run in self.runs}:
            assert self.give(Happened(number, final(text))) == ()

    # What always holds -----------------------------------------------------------------------

    @invariant()
    def phase_is_that_of_the_first(self) -> None:
        if not hasattr(self, "machine"):
            return
        assert (self.machine.phase is Phase.IDLE) == (not self.runs)
        assert self.machine.numbers == {run.number for run in self.runs}
        if self.runs and self.runs[0].is_stopping:
            assert self.machine.phase is Phase.FINISHING

    @invariant()
    def the_first_that_is_open_runs(self) -> None:
        if self.runs:
            assert self.runs[0].has_begun == self.runs[0].is_open
            assert not any(run.has_begun for run in list(self.runs)[1:])

    @invariant()
    def every_final_is_kept_once(self) -> None:
        assert self.finished == self.said

    @invariant()
    def who_was_told_of_the_start_is_told_of_the_end(self) -> None:
        waiting = any(run.request.purpose is Purpose.APPLICATION for run in self.runs)
        assert waiting or self.n_ended <= self.n_started
        if not waiting and hasattr(self, "machine"):
            assert not self.machine.is_dictating
        assert (self.n_started > 0) >= (self.n_ended > 0)


TestMachines = Machines.TestCase
TestMachines.settings = hypothesis_settings(
    max_examples=examples(150), stateful_step_count=40, deadline=None
)
