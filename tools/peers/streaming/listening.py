"""Lets a program listen: starts it, speaks to it at the speed of speech, notes what it shows."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import asdict
from typing import IO, Any

from tools.peers.process import REPOSITORY
from tools.peers.streaming.judge import Hearing, Text
from tools.peers.streaming.microphone import SAMPLE_BYTES, SAMPLE_RATE, Setup
from tools.peers.streaming.process_tree import cpu_s, machine_cpu_s

BLOCK_S = 0.02
BLOCK_BYTES = round(BLOCK_S * SAMPLE_RATE) * SAMPLE_BYTES
READY_WITHIN_S = 120.0
SETTLE_S = 2.0  # thread pools spin on after loading
ENDS_WITHIN_S = 40.0


class ListeningError(Exception):
    """A program could not listen; the message has its last words."""


def listen(python: str, module: str, setup: Setup, pcm16: bytes) -> Hearing:
    """Let a program hear a sound in real time.

    Args:
        python: the Python that has it.
        module: it is `tools.peers.streaming.with_MODULE`.
        setup: what it loads.
        pcm16: 16-bit little-endian samples at 16 kHz.

    Raises:
        ListeningError: it is not ready in time, or ends before the sound does.
    """
    pools = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(setup.threads))
    command = [python, "-m", "tools.peers.streaming.worker", module, json.dumps(asdict(setup))]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=os.environ | pools | {"HF_HUB_OFFLINE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        try:
            return _Listening(process).hear(pcm16)
        except (ListeningError, BrokenPipeError) as error:
            raise ListeningError(f"{error}: {_last_words(log)}") from None
        finally:
            _end_group(process)


class _Listening:
    """A program that was started. Owned by one thread; another one reads its lines."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lines: list[dict[str, Any]] = []
        self._ready, self._done = threading.Event(), threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def hear(self, pcm16: bytes) -> Hearing:
        self._wait_until_ready()
        load = os.getloadavg()[0]
        time.sleep(SETTLE_S)
        theirs_s, all_s = cpu_s(self._process.pid), machine_cpu_s()
        began = time.monotonic()
        assert self._process.stdin is not None
        speak(pcm16, self._process.stdin)
        theirs_s, all_s = cpu_s(self._process.pid) - theirs_s, machine_cpu_s() - all_s
        self._process.stdin.close()
        self._done.wait(ENDS_WITHIN_S)
        texts = parse(self._lines, began)
        return Hearing(tuple(texts), theirs_s, all_s - theirs_s, load)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._ready.wait(0.1):
            if self._process.poll() is not None:
                raise ListeningError(f"it ended with exit code {self._process.returncode}")
            if time.monotonic() > deadline:
                raise ListeningError(f"it was not ready after {READY_WITHIN_S:g} s")

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                fields = json.loads(line)
                self._lines.append(fields)
                if "ready" in fields:
                    self._ready.set()
        self._done.set()


def speak(pcm16: bytes, pipe: IO[bytes]) -> None:
    """Write samples at the speed of speech: each block when its last sample has been spoken."""
    began = time.monotonic()
    for index, at in enumerate(range(0, len(pcm16), BLOCK_BYTES)):
        time.sleep(max(0.0, began + (index + 1) * BLOCK_S - time.monotonic()))
        pipe.write(pcm16[at : at + BLOCK_BYTES])
        pipe.flush()


def parse(lines: list[dict[str, Any]], began: float) -> list[Text]:
    """Return the texts of a worker's lines.

    Args:
        lines: what it wrote.
        began: when the sound began, by the clock of the lines.
    """
    return [
        Text(line["at"] - began, line["committed"], line["tentative"])
        for line in lines
        if "committed" in line
    ]


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the program and all that it started."""
    with contextlib.suppress(ProcessLookupError):  # nothing of it is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # what it did not read any more
        process.stdin.close()


def _last_words(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().split("\n")
    return " / ".join(lines[-3:])
