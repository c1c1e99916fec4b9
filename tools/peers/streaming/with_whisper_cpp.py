"""whisper.cpp's `stream` (by pywhispercpp, whose package lacks it) as a program that listens.

The loop is that of `examples/stream/stream.cpp` with its own settings: every 3 s the newest sound,
10 s at most, is transcribed anew and the line on screen replaced; every second time the line stays
and a new one begins with the last 0.2 s. Sound that comes while it is busy for longer than a step
is lost, as there.
"""

import threading
from typing import Any

import _pywhispercpp as cpp
import numpy as np

from tools.peers.streaming.microphone import (
    SAMPLE_RATE,
    Microphone,
    Pcm,
    Screen,
    Setup,
    as_floats,
)

STEP = 3 * SAMPLE_RATE
LENGTH = 10 * SAMPLE_RATE
KEEP = SAMPLE_RATE // 5
STEPS_A_LINE = LENGTH // STEP - 1
BLOCK = SAMPLE_RATE // 50


def listen(setup: Setup, microphone: Microphone, screen: Screen) -> None:
    """Listen to the end of the sound."""
    context = cpp.whisper_init_from_file_with_params(
        setup.ggml, cpp.whisper_context_default_params()
    )
    buffer = Buffer()
    threading.Thread(target=buffer.fill, args=[microphone]).start()
    screen.ready()
    lines: list[str] = []
    n_steps, old = 0, np.zeros(0, np.float32)
    while (new := buffer.newest_step()) is not None:
        n_old = min(len(old), max(0, KEEP + LENGTH - len(new)))
        pcm = np.concatenate((old[len(old) - n_old :], new))
        line = transcribe(context, parameters(setup.threads), pcm)
        n_steps, old = n_steps + 1, pcm
        if n_steps % STEPS_A_LINE:
            screen.show(" ".join(lines), line)
        else:
            lines.append(line)
            screen.show(" ".join(lines), "")
            old = pcm[-KEEP:]


class Buffer:
    """Sound that was not looked at yet. Filled by one thread, emptied by another."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pcm = np.zeros(0, np.float32)
        self._ended = False

    def fill(self, microphone: Microphone) -> None:
        """Take what is heard until the sound ends."""
        for block in microphone.blocks(BLOCK):
            with self._changed:
                self._pcm = np.concatenate((self._pcm, as_floats(block)))
                self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()

    def newest_step(self) -> Pcm | None:
        """Wait for a step of sound and return it, throwing away the rest; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or len(self._pcm) >= STEP)
            if len(self._pcm) < STEP:
                return None
            newest, self._pcm = self._pcm[-STEP:], np.zeros(0, np.float32)
        return newest


def parameters(n_threads: int) -> Any:
    """Return the parameters that stream.cpp gives without flags."""
    params = cpp.whisper_full_default_params(cpp.whisper_sampling_strategy.WHISPER_SAMPLING_GREEDY)
    params.print_progress = False
    params.single_segment = True
    params.max_tokens = 0
    params.language = "en"
    params.n_threads = n_threads
    return params


def transcribe(context: Any, params: Any, pcm: Pcm) -> str:
    """Return the text of pcm (n_samples,)."""
    assert cpp.whisper_full(context, params, pcm, len(pcm)) == 0
    segments = range(cpp.whisper_full_n_segments(context))
    texts = (cpp.whisper_full_get_segment_text(context, index) for index in segments)
    return b"".join(texts).decode(errors="replace").strip()
