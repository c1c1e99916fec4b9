"""Crashes and hangs of the process that recognises, by real signals to real processes."""

import errno
import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.app.core.events import (
    CANCELLED,
    NOT_RECOGNISED,
    Dropped,
    Event,
    Fault,
    Final,
    Incident,
    Partial,
    SessionState,
    StateChanged,
)
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.settings import Settings
from sotto.app.dictating.new_session import CLIPS, new_session
from sotto.app.dictating.recognising import Recognisers, recognisers
from sotto.app.dictating.recognising.patience import Patience, PatienceSettings
from sotto.app.dictating.recognising.process import RecogniserProcess
from sotto.app.dictating.recognising.protocol import (
    Answer,
    Done,
    Failed,
    Open,
    Recognise,
    Request,
)
from sotto.app.dictating.session import Feed
from sotto.audio.input.sample_source import SampleSource
from sotto.audio.input.source import SAMPLE_RATE, Pcm

if os.name != "posix":
    pytest.skip("the signals are of POSIX", allow_module_level=True)

pytestmark = pytest.mark.engine

SETTINGS = Settings(model="basic", language="en")
SENTENCE_S = 2.7  # the first of the clip
PAUSE_S = 1.0
ROOM_BYTES = 2**20  # the most that a user of Linux may ask for
PATIENCE_S = 120.0  # machines stall; nothing here takes more than some seconds

Strike = Callable[[Request, int], signal.Signals | None]
"""Whether a process is struck while it answers a request, the n-th of its kind, and how."""


class StruckProcess(RecogniserProcess):
    """A process that gets a signal once it has been asked something."""

    strike: Strike
    asked: list[Request]
    pids: list[int]

    def __init__(self, *, keeps_traces: bool) -> None:
        super().__init__(keeps_traces=keeps_traces)
        # All sound of a segment, told again, finds room while nobody reads.
        fcntl.fcntl(self._requests, fcntl.F_SETPIPE_SZ, ROOM_BYTES)

    def _exchange(
        self, request: Request, calm: Callable[[], None], progress: ProgressCallback
    ) -> Done | Failed:
        kind = [each for each in self.asked if kind_of(each) == kind_of(request)]
        self.asked.append(request)
        self.pids.append(self.pid)
        self._signal = self.strike(request, len(kind))
        if self._signal is not None:
            os.kill(self.pid, signal.SIGSTOP)  # or it might answer before it is struck
        return super()._exchange(request, calm, progress)

    def _receive(self) -> Answer:
        if self._signal is not None:
            number, self._signal = self._signal, None
            os.kill(self.pid, number)
            if number is not signal.SIGSTOP:
                os.kill(self.pid, signal.SIGCONT)
        return super()._receive()


def kind_of(request: Request) -> object:
    return request.final if isinstance(request, Recognise) else type(request)


@pytest.fixture(autouse=True)
def struck_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    StruckProcess.asked, StruckProcess.pids = [], []
    StruckProcess.strike = staticmethod(lambda *_: None)
    monkeypatch.setattr(recognisers, "RecogniserProcess", StruckProcess)
    yield
    assert not [pid for pid in StruckProcess.pids if Path(f"/proc/{pid}").exists()]


def strike(*blows: tuple[object, int, signal.Signals]) -> None:
    """Strike at the n-th requests of a kind: `Open`, or whether it is for a final."""
    by_request = {(kind, n): number for kind, n, number in blows}
    StruckProcess.strike = staticmethod(lambda request, n: by_request.get((kind_of(request), n)))


@pytest.fixture(scope="module")
def sound() -> Pcm:
    """Two utterances."""
    n_samples = round(SENTENCE_S * SAMPLE_RATE)
    clip, _ = soundfile.read(CLIPS / "hello.flac", frames=n_samples, dtype="float32")
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE), np.float32)
    pcm: Pcm = np.concatenate((clip, pause, clip, pause))
    return pcm


def listen(pcm: Pcm, engines: Recognisers, settings: Settings = SETTINGS) -> list[Event]:
    events: list[Event] = []
    new_session(SampleSource([pcm]), Feed.UNPACED, settings, events.append, engines).run()
    assert events[-1] == StateChanged(SessionState.STOPPED)
    return events


def texts(events: list[Event]) -> list[Event]:
    """Return what was heard, without the time that it took."""
    heard = [event for event in events if isinstance(event, Partial | Final | Dropped)]
    return [replace(event, t=0.0) for event in heard]


def incidents(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Incident)]


@pytest.fixture(scope="module")
def undisturbed(sound: Pcm) -> list[Event]:
    with Recognisers(keeps_traces=False) as engines:
        events = listen(sound, engines)
    assert len([event for event in events if isinstance(event, Final)]) == 2
    return texts(events)


@pytest.mark.parametrize(
    "blows",
    [
        ((Open, 0, signal.SIGKILL), (False, 3, signal.SIGSEGV), (True, 1, signal.SIGKILL)),
        ((True, 0, signal.SIGABRT), (False, 6, signal.SIGBUS)),
    ],
    ids=["loading, partial, final", "final, partial"],
)
def test_after_a_crash_all_words_come_as_if_nothing_had_happened(
    sound: Pcm, undisturbed: list[Event], blows: tuple[tuple[object, int, signal.Signals], ...]
) -> None:
    strike(*blows)
    with Recognisers(keeps_traces=False) as engines:
        events = listen(sound, engines)
    assert texts(events) == undisturbed
    assert len(incidents(events)) == len(blows)
    assert len(set(StruckProcess.pids)) == len(blows) + 1


