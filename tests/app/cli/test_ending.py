"""SIGTERM and SIGHUP: what is done stays, children end, and nothing is left behind."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.app.cli.ending import ENDS, end_as_interrupted
from tests.app.cli.conftest import TIMEOUT_S
from tools.fixtures.clips import CLIPS, starter_clips

CLIP = CLIPS / starter_clips()[0].name
MODEL = ("--model", "starter-en")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The temporary folder of the program, of which nothing may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@contextmanager
def started(
    environment: dict[str, str], scratch: Path, *arguments: object
) -> Iterator["subprocess.Popen[str]"]:
    """Start a command, and let nothing of it stay, whatever a test finds."""
    with subprocess.Popen(
        [sys.executable, "-m", "sotto", *map(str, arguments)],
        env=environment | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(
    process: "subprocess.Popen[str]", number: signal.Signals, scratch: Path, times: int = 2
) -> tuple[str, str, int]:
    """End it, by default twice, as terminals do; return what it says then, and its code."""
    children = children_of(process.pid)
    for _ in range(times):
        process.send_signal(number)
        time.sleep(0.3)  # or the two become one
    output, complaints = process.communicate(timeout=TIMEOUT_S)
    until(lambda: not any(is_running(child) for child in children))
    assert "Traceback" not in complaints
    assert list(scratch.iterdir()) == []
    return output, complaints, process.returncode


def children_of(pid: int) -> list[int]:
    """Return all below a process."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    direct = [int(word) for word in told.read_text().split()] if told.exists() else []
    return direct + [each for child in direct for each in children_of(child)]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # who is not waited for is as good as gone


def until(condition: Callable[[], bool], program: "subprocess.Popen[str] | None" = None) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        assert program is None or program.poll() is None, program.communicate()
        time.sleep(0.02)


def test_transcribing(environment: dict[str, str], scratch: Path, tmp_path: Path) -> None:
    """The text of the first is kept; of the second there is none."""
    out = tmp_path / "out"
    recordings = [tmp_path / "1.wav", tmp_path / "2.wav"]
    for recording, times in zip(recordings, (1, 100), strict=True):
        soundfile.write(recording, np.tile(starter_clips()[0].pcm(), times), 16_000)
    arguments = ("transcribe", *MODEL, "-f", "txt", "-o", out, *recordings)
    with started(environment, scratch, *arguments) as program:
        until((out / "1.txt").exists, program)
        _, complaints, code = ended(program, signal.SIGTERM, scratch)
    assert code == 143
    assert complaints.splitlines()[-1].startswith("sotto: 1 done, 1 left")
    assert [path.name for path in out.iterdir()] == ["1.txt"]


def test_listening(environment: dict[str, str], scratch: Path, tmp_path: Path) -> None:
    """What was said becomes text."""
    recording = tmp_path / "long.wav"
    soundfile.write(recording, np.tile(starter_clips()[0].pcm(), 100), 16_000)
    arguments = ("listen", *MODEL, "--source", recording, "--json")
    with started(environment, scratch, *arguments) as program:
        assert program.stdout is not None
        assert json.loads(program.stdout.readline())["event"] == "partial"
        output, complaints, code = ended(program, signal.SIGHUP, scratch, times=1)
    assert (code, complaints) == (129, "")
    assert json.loads(output.splitlines()[-1])["event"] == "final"


@pytest.mark.parametrize("number", ENDS)
def test_serving(environment: dict[str, str], scratch: Path, number: signal.Signals) -> None:
    with started(environment, scratch, "serve", *MODEL, "--port", "0") as program:
        assert program.stderr is not None
        assert "Sotto serves on" in program.stderr.readline()
        _, complaints, code = ended(program, number, scratch)
    assert (code, complaints) == (128 + number, "")


@pytest.mark.parametrize("command", [("listen", "--source", CLIP), ("transcribe", CLIP)])
def test_compiling(
    environment: dict[str, str], scratch: Path, tmp_path: Path, command: tuple[object, ...]
) -> None:
    """The compiler keeps a hundred megabytes in the temporary folder."""
    environment |= {"SOTTO_CACHE_DIR": str(tmp_path / "cache")}
    with started(environment, scratch, *command, *MODEL) as program:
        until(lambda: bool(list(scratch.rglob("sotto-compiler-*"))), program)
        # Once, it waits for the model, to make text of what it has heard meanwhile.
        assert ended(program, signal.SIGTERM, scratch)[2] == 143


def test_what_nohup_ignores_stays_ignored() -> None:
    before = {number: signal.getsignal(number) for number in ENDS}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        end_as_interrupted()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
