"""`sotto listen --json` whose microphone is unplugged, with a real sound server."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.app.cli.conftest import TIMEOUT_S
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, starter_clips

CLIP = starter_clips()[0]
SERVER = ("PULSE_SERVER", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")


class Listener:
    """The program, and the lines that it wrote."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.program = subprocess.Popen(
            [
                *(sys.executable, "-m", "sotto", "listen", "--json"),
                *("--model", "starter-en", "--microphone", "virtmic"),
            ],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.events: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.program.stdout is not None
        with self.program.stdout as lines:
            for line in lines:
                if line.endswith("\n"):  # the last one may be cut off
                    self.events.append(json.loads(line))

    def end(self) -> None:
        self.program.kill()
        self.program.wait()
        self._reader.join()

    def wait_for(self, kind: str) -> dict[str, Any]:
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline:
            for event in self.events:
                if event["event"] == kind:
                    return event
            time.sleep(0.05)
        raise AssertionError(f"no {kind} came")


@pytest.fixture
def listener(environment: dict[str, str], audio_server: AudioServer) -> Iterator[Listener]:
    started = Listener(environment | {name: os.environ[name] for name in SERVER})
    try:
        deadline = time.monotonic() + TIMEOUT_S
        while audio_server.listened_to() != {"virtmic"}:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield started
    finally:
        started.end()


def test_text_goes_on_after_the_gap(audio_server: AudioServer, listener: Listener) -> None:
    with audio_server.awake("virtmic"):
        audio_server.play(CLIPS / CLIP.name, "feed")
        before = listener.wait_for("final")
        listener.events.clear()
    audio_server.unload("virtmic")
    waiting = listener.wait_for("waiting")
    assert waiting["audio"] >= before["end"]
    audio_server.load("module-remap-source", "master=feed.monitor", "source_name=virtmic")
    with audio_server.awake("virtmic"):
        gap = listener.wait_for("gap")
        audio_server.play(CLIPS / CLIP.name, "feed")
        after = listener.wait_for("final")
    assert before["end"] <= gap["start"] < gap["end"]
    assert after["start"] >= gap["start"]
    listener.program.send_signal(signal.SIGINT)
    assert listener.program.wait(TIMEOUT_S) == 0


def test_who_waits_can_stop(audio_server: AudioServer, listener: Listener) -> None:
    with audio_server.awake("virtmic"):
        audio_server.play(CLIPS / CLIP.name, "feed")
        listener.wait_for("final")
    audio_server.unload("virtmic")
    listener.wait_for("waiting")
    listener.program.send_signal(signal.SIGINT)
    assert listener.program.wait(TIMEOUT_S) == 0
