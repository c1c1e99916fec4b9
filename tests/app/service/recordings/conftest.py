"""Queues, with the real process or one that pretends."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.queued import State
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.service.recordings.transcriber import Transcriber

PATIENCE_MS = 120_000
OpenQueue = Callable[..., RecordingQueue]

# Takes the jobs of the real process: a name with "kill" in it ends the process, as a crash in
# native code does; one with "hang" takes for ever; all else is done at once.
PRETENDED = textwrap.dedent("""
    import json, os, signal, sys, time
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps({"event": "read", "duration": 2.0}), flush=True)
        print(json.dumps({"event": "progress", "share": 0.5, "left": 3.0}), flush=True)
        if "kill" in job["source"]:
            os.kill(os.getpid(), signal.SIGKILL)
        while "hang" in job["source"]:
            time.sleep(0.01)
        os.makedirs(job["folder"])
        done = {"event": "done", "damage": ""}
        if "damaged" in job["source"]:
            done["damage"] = f"“{job['source']}” is damaged"
        print(json.dumps(done), flush=True)
""")


@pytest.fixture
def open_queue(qtbot: QtBot, owner: QObject, tmp_path: Path) -> Iterator[OpenQueue]:
    queues = []

    def open_one(*, pretends: bool = True) -> RecordingQueue:
        transcriber = Transcriber(owner, ("-c", PRETENDED)) if pretends else None
        queue = RecordingQueue(tmp_path / "recordings", owner, transcriber)
        queues.append(queue)
        queue.start()
        return queue

    yield open_one
    ended: list[None] = []
    for queue in queues:
        queue.close(lambda: ended.append(None))
    qtbot.waitUntil(lambda: len(ended) == len(queues), timeout=PATIENCE_MS)


def states(queue: RecordingQueue) -> list[State]:
    return [row.state for row in queue.rows]


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)
