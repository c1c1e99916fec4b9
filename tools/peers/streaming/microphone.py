"""What a program under comparison hears and where its text appears. Nothing here imports Sotto.

A program runs in a process under its own Python. Sound comes on standard input at the speed of
speech, 16-bit little-endian samples at 16 kHz; each change of its text leaves as a line of JSON on
standard output, with the time of the system's monotonic clock, which all processes share.
"""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.float32]

SAMPLE_RATE = 16_000  # Hz
SAMPLE_BYTES = 2
READ_BYTES = 640  # at most at once: 20 ms


@dataclass(frozen=True, slots=True)
class Setup:
    """What to load: the same weights in every layout, and the way to stream.

    Attributes:
        ctranslate2: faster-whisper's folder.
        openai: openai-whisper's file.
        ggml: whisper.cpp's file.
        warm_up: a recording for programs that want one before they are ready.
        policy: which of its ways a program that has several takes.
        threads: the most that may compute at once.
    """

    ctranslate2: str
    openai: str
    ggml: str
    warm_up: str
    policy: str
    threads: int


class Microphone:
    """Sound as it is spoken. Owned by the thread that reads it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def blocks(self, n_samples: int) -> Iterator[bytes]:
        """Yield blocks of so many samples until the sound ends; the last may be shorter."""
        size = n_samples * SAMPLE_BYTES
        waiting = b""
        while heard := self._stream.read(min(size - len(waiting), READ_BYTES)):
            waiting += heard
            if len(waiting) == size:
                yield waiting
                waiting = b""
        if waiting:
            yield waiting


def as_floats(block: bytes) -> Pcm:
    """Return samples (n_samples,) in [-1, 1]."""
    return (np.frombuffer(block, "<i2") / 2**15).astype(np.float32)


class Screen:
    """Where the text of a session appears. May be used by several threads."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._lock = threading.Lock()
        self._shown = ("", "")

    def ready(self) -> None:
        """Say that the program listens."""
        self._write({"ready": True})

    def show(self, committed: str, tentative: str) -> None:
        """Show the whole text: what the program has settled, and what may still change."""
        with self._lock:
            if (committed, tentative) == self._shown:
                return
            self._shown = (committed, tentative)
        self._write({"committed": committed, "tentative": tentative})

    def done(self) -> None:
        """Say that nothing more will come."""
        self._write({"done": True})

    def _write(self, fields: dict[str, bool | str]) -> None:
        line = json.dumps({"at": time.monotonic(), **fields}, ensure_ascii=False)
        with self._lock:
            self._lines.write(line + "\n")
            self._lines.flush()
