"""The speech that is measured with: the clip in the box."""

from pathlib import Path

import numpy as np

from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE, Pcm

CLIP = Path(__file__).parents[3] / "assets" / "clips" / "hello.flac"


def recording() -> Pcm:
    """Return the whole clip, (n_samples,), 16 kHz."""
    return read_audio(CLIP)


def speech(seconds: float) -> Pcm:
    """Return the first `seconds` of the clip, said again and again if need be."""
    return np.resize(recording(), round(seconds * SAMPLE_RATE))
