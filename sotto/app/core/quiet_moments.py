"""Where speech without a pause can be parted with the least harm: where it is quietest."""

from collections.abc import Iterator, Sequence

import numpy as np

from sotto.app.core.speech_windows import Span
from sotto.audio.input.source import SAMPLE_RATE, Sound

STEP_S = 0.01
MOMENT_S = 0.1
"""The closure of a "p" takes as long; quick speech has no longer pauses."""


def cut_where_quiet(pcm: Sound, spans: Sequence[Span], longest_s: float) -> list[Span]:
    """Return spans of at most `longest_s`, the longer ones cut in the second half of that.

    Args:
        pcm: (n_samples,), 16 kHz.
        spans: start and end of each stretch of speech, in seconds.
        longest_s: how long one may be.
    """
    return [part for span in spans for part in _parts(pcm, span, longest_s)]


def _parts(pcm: Sound, span: Span, longest_s: float) -> Iterator[Span]:
    start, end = span
    while end - start > longest_s:
        cut = _quietest(pcm, start + longest_s / 2, start + longest_s)
        yield start, cut
        start = cut
    yield start, end


def _quietest(pcm: Sound, start_s: float, end_s: float) -> float:
    """Return the middle of the quietest `MOMENT_S` between two times."""
    step, moment = round(STEP_S * SAMPLE_RATE), round(MOMENT_S / STEP_S)
    sound = pcm[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
    steps = sound[: len(sound) // step * step].reshape(-1, step)
    power = np.convolve(np.square(steps, dtype=np.float64).mean(axis=1), np.ones(moment), "valid")
    return start_s + (int(power.argmin()) + moment / 2) * STEP_S
