"""The process that recognises: how it begins, answers and ends."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto.app.core.bench.speech import speech
from sotto.app.core.models.speeds import Speed
from sotto.app.core.settings import Settings
from sotto.app.dictating.recognising.process import ProcessLostError, RecogniserProcess
from sotto.app.dictating.recognising.protocol import Append, Measure, Open, Recognise
from sotto.app.dictating.recognising.recognisers import measure
from sotto.errors import CheckpointError, InternalError, ModelNotFoundError
from tools.fixtures.full_memory import starve
from tools.fixtures.official import official

PATIENCE_S = 120.0
PARENT = """
import sys
from sotto.app.dictating.recognising.process import RecogniserProcess
process = RecogniserProcess(keeps_traces=False)
print(process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def process() -> Iterator[RecogniserProcess]:
    with RecogniserProcess(keeps_traces=False) as process:
        yield process


def wait_until_gone(pid: int) -> None:
    """Wait for a process that is no child of this one; the test's time limit ends it."""
    while Path(f"/proc/{pid}").exists() and "State:\tZ" not in _status(pid):
        pass


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return "State:\tZ"


def test_it_does_not_outlive_its_parent_however_that_ends() -> None:
    run = [sys.executable, "-c", PARENT]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    wait_until_gone(pid)


def test_one_that_is_forgotten_ends() -> None:
    process = RecogniserProcess(keeps_traces=False)
    pid = process.pid
    del process
    gc.collect()
    assert not Path(f"/proc/{pid}").exists()


def test_keys_of_a_terminal_do_not_reach_it(process: RecogniserProcess) -> None:
    assert os.getsid(process.pid) == process.pid != os.getsid(0)


def test_errors_come_as_what_they_are(process: RecogniserProcess, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="nowhere"):
        process.ask(Open(Settings(model="nowhere")), PATIENCE_S)
    (tmp_path / "model.bin").write_bytes(b"no model")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(CheckpointError):
        process.ask(Open(Settings(model=str(tmp_path))), PATIENCE_S)
    # A defect is told without what it may quote of a text.
    with pytest.raises(InternalError, match=r"inside Sotto \(RuntimeError\)"):
        process.ask(Recognise((), (), final=True), PATIENCE_S)


def test_one_that_is_gone_is_lost(process: RecogniserProcess) -> None:
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(ProcessLostError, match="crashed"):
        process.ask(Measure(Settings(model="basic")), PATIENCE_S)
    assert not process.is_alive


def test_one_that_hangs_is_killed(process: RecogniserProcess) -> None:
    process.ask(Measure(Settings(model="basic")), PATIENCE_S)
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(ProcessLostError, match="did not answer"):
        process.ask(Measure(Settings(model="basic")), 0.2)
    assert not process.is_alive


def test_where_it_hung_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A final of 5 s takes longer than the patience here, on any machine."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with RecogniserProcess(keeps_traces=True) as process:
        process.ask(Open(Settings(model="basic")), PATIENCE_S)
        calls = (Append(speech(5.0)),)
        with pytest.raises(ProcessLostError, match="did not answer"):
            process.ask(Recognise(calls, (), final=True), 1e-3)
    (traces,) = (tmp_path / "sotto" / "log").glob(f"crash-*-{process.pid}.txt")
    assert "Fatal Python error: Aborted" in traces.read_text()
    assert "in serve" in traces.read_text()


def test_how_fast_a_model_is_here() -> None:
    speed = measure(Settings(model="basic"), lambda *_: None)
    assert isinstance(speed, Speed)
    assert speed.is_measured


def test_one_that_gets_no_more_memory_is_lost_and_another_may_have_it(
    process: RecogniserProcess,
) -> None:
    with pytest.raises(ModelNotFoundError):  # by now it has begun
        process.ask(Open(Settings(model="nowhere")), PATIENCE_S)
    starve(process.pid)
    opening = Open(Settings(model=str(official("tiny.en")), language="en"))
    with pytest.raises(ProcessLostError, match="crashed"):
        process.ask(opening, PATIENCE_S)
    with RecogniserProcess(keeps_traces=False) as another:
        another.ask(opening, PATIENCE_S)
