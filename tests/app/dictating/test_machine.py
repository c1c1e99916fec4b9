"""The dictation machine: what it does in each case that went wrong, or might."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from sotto.app.core.events import (
    CANCELLED,
    NOT_RECOGNISED,
    Dropped,
    Event,
    Final,
    FinalSound,
    Gap,
    Partial,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.settings import InsertWhen, Settings
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import Insert, Scratch
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
    Happened,
    Input,
    KeyHeld,
    Listen,
    Open,
    Opened,
    Refused,
    Request,
    Secret,
    Sound,
    StartTail,
    Stop,
    StopSession,
    TailOver,
    TargetFound,
    Tell,
    Undo,
    Unrecognised,
    Write,
)
from sotto.app.dictating.phases import Ending, Phase, Purpose

EDITOR = Target("1", "editor", "Letter")
CHAT = Target("2", "chat", "Anna")
WINDOW = Request(Purpose.WINDOW)
CAPTIONS = Request(Purpose.CAPTIONS, Sound.SYSTEM)
KEY = Request(Purpose.APPLICATION)
LISTENING = StateChanged(SessionState.LISTENING)
STOPPED = StateChanged(SessionState.STOPPED)


def final(text: str, utterance: int = 0) -> Final:
    return Final(1.0, 1.0, 0.0, 1.0, text, utterance=utterance)


@dataclass
class World:
    """Carries commands out at once: a machine with everything around it, on one thread."""

    machine: DictationMachine = field(default_factory=lambda: DictationMachine(Settings()))
    commands: list[Command] = field(default_factory=list)

    def give(self, *inputs: Input) -> tuple[Command, ...]:
        given = [command for each in inputs for command in self.machine.step(each)]
        self.commands += given
        return tuple(given)

    def hear(self, run: int, *events: Event) -> tuple[Command, ...]:
        return self.give(*(Happened(run, event) for event in events))

    def begin(self, request: Request = WINDOW) -> int:
        """Listen, open and begin, and return the number."""
        given: Input = Dictate(request) if request.purpose is KEY.purpose else Listen(request)
        (opened,) = [each for each in self.give(given) if isinstance(each, Open)]
        self.give(Opened(opened.run))
        self.hear(opened.run, LISTENING)
        return opened.run

    def finished(self) -> list[Finished]:
        return [command for command in self.commands if isinstance(command, Finished)]

    def written(self, run: int) -> str:
        text = ""
        for command in self.commands:
            if isinstance(command, Write) and command.run == run:
                for action in command.actions:
                    if isinstance(action, Insert):
                        text += action.text
                    elif isinstance(action, Scratch):
                        assert text.endswith(action.text)
                        text = text.removesuffix(action.text)
        return text


def test_a_final_knows_what_is_missing_before_it() -> None:
    world = World()
    run = world.begin()
    world.hear(run, final("One."), Gap(3, 1, 3.5, "away"), Gap(4, 1, 2, "away"), final("Two."))
    world.hear(run, final("Three."))
    assert [each.missing_s for each in world.finished()] == [None, 3.5, None]


def test_a_microphone_that_is_away_is_waited_for() -> None:
    world = World()
    run, phases = world.begin(), []
    for event in (Waiting(1, 1, "Headset"), LISTENING, Waiting(2, 1, "Headset")):
        world.hear(run, event)
        phases.append(world.machine.phase)
    assert phases == [Phase.WAITING, Phase.LISTENING, Phase.WAITING]
    assert world.give(Stop()) == (StopSession(run),)


def test_two_finals_in_one_batch_each_keep_their_own_sound() -> None:
    world = World()
    run = world.begin()
    sounds = [FinalSound(n, n + 1, np.full(10, n, np.float32), n) for n in range(2)]
    world.hear(run, sounds[0], final("One.", 0), sounds[1], final("Two.", 1))
    assert [(each.final.text, each.sound) for each in world.finished()] == [
        ("One.", sounds[0]),
        ("Two.", sounds[1]),
    ]


def test_a_final_without_its_sound_does_not_get_anothers() -> None:
    world = World()
    run = world.begin()
    world.hear(run, FinalSound(0, 1, np.zeros(10, np.float32), 0), final("Two.", 1))
    assert [each.sound for each in world.finished()] == [None]


@pytest.mark.parametrize("request_", [WINDOW, KEY, CAPTIONS])
def test_sound_that_could_not_be_recognised_is_to_be_kept(request_: Request) -> None:
    world = World()
    run = world.begin(request_)
    sound = FinalSound(0, 1, np.zeros(10, np.float32), 0)
    given = world.hear(run, sound, Dropped(1.0, 0.0, 1.0, NOT_RECOGNISED, 0))
    is_kept = request_ is not CAPTIONS
    assert [each for each in given if isinstance(each, Unrecognised)] == (
        [Unrecognised(run, sound)] if is_kept else []
    )
    world.hear(run, final("Two.", 1))
    assert [each.sound for each in world.finished()] == ([None] if is_kept else [])


def test_a_session_that_cannot_be_opened_leaves_nothing_behind() -> None:
    world = World()
    world.give(Dictate(KEY))
    assert world.give(Refused(1, "no microphone")) == (
        Tell("no microphone"),
        Ended(Ending.FAILED),
    )
    assert world.machine.phase is Phase.IDLE
    assert not world.machine.is_dictating


def test_the_end_of_a_tail_stops_nothing_that_began_since() -> None:
    world = World()
    first = world.begin(KEY)
    assert world.give(EndDictation()) == (StartTail(), Cue.STOPPING)
    second = world.give(Listen(WINDOW))
    assert second == (StopSession(first), Open(first + 1, WINDOW))
    assert world.give(TailOver()) == ()
    world.hear(first, STOPPED)
    world.give(Opened(first + 1))
    world.hear(first + 1, LISTENING)
    assert world.machine.phase is Phase.LISTENING


def test_what_was_told_to_stop_can_still_be_cancelled_but_not_the_other_way() -> None:
    world = World()
    run = world.begin()
    assert world.give(Stop(), Stop(), Cancel(), Stop()) == (StopSession(run), CancelSession(run))


def test_who_is_quicker_than_the_device_is_obeyed_when_it_opens() -> None:
    world = World()
    world.give(Listen(WINDOW), Stop())
    assert world.machine.phase is Phase.FINISHING
    assert world.give(Opened(1)) == (StopSession(1), Begin(1, Purpose.WINDOW))


def test_captions_give_way_and_do_not_show_in_the_window() -> None:
    world = World()
    run = world.begin(CAPTIONS)
    assert (world.machine.phase, world.machine.shown_phase) == (Phase.LISTENING, Phase.IDLE)
    assert world.give(Listen(CAPTIONS, gives_way=True)) == ()
    world.give(Listen(WINDOW))
    assert (world.machine.phase, world.machine.shown_phase) == (Phase.FINISHING, Phase.PREPARING)
    world.hear(run, final("Over there."), STOPPED)
    assert world.machine.captions.text == "Over there.\n"
    assert world.machine.transcript == Transcript()
    assert world.finished() == []


def test_text_of_the_first_dictation_stays_its_own_while_the_next_opens() -> None:
    world = World()
    first = world.begin(KEY)
    world.give(TargetFound(first, EDITOR), EndDictation(), TailOver(), Dictate(KEY))
    world.give(TargetFound(first + 1, CHAT), Opened(first + 1))
    world.hear(first, final("One."), STOPPED)
    world.hear(first + 1, LISTENING, final("Two."))
    assert (world.written(first), world.written(first + 1)) == ("One.", "Two.")
    assert [each.application for each in world.finished()] == ["editor", "chat"]


def test_going_on_in_the_same_window_goes_on_in_the_same_text() -> None:
    world = World()
    first = world.begin(KEY)
    world.give(TargetFound(first, EDITOR))
    world.hear(first, final("One."), STOPPED)
    second = world.begin(KEY)
    world.give(TargetFound(second, EDITOR))
    world.hear(second, final("Two."))
    assert (world.written(first), world.written(second)) == ("One.", " Two.")
    world.give(Undo())
    assert world.written(second) == ""


def test_a_secret_field_is_not_gone_on_from() -> None:
    world = World()
    first = world.begin(KEY)
    world.give(TargetFound(first, EDITOR))
    world.hear(first, final("One."), STOPPED)
    world.give(Secret())
    second = world.begin(KEY)
    world.give(TargetFound(second, EDITOR))
    world.hear(second, final("Two."))
    assert world.written(second) == "Two."


def test_the_spoken_wish_to_stop_ends_it_at_once() -> None:
    world = World()
    run = world.begin(KEY)
    commands = world.hear(run, final("Done. Stop listening."))
    assert commands[-2:] == (Cue.STOPPING, StopSession(run))
    assert not world.machine.is_dictating


@pytest.mark.parametrize("when", InsertWhen)
def test_what_is_written_is_what_was_said(when: InsertWhen) -> None:
    """Whatever is committed early, the window gets each utterance once and whole."""
    world = World(DictationMachine(Settings(insert_when=when)))
    run = world.begin(KEY)
    world.give(KeyHeld(True))
    world.hear(run, Partial(1, 1, "Dear Anna", ""), final("Dear Anna comma"))
    assert world.written(run) == ""
    world.give(KeyHeld(False))
    world.hear(run, Partial(2, 2, "How are", " you"), Partial(2, 2, "How are you", ""))
    world.hear(run, final("How are you?"))
    assert world.written(run) == "Dear Anna, how are you?"
    assert world.machine.transcript.text == "Dear Anna,\nhow are you?\n"


def test_cancelling_takes_back_what_was_written_early() -> None:
    world = World(DictationMachine(Settings(insert_when=InsertWhen.COMMITTED)))
    run = world.begin(KEY)
    world.hear(run, final("One."), Partial(2, 2, "and this", ""))
    assert world.written(run) != "One."
    world.give(CancelDictation())
    world.hear(run, Dropped(2, 1, 2, CANCELLED), STOPPED)
    assert world.written(run) == "One."
    assert world.commands[-1] == Ended(Ending.CANCELLED)


def test_a_key_of_a_language_is_heard_by_its_rules() -> None:
    world = World(DictationMachine(Settings(language="en")))
    run = world.begin(replace(KEY, language="de"))
    world.hear(run, final("Eins Komma zwei."))
    assert world.written(run) == "Eins, zwei."
