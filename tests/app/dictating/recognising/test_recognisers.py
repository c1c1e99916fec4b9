"""Which process serves which session."""

import threading
from dataclasses import replace
from itertools import count

import pytest

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.settings import Settings
from sotto.app.dictating.recognising import Recognisers, recognisers
from sotto.app.dictating.recognising.protocol import Open, Request
from sotto.errors import ModelError

SETTINGS = Settings(model="basic")
OTHER = replace(SETTINGS, model="base")


class ScriptedProcess:
    """A process that answers at once, or when it may; keeps what was asked of it."""

    all: list["ScriptedProcess"]
    may_answer: threading.Event
    _pids = count(1)

    def __init__(self, *, keeps_traces: bool) -> None:
        assert keeps_traces
        self.pid = next(self._pids)
        self.is_alive = True
        self.asked: list[Request] = []
        self.all.append(self)

    def ask(
        self, request: Request, _patience_s: float, progress: ProgressCallback = lambda *_: None
    ) -> object:
        self.asked.append(request)
        progress("compiling", 1.0, 2.0)
        assert self.may_answer.wait(60)
        return None

    def kill(self) -> None:
        self.is_alive = False

    def end(self) -> None:
        self.is_alive = False


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedProcess]:
    ScriptedProcess.all, ScriptedProcess.may_answer = [], threading.Event()
    ScriptedProcess.may_answer.set()
    monkeypatch.setattr(recognisers, "RecogniserProcess", ScriptedProcess)
    return ScriptedProcess.all


def tell(_message: str) -> None:
    raise AssertionError


def run(engines: Recognisers, settings: Settings = SETTINGS) -> None:
    lease = engines.lease(settings, tell)
    lease.load(lambda *_: None)
    lease.end()


def test_sessions_that_follow_one_another_share_a_process(
    processes: list[ScriptedProcess],
) -> None:
    engines = Recognisers()
    engines.start()
    engines.warm_up(SETTINGS)
    run(engines)
    run(engines, OTHER)
    (process,) = processes
    assert process.asked == [Open(SETTINGS), Open(SETTINGS), Open(OTHER)]
    assert process.is_alive
    engines.let_go()
    assert not any(each.is_alive for each in processes)
    assert not engines.is_holding


def test_letting_go_leaves_a_session_its_process(processes: list[ScriptedProcess]) -> None:
    engines = Recognisers()
    lease = engines.lease(SETTINGS, tell)
    lease.load(lambda *_: None)
    engines.let_go()
    assert processes[0].is_alive
    lease.end()
    assert not processes[0].is_alive


def test_what_a_session_uses_is_warm(processes: list[ScriptedProcess]) -> None:
    engines = Recognisers()
    lease = engines.lease(SETTINGS, tell)
    lease.load(lambda *_: None)
    engines.warm_up(SETTINGS)
    assert len(processes) == 1


def test_the_next_session_waits_for_the_process_of_the_one_before(
    processes: list[ScriptedProcess],
) -> None:
    engines = Recognisers()
    first, second = (engines.lease(SETTINGS, tell) for _ in range(2))
    first.load(lambda *_: None)
    engines.start()  # the second is opened while the first ends
    first.end()
    second.load(lambda *_: None)
    assert len(processes) == 1


def test_another_model_is_loaded_beside_a_session(processes: list[ScriptedProcess]) -> None:
    engines = Recognisers()
    lease = engines.lease(SETTINGS, tell)
    lease.load(lambda *_: None)
    engines.warm_up(OTHER)
    assert [process.is_alive for process in processes] == [True, True]
    lease.end()
    assert [process.is_alive for process in processes] == [False, True]
    run(engines, OTHER)
    assert len(processes) == 2


def test_who_waits_for_the_same_model_is_told_how_far_it_is(
    processes: list[ScriptedProcess],
) -> None:
    ScriptedProcess.may_answer.clear()
    engines = Recognisers()
    told = threading.Event()
    cancelled = engines.lease(SETTINGS, tell)
    first = threading.Thread(target=cancelled.load, args=[lambda *_: told.set()])
    first.start()
    assert told.wait(60)
    cancelled.end()  # before it was loaded
    waits = engines.lease(SETTINGS, tell)
    second = threading.Thread(target=waits.load, args=[lambda *_: None])
    second.start()
    ScriptedProcess.may_answer.set()
    first.join()
    second.join()
    assert len(processes) == 1
    waits.end()
    assert engines.is_holding


def test_closing_ends_everything(processes: list[ScriptedProcess]) -> None:
    with Recognisers() as engines:
        lease = engines.lease(SETTINGS, tell)
        lease.load(lambda *_: None)
        engines.warm_up(OTHER)
    assert not any(process.is_alive for process in processes)
    with pytest.raises(ModelError, match="has ended"):
        lease.load(lambda *_: None)
    assert len(processes) == 2
