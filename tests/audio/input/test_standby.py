import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.audio.input.standby import BEFORE_S, POLL_S, Standby, StandbySource
from sotto.errors import DeviceError
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.fake_clock import FakeClock

PATIENCE_S = 60


class CountingSource:
    """A microphone whose samples are their own positions, as fast as its clock goes."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._n_read = 0
        self.lost: list[Loss] = []
        self.is_open = False
        self.exhausted = False
        self.refusal: str | None = None
        self.is_away = False

    name = "counting"

    def open(self) -> None:
        if self.refusal:
            raise DeviceError(self.refusal)
        self.is_open = True

    def read(self) -> Pcm:
        if self.refusal:
            raise DeviceError(self.refusal)
        until = round(self._clock.now() * SAMPLE_RATE)
        pcm = np.arange(self._n_read, until, dtype=np.float32)
        self._n_read = until
        return pcm

    def losses(self) -> list[Loss]:
        lost, self.lost = self.lost, []
        return lost

    def close(self) -> None:
        self.is_open = False


@pytest.fixture(name="clock")
def fixture_clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(name="microphone")
def fixture_microphone(clock: FakeClock) -> CountingSource:
    return CountingSource(clock)


@pytest.fixture(name="standby")
def fixture_standby(clock: FakeClock, microphone: CountingSource) -> Standby:
    """One whose thread does not run: the tests call what it calls."""
    return Standby(lambda: microphone, clock)


def wait(standby: Standby, clock: FakeClock, seconds: float) -> None:
    for _ in range(round(seconds / POLL_S)):
        clock.sleep(POLL_S)
        standby._look()


def read_all(source: StandbySource) -> list[int]:
    return [int(position) for position in source.read()]


def test_a_listener_hears_what_was_said_before_it_was_asked_for(
    standby: Standby, clock: FakeClock
) -> None:
    wait(standby, clock, 10)
    source = standby.listen()
    clock.sleep(0.3)  # a thread that starts late
    source.open()
    clock.sleep(0.1)
    heard = read_all(source)
    first = round((10 - BEFORE_S) * SAMPLE_RATE)
    assert heard == list(range(first, round(10.4 * SAMPLE_RATE)))


def test_a_listener_who_comes_late_has_missed_nothing(standby: Standby, clock: FakeClock) -> None:
    wait(standby, clock, 10)
    source = standby.listen()
    wait(standby, clock, 20)  # the dictation before was still being finished
    source.open()
    assert read_all(source)[0] == round((10 - BEFORE_S) * SAMPLE_RATE)


def test_after_the_end_the_rest_is_read_once(standby: Standby, clock: FakeClock) -> None:
    wait(standby, clock, 10)
    source = standby.listen()
    source.open()
    read_all(source)
    clock.sleep(0.5)
    source.close()
    clock.sleep(0.5)
    states = [source.exhausted]
    heard = read_all(source)
    assert heard == list(range(10 * SAMPLE_RATE, round(10.5 * SAMPLE_RATE)))
    assert [*states, source.exhausted] == [False, True]
    assert read_all(source) == []


def test_no_sound_is_heard_twice_and_none_is_lost_between_two_listeners(
    standby: Standby, clock: FakeClock
) -> None:
    wait(standby, clock, 10)
    first, heard = standby.listen(), []
    first.open()
    clock.sleep(2)
    second = standby.listen()  # its key was pressed while the first was listening
    clock.sleep(0.1)
    first.close()
    heard += read_all(first)
    clock.sleep(3)
    second.open()
    heard += read_all(second)
    assert heard == list(range(heard[0], round(15.1 * SAMPLE_RATE)))


def test_what_nobody_asks_for_is_forgotten(standby: Standby, clock: FakeClock) -> None:
    wait(standby, clock, 100)
    assert len(standby._kept) <= (BEFORE_S + POLL_S) * SAMPLE_RATE
    standby.listen().close()  # never opened: the dictation was refused
    wait(standby, clock, 100)
    assert len(standby._kept) <= (BEFORE_S + POLL_S) * SAMPLE_RATE


def test_losses_are_told_where_they_are_in_the_listeners_sound(
    standby: Standby, clock: FakeClock, microphone: CountingSource
) -> None:
    microphone.lost = [Loss(0, 10, "before anybody listened")]
    wait(standby, clock, 10)
    source = standby.listen()
    source.open()
    read_all(source)
    microphone.lost = [Loss(10 * SAMPLE_RATE, 160, "full")]
    assert source.losses() == [Loss(round(BEFORE_S * SAMPLE_RATE), 160, "full")]


def test_a_missing_microphone_is_said_to_who_listens_and_looked_for_again(
    standby: Standby, clock: FakeClock, microphone: CountingSource
) -> None:
    microphone.refusal = "there is no microphone"
    standby._look()
    source = standby.listen()
    with pytest.raises(DeviceError, match="there is no microphone"):
        source.open()
    source.close()
    microphone.refusal = None
    wait(standby, clock, 2)
    again = standby.listen()
    again.open()
    assert len(read_all(again)) == round(BEFORE_S * SAMPLE_RATE)


def test_that_the_microphone_is_away_is_said_at_once_to_who_begins_to_speak(
    standby: Standby, clock: FakeClock, microphone: CountingSource
) -> None:
    wait(standby, clock, 2)
    microphone.is_away = True
    source = standby.listen()
    with pytest.raises(DeviceError, match="“counting” is away"):
        source.open()
    source.close()
    microphone.is_away = False  # it has found its device again
    again = standby.listen()
    again.open()
    assert len(read_all(again)) == round(BEFORE_S * SAMPLE_RATE)


def test_who_listens_knows_that_the_microphone_is_away(
    standby: Standby, microphone: CountingSource
) -> None:
    source = standby.listen()
    source.open()
    assert not source.is_away
    microphone.is_away = True
    assert source.is_away


def test_a_microphone_that_went_away_is_opened_anew(
    standby: Standby, clock: FakeClock, microphone: CountingSource
) -> None:
    wait(standby, clock, 1)
    source = standby.listen()
    source.open()
    microphone.exhausted = True
    source.close()
    assert not microphone.is_open
    microphone.exhausted = False
    wait(standby, clock, 1)
    assert microphone.is_open


def test_stopping_closes_the_microphone_and_forgets(
    standby: Standby, clock: FakeClock, microphone: CountingSource
) -> None:
    wait(standby, clock, 1)
    standby.stop()
    assert not microphone.is_open
    assert len(standby._kept) == 0


def test_stopping_lets_the_listener_finish(
    standby: Standby, clock: FakeClock, microphone: CountingSource
) -> None:
    wait(standby, clock, 1)
    source = standby.listen()
    source.open()
    standby.stop()
    assert microphone.is_open
    source.close()
    assert not microphone.is_open


@pytest.fixture(name="real")
def fixture_real(audio_server: AudioServer) -> Iterator[Standby]:
    standby = Standby(lambda: microphone_source("pipemic"))
    standby.start()
    yield standby
    standby.stop()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def test_a_real_microphone_was_open_before_it_was_wanted(
    real: Standby, audio_server: AudioServer
) -> None:
    wait_until(lambda: real._source is not None)
    with audio_server.speaking(np.arange(4 * SAMPLE_RATE).astype(np.int16)) as ticking:
        wait_until(lambda: len(real._kept) >= BEFORE_S * SAMPLE_RATE)
        source = real.listen()
        source.open()
        heard = source.read()
        assert len(heard) >= BEFORE_S * SAMPLE_RATE
        ticking.join()
    source.close()
    numbers = np.rint(np.concatenate((heard, source.read())) * 32_768).astype(np.int16)
    numbers = numbers[numbers > 0]  # silence comes before and after
    assert np.all(np.diff(numbers) == 1)  # sample for sample, none lost on the way
