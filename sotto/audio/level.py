"""How loud a block of sound is."""

from dataclasses import dataclass

import numpy as np

from sotto.audio.input.source import Pcm

SILENCE_DB = -120.0  # below the step of 16-bit sound (-96 dB); keeps log10 away from zero


@dataclass(frozen=True, slots=True)
class Loudness:
    """Root mean square and peak in dB of full scale, from `SILENCE_DB` to 0."""

    rms_db: float
    peak_db: float


def level(pcm: Pcm) -> Loudness:
    """Measure the loudness of samples (n,); no samples are silence."""
    if not len(pcm):
        return Loudness(SILENCE_DB, SILENCE_DB)
    mean_square = float(np.mean(np.square(pcm, dtype=np.float64)))
    return Loudness(_decibels(mean_square**0.5), _decibels(float(np.max(np.abs(pcm)))))


def _decibels(amplitude: float) -> float:
    return max(SILENCE_DB, 20.0 * float(np.log10(max(amplitude, 1e-12))))
