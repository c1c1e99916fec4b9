"""A session with a journal: whatever ends it, what is not text yet is on disk."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sotto.app.core.events import Event, Fault, Final, Partial
from sotto.app.core.journal.journal import Journal
from sotto.app.core.journal.left import LeftJournal, left_journals
from sotto.app.core.journal.places import journals
from sotto.app.core.journal.record import Record
from sotto.app.dictating.recovering.journaled_source import JournaledSource
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.sample_source import SampleSource
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.audio.speech.endpointer import Endpointer
from sotto.errors import DeviceError, ModelError
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tests.helpers.marked_sound import is_voiced, marked_sound, positions
from tests.helpers.scripted_recogniser import ScriptedRecogniser, Spoken

PATIENCE_S = 60
SCRIPT: list[Spoken] = [("one", 0.5, 0.9), ("two", 3.0, 3.4), ("three", 6.0, 6.4)]
SOUND = marked_sound(8 * SAMPLE_RATE, [word[1:] for word in SCRIPT])


def blocks() -> Iterator[Pcm]:
    return (SOUND[at : at + 1600] for at in range(0, len(SOUND), 1600))


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def n_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.pcm"))


class Listening:
    """A session that keeps each final at once, and its journal."""

    def __init__(self, folder: Path, recogniser: ScriptedRecogniser) -> None:
        self.folder = folder
        self.journal = Journal(folder, Record("listen"))
        self.on_event: Callable[[Event], None] = self.keep
        self.events: list[Event] = []
        self.session = Session(
            SampleSource(blocks()),
            lambda _: recogniser,
            self.post,
            SessionSettings(feed=Feed.UNPACED),
            endpointer=Endpointer(is_voiced=is_voiced),
            journal=self.journal,
        )

    def post(self, event: Event) -> None:
        self.events.append(event)
        self.on_event(event)

    def keep(self, event: Event) -> None:
        if isinstance(event, Final):
            self.journal.kept(event.utterance)

    def left(self) -> LeftJournal:
        assert self.journal.join(PATIENCE_S)
        (left,) = left_journals(self.folder, "listen")
        return left


def test_nothing_is_left_of_a_session_whose_texts_are_kept(tmp_path: Path) -> None:
    listening = Listening(tmp_path, ScriptedRecogniser(SCRIPT))
    listening.session.run()
    assert listening.journal.join(PATIENCE_S)
    assert list(tmp_path.iterdir()) == []


def test_texts_that_nobody_kept_stay(tmp_path: Path) -> None:
    listening = Listening(tmp_path, ScriptedRecogniser(SCRIPT))
    listening.on_event = lambda _: None
    listening.session.run()
    assert not listening.journal.join(0.1)
    for utterance in (0, 2):
        listening.journal.kept(utterance)
    (folder,) = journals(tmp_path)
    wait_for(lambda: b'" one"' not in (folder / "record.json").read_bytes())
    listening.journal.kept(1)
    assert listening.journal.join(PATIENCE_S)


def test_a_recogniser_that_breaks_leaves_what_it_owes(tmp_path: Path) -> None:
    class Breaking(ScriptedRecogniser):
        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            heard = super().recognise(prefix, final=final)
            if any(word.text == " two" for word in heard.words):
                raise ModelError("broken")
            return heard

    listening = Listening(tmp_path, Breaking(SCRIPT))
    listening.session.run()
    assert [event for event in listening.events if isinstance(event, Fault)] == [Fault("broken")]
    left = listening.left()
    (first,) = (event for event in listening.events if isinstance(event, Final))
    assert (left.record.passages, left.record.until) == ((), round(first.end * SAMPLE_RATE))
    # All that was read since, sample for sample, as far as 16 bits go.
    sound = left.sound()
    expected = SOUND[left.record.until : left.record.until + len(sound)]
    assert len(sound) > SAMPLE_RATE
    assert np.allclose(sound, expected, atol=1e-4)


def test_what_the_user_cancels_is_not_left(tmp_path: Path) -> None:
    listening = Listening(tmp_path, ScriptedRecogniser(SCRIPT))

    def cancel(event: Event) -> None:
        listening.keep(event)
        if isinstance(event, Partial) and "two" in event.committed + event.tentative:
            listening.session.cancel()

    listening.on_event = cancel
    listening.session.run()
    assert listening.journal.join(PATIENCE_S)
    assert list(tmp_path.iterdir()) == []


def test_sound_goes_to_disk_however_long_a_decode_takes(tmp_path: Path) -> None:
    let_go = threading.Event()

    class Slow(ScriptedRecogniser):
        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            assert let_go.wait(PATIENCE_S)
            return super().recognise(prefix, final=final)

    listening = Listening(tmp_path, Slow(SCRIPT))
    listening.session.start()
    wait_for(lambda: n_bytes(tmp_path) == 2 * len(SOUND))
    assert not any(isinstance(event, Partial) for event in listening.events)
    let_go.set()
    assert listening.session.join(PATIENCE_S)
    assert listening.journal.join(PATIENCE_S)


# The source ------------------------------------------------------------------------------------


class ScriptedSource:
    """Gives blocks, then fails, or ends when it is closed; what it captured can still be read."""

    name = "scripted"
    is_away = False

    def __init__(self, fails: bool = False) -> None:
        self._blocks = list(blocks())
        self._fails = fails
        self.is_open = False

    @property
    def exhausted(self) -> bool:
        return not self._blocks and not self.is_open

    def open(self) -> None:
        self.is_open = True

    def read(self) -> Pcm:
        if self._blocks:
            return self._blocks.pop(0)
        if self._fails:
            self._fails, self.is_open = False, False
            raise DeviceError("gone")
        return np.zeros(0, np.float32)

    def losses(self) -> list[Loss]:
        return [Loss(7, 3, "lost")] if len(self._blocks) == 40 else []

    def close(self) -> None:
        self.is_open = False


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path, Record("listen"))
    journal.start()
    yield journal
    journal.end(is_whole=True)
    assert journal.join(PATIENCE_S)


def read_until(source: JournaledSource, n_samples: int) -> Pcm:
    read: list[Pcm] = []

    def has_all() -> bool:
        read.append(source.read())
        return sum(map(len, read)) >= n_samples

    wait_for(has_all)
    return np.concatenate(read)


def test_every_sample_and_loss_comes_through(journal: Journal) -> None:
    source = JournaledSource(ScriptedSource(), journal)
    source.open()
    pcm = read_until(source, len(SOUND))
    assert positions(pcm).tolist() == list(range(len(SOUND)))
    assert source.losses() == [Loss(7, 3, "lost")]
    assert not source.exhausted  # a microphone may go on at any time
    source.close()
    source.close()
    assert (len(source.read()), source.exhausted) == (0, True)


def test_what_was_captured_before_the_close_can_still_be_read(journal: Journal) -> None:
    source = JournaledSource(ScriptedSource(), journal)
    source.open()
    source.close()
    assert not source.exhausted
    assert len(read_until(source, len(SOUND))) == len(SOUND)
    assert source.exhausted


def test_a_device_that_fails_is_told_after_its_last_sample(journal: Journal) -> None:
    source = JournaledSource(ScriptedSource(fails=True), journal)
    source.open()
    assert len(read_until(source, len(SOUND))) == len(SOUND)
    with pytest.raises(DeviceError, match="gone"):
        wait_for(lambda: len(source.read()) > 0)
    assert source.exhausted