def test_a_crash_while_the_model_is_loaded_again_costs_no_word_either(
    sound: Pcm, undisturbed: list[Event]
) -> None:
    strike((False, 2, signal.SIGKILL), (Open, 1, signal.SIGSEGV))
    with Recognisers(keeps_traces=False) as engines:
        events = listen(sound, engines)
    assert texts(events) == undisturbed
    assert len(incidents(events)) == 1


def test_after_a_hang_all_words_come_as_if_nothing_had_happened(
    sound: Pcm, undisturbed: list[Event]
) -> None:
    strike((False, 2, signal.SIGSTOP))
    patience = PatienceSettings(least_s=2.0, unknown_s=30.0, of_partial=1.0)
    with Recognisers(keeps_traces=False, patience=lambda: Patience(patience)) as engines:
        events = listen(sound, engines)
    assert texts(events) == undisturbed
    assert incidents(events)


def test_who_cancels_does_not_wait_for_what_hangs(sound: Pcm, undisturbed: list[Event]) -> None:
    """The patience is longer than the time that a test may take."""
    strike((False, 2, signal.SIGSTOP))
    patience = PatienceSettings(least_s=9000.0, unknown_s=9000.0, least_grace_s=0.1)
    events: list[Event] = []
    with Recognisers(keeps_traces=False, patience=lambda: Patience(patience)) as engines:
        source = SampleSource([sound])
        session = new_session(source, Feed.UNPACED, SETTINGS, events.append, engines)
        session.start()
        while not any(stopped(pid) for pid in StruckProcess.pids):
            assert not session.join(0.01)
        session.cancel()
        assert session.join(PATIENCE_S)
        assert {event.reason for event in events if isinstance(event, Dropped)} == {CANCELLED}
        assert not [event for event in events if isinstance(event, Final | Incident)]
        assert texts(listen(sound, engines)) == undisturbed


def stopped(pid: int) -> bool:
    return "State:\tT" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def test_what_fails_twice_is_dropped_and_the_next_utterance_is_heard(
    sound: Pcm, undisturbed: list[Event]
) -> None:
    """The words so far are kept, and partials are not tried again; the final is."""
    crashes = [(False, n, signal.SIGSEGV) for n in (2, 3)]
    strike(*crashes, *((True, n, signal.SIGSEGV) for n in (0, 1)))
    with Recognisers(keeps_traces=False) as engines:
        events = listen(sound, engines)
        again = listen(sound, engines)
    heard = texts(events)
    finals = [event for event in heard if isinstance(event, Final)]
    shown = [event for event in heard if isinstance(event, Partial) and not event.utterance][-1]
    assert finals[0].text == shown.committed + shown.tentative
    (dropped,) = [event for event in heard if isinstance(event, Dropped)]
    assert dropped.reason == NOT_RECOGNISED
    assert finals[0].end == dropped.start < dropped.end <= finals[1].start
    assert finals[1].text == [each for each in undisturbed if isinstance(each, Final)][1].text
    assert len(incidents(events)) == 3  # of two failures, and of what was given up
    assert texts(again) == undisturbed


def test_a_model_that_kills_twice_is_a_fault_and_the_next_dictation_works(
    sound: Pcm, undisturbed: list[Event]
) -> None:
    strike((Open, 0, signal.SIGSEGV), (Open, 1, signal.SIGKILL))
    with Recognisers(keeps_traces=False) as engines:
        (fault,) = [event for event in listen(sound, engines) if isinstance(event, Fault)]
        assert fault.message.startswith("the model cannot be loaded: recognition crashed twice")
        assert texts(listen(sound, engines)) == undisturbed


def test_without_room_for_a_process_words_are_kept_and_the_next_utterance_is_heard(
    sound: Pcm, undisturbed: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """None that should take the place of the first can be started before the next utterance."""
    strike((True, 0, signal.SIGKILL))
    start, n_starts = subprocess.Popen, count()

    def refuse(*arguments: object, **options: object) -> object:
        if next(n_starts) in range(1, 7):
            raise BlockingIOError(errno.EAGAIN, "fork")
        return start(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with Recognisers(keeps_traces=False) as engines:
        events = listen(sound, engines)
    finals = [event for event in events if isinstance(event, Final)]
    assert finals[1].text == [each for each in undisturbed if isinstance(each, Final)][1].text
    assert finals[0].text
    assert [event.reason for event in events if isinstance(event, Dropped)] == [NOT_RECOGNISED]
    assert not [event for event in events if isinstance(event, Fault)]


def test_one_that_dies_between_sessions_is_replaced_without_a_word(
    sound: Pcm, undisturbed: list[Event]
) -> None:
    with Recognisers(keeps_traces=False) as engines:
        engines.warm_up(SETTINGS)
        (pid,) = set(StruckProcess.pids)
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        events = listen(sound, engines)
    assert texts(events) == undisturbed
    assert not incidents(events)
