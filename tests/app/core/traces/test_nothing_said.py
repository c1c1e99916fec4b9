"""What is said, where it goes and by which microphone: none of it is in the log."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sotto.app.core.events import Event, Fault, Final
from sotto.app.core.traces import kept_traces
from sotto.app.core.words import Insert, Scratch, WordSettings, Writer
from sotto.app.desktop.insertion import Outcome, Target
from sotto.app.dictating.insertions import Insertions
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.source import SAMPLE_RATE
from sotto.audio.speech.endpointer import Endpointer
from sotto.errors import DeviceError, InsertionError
from tests.app.core.traces.conftest import Logged
from tests.helpers.marked_sound import PlayedSource, is_voiced, marked_sound
from tests.helpers.scripted_inserter import ScriptedInserter
from tests.helpers.scripted_recogniser import ScriptedRecogniser, Spoken
from tools.fixtures.fake_clock import FakeClock

SAID = ["Confidential:", "transfer", "seventeen", "million", "quietly", "before", "Wednesday"]
SCRIPT: list[Spoken] = [(word, 1 + 0.5 * i, 1.4 + 0.5 * i) for i, word in enumerate(SAID)]
DEVICE = "Jane's headset"
WINDOW = Target("0x2c0ffee", "Diary", "My secret diary.odt")
# What the log of a command that did nothing has in it anyway.
PRIVATE = {*SAID, DEVICE, WINDOW.application, WINDOW.title, WINDOW.window}


@pytest.fixture(name="found")
def fixture_found(logged: Logged) -> Callable[[], set[str]]:
    """Return which private words are in the log."""
    return lambda: {word for word in PRIVATE if word.lower() in logged().lower()}


def dictate(fails: str | None = None) -> list[Event]:
    """Say all of it to a real session; `fails` is what the microphone breaks off with."""
    events: list[Event] = []
    clock = FakeClock()
    sound = marked_sound(8 * SAMPLE_RATE, [word[1:] for word in SCRIPT])
    Session(
        PlayedSource(sound, clock, is_live=True, fails=fails),
        lambda _progress: ScriptedRecogniser(SCRIPT, clock=clock),
        events.append,
        SessionSettings(feed=Feed.LIVE),
        clock,
        endpointer=Endpointer(is_voiced=is_voiced),
    ).run()
    return events


def insert(text: str, *outcomes: Outcome | InsertionError) -> ScriptedInserter:
    """Write a text into the window and take it back."""
    inserter = ScriptedInserter(focus=WINDOW, outcomes=list(outcomes))
    insertions = Insertions(lambda: inserter)
    insertions.look(1)
    actions, _ = Writer.of(WordSettings()).final(text)
    insertions.write(1, actions)
    if not outcomes:
        insertions.write(
            1, [Scratch(action.text) for action in actions if isinstance(action, Insert)]
        )
    return inserter


@contextmanager
def defect_with(text: str) -> Iterator[None]:
    """Log a defect whose message, arguments and values hold the text."""
    try:
        {text: text}[f"{text}!"]
    except KeyError:
        logging.getLogger("sotto.test").exception("cannot find %s in %r", text, [text])
    yield


def test_what_is_dictated_and_inserted(logged: Logged, found: Callable[[], set[str]]) -> None:
    with kept_traces("test"):
        events = dictate()
        text = " ".join(event.text for event in events if isinstance(event, Final))
        assert set(text.split()) >= set(SAID)
        insert(text)
        with defect_with(text):
            pass
    assert "the session is LISTENING" in logged()
    assert "characters: INSERTED" in logged()
    assert "KeyError" in logged()
    assert found() == set()


def test_what_errors_say(logged: Logged, found: Callable[[], set[str]]) -> None:
    with kept_traces("test"):
        events = dictate(fails=f"the microphone “{DEVICE}” stopped delivering")
        assert [event.message for event in events if isinstance(event, Fault)]
        insert(" ".join(SAID), InsertionError(f"the focus moved in {WINDOW.title}"))
    with pytest.raises(DeviceError), kept_traces("test"):
        raise DeviceError(f"there is no microphone “{DEVICE}”")
    assert logged().count("DeviceError") == 2
    assert "InsertionError" in logged()
    assert found() == set()


def test_the_words_are_found_where_they_are_asked_for(
    found: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without this, the others could pass because nothing is logged at all."""
    monkeypatch.setenv("SOTTO_LOG", "debug")
    with kept_traces("test"), defect_with(" ".join(SAID)):
        pass
    assert found() == set(SAID)
