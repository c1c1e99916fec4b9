"""MAX's threads sleep while there is nothing for them to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from sotto.inference.idle_threads import drowsy_threads

ROOT = Path(__file__).parents[2]
REST_S = 1.0
MOST_WAKES = 500
"""Of all threads in a second of rest: some dozens are seen; MAX's log alone wakes 5,000 times."""
CALLS = 40
MOST_AFTER_MS = 0.3
"""That the threads of the pool work after a call: 0.1 is seen, and 0.6 or more with MAX's own wait,
however busy the machine."""

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="what threads do is read from Linux")

THREADS = """
import time
from pathlib import Path
import numpy as np

def of_threads(name):
    return {task: (task / name).read_text() for task in Path("/proc/self/task").iterdir()}

def wakes():
    lines = [line for text in of_threads("status").values() for line in text.splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))

def pool_ns():
    pool = [task for task, name in of_threads("comm").items() if "Thread" in name]
    assert pool
    return sum(int((task / "schedstat").read_text().split()[0]) for task in pool)

def pool_ns_after(call):
    call()
    before = pool_ns()
    time.sleep(0.02)
    return pool_ns() - before
"""

USES = {
    "model": """
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.random_checkpoint import STARTER
model = WhisperModel.load(load_checkpoint(STARTER))
mel = np.zeros((400, 80), np.float32)
use = lambda: model.decode([0], model.new_cache(), model.encode(mel))
""",
    "log-mel": """
from sotto.inference.front_end import LogMel
log_mel = LogMel()
use = lambda: log_mel(np.zeros(160_000, np.float32))
""",
}


@LINUX
@pytest.mark.parametrize("name", USES)
def test_no_thread_wakes_for_nothing(name: str) -> None:
    rest = f"use(); before = wakes(); time.sleep({REST_S}); print(wakes() - before)"
    assert int(run(THREADS, USES[name], rest)) < MOST_WAKES


@LINUX
def test_the_pool_sleeps_soon_after_a_call() -> None:
    rests = f"use(); print(sum(pool_ns_after(use) for _ in range({CALLS})))"
    assert int(run(THREADS, USES["model"], rests)) / CALLS / 1e6 < MOST_AFTER_MS


def test_a_program_that_has_made_its_device_keeps_its_settings() -> None:
    """Others would end the process."""
    run(
        "from max.driver import CPU",
        "device = CPU()",
        "from sotto.inference.front_end import LogMel",
        "LogMel()",
    )


@LINUX
def test_this_thread_keeps_its_own_slack() -> None:
    slack = Path("/proc/self/timerslack_ns")  # of the main thread
    before = slack.read_text(encoding="ascii")
    with drowsy_threads():
        assert int(slack.read_text(encoding="ascii")) > int(before)
    assert slack.read_text(encoding="ascii") == before


def run(*lines: str) -> str:
    """Run a program of Python in a process of its own and return what it prints."""
    command = [sys.executable, "-c", "\n".join(lines)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
