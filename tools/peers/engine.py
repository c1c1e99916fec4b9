"""What every program under comparison can be asked to do, and the loop that asks it.

A worker is a process under that program's own Python. It reads a JSON object a line from standard
input and answers each with one on standard output. Nothing here imports Sotto.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np
from numpy.typing import NDArray

from tools.peak_memory import peak_growth

Pcm = NDArray[np.float32]
Run = Callable[[], Sequence[int] | None]
"""One run of what is timed; returns the tokens that it sampled, if it samples any."""
Hear = Callable[[], str]
"""One run that returns the text of a sound."""

SAMPLE_RATE = 16_000  # Hz
HOP_LENGTH = 160  # samples, 10 ms
POSITIONS_PER_S = 50  # encoder positions


@dataclass(frozen=True, slots=True)
class Setup:
    """What to load.

    Attributes:
        model: file or folder in the program's own format.
        compute_type: `float32`, `int8` or `q8_0`.
        threads: the most that may compute at once.
        sound: `.npy` file, float32 (n_samples,), 16 kHz, [-1, 1].
        prompt: tokens before the first sampled one.
        n_mels: mel bands of the model.
    """

    model: str
    compute_type: str
    threads: int
    sound: str
    prompt: tuple[int, ...]
    n_mels: int

    def pcm(self) -> Pcm:
        """Return the whole sound."""
        pcm: Pcm = np.load(self.sound)
        return pcm


class Engine(Protocol):
    """A program with its model loaded. Each method prepares, and returns what is to be timed.

    But for `transcription` there are no timestamps, no fallback, and the temperature is 0: random
    weights fail each program's tests for plausible text. `n_tokens` are sampled in each window.
    """

    def log_mel(self, seconds: float) -> Run:
        """From sound to what the encoder takes."""
        ...

    def encoder(self, seconds: float) -> Run:
        """The encoder on a window that is `seconds` long."""
        ...

    def decoder(self, seconds: float, n_tokens: int) -> Run:
        """Prompt and greedy loop, on the states of a window that is `seconds` long."""
        ...

    def by_default(self, seconds: float, n_tokens: int) -> Run:
        """From sound to text, by the program's own defaults."""
        ...

    def greedy(self, seconds: float, n_tokens: int) -> Run:
        """From sound of any length to text, in windows of 30 s."""
        ...

    def in_window(self, seconds: float, n_tokens: int, positions: int) -> Run:
        """From sound to text, greedily, in one window of so many encoder positions."""
        ...

    def transcription(self, pcm: Pcm, language: str) -> Hear:
        """From a whole sound to its text, as the program's own command does without flags."""
        ...


Load = Callable[[Setup], Any]
"""Returns an `Engine`, or as much of one as the program is."""


def cut(pcm: Pcm, seconds: float) -> Pcm:
    """Return the first seconds of a sound that is at least as long."""
    n_samples = round(seconds * SAMPLE_RATE)
    assert n_samples <= len(pcm), f"the sound is shorter than {seconds} s"
    return pcm[:n_samples]


def padded_mel(mel: NDArray[np.float32], n_frames: int) -> NDArray[np.float32]:
    """Return mel (n_mels, n_frames), filled up with zeros as openai-whisper's `pad_or_trim`."""
    mel = mel[:, :n_frames]
    return np.pad(mel, ((0, 0), (0, n_frames - mel.shape[1])))


def serve(load: Load, requests: TextIO, replies: TextIO) -> None:
    """Answer requests until they end; an error is an answer too."""
    worker = _Worker(load)
    for line in requests:
        try:
            reply = worker.answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 (whatever a program raises is reported)
            traceback.print_exc(file=sys.stderr)
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


class _Worker:
    """Holds the engine between requests. Owned by the process's only thread."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._engine: Any = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        method = request.pop("method")
        if method == "load":
            setup = request | {"prompt": tuple(request["prompt"])}
            self._engine = self._load(Setup(**setup))
            return {}
        if method == "hear":
            hear = getattr(self._engine, request["what"])
            return heard(hear(np.load(request["sound"]), request["language"]))
        run: Run = getattr(self._engine, request["what"])(**request["arguments"])
        if method == "measure":
            return timed(run, request["repeats"], warm_up=request["warm_up"])
        if method == "peak":
            return extra_memory(run)
        raise ValueError(f"unknown method {method}")


def timed(run: Run, repeats: int, *, warm_up: bool) -> dict[str, Any]:
    """Run once unmeasured if asked to, then `repeats` times; memory is the process's peak."""
    if warm_up:
        run()
    milliseconds, tokens = [], None
    for _ in range(repeats):
        started = time.perf_counter()
        sampled = run()
        milliseconds.append((time.perf_counter() - started) * 1e3)
        tokens = None if sampled is None else [int(token) for token in sampled]
    # Not getrusage's ru_maxrss, which the parent hands down.
    return {"ms": milliseconds, "tokens": tokens, "peak_mb": _status_kb("VmHWM") / 1024}


def heard(hear: Hear) -> dict[str, Any]:
    """Return the text, and the seconds that it took; memory is the process's peak by now."""
    started = time.perf_counter()
    text = hear()
    seconds = time.perf_counter() - started
    return {"text": text, "seconds": seconds, "peak_mb": _status_kb("VmHWM") / 1024}


def extra_memory(run: Run) -> dict[str, Any]:
    """Return by how much one run raises resident memory, the result included."""
    return {"extra_mb": peak_growth(run) / 2**20}


def _status_kb(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))
