"""What a voice says: sound, and when each word is said."""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
PEAK = 0.6  # of full scale; synthesisers differ in loudness by 20 dB
AUDIBLE = 0.01  # of the peak: what is quieter than -40 dB at either end is no speech
MARGIN_S = 0.03  # left at either end, for soft consonants


class SynthesisError(Exception):
    """A synthesiser gave no sound, or other words than the text has."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken words.

    Attributes:
        pcm: (n_samples,), 16 kHz, from the first word to the last.
        words: The text, split at spaces.
        starts_s: (n_words,), where each begins, in seconds.
        ends_s: (n_words,), where each ends.
    """

    pcm: NDArray[np.float32]
    words: tuple[str, ...]
    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]


def finish(
    samples: NDArray[np.float32],
    rate: float,
    words: tuple[str, ...],
    starts_s: NDArray[np.float64],
    ends_s: NDArray[np.float64],
) -> Speech:
    """Resample to 16 kHz, level, and cut off the silence at both ends.

    Raises:
        SynthesisError: There is no sound, or the times are not those of the words.
    """
    pcm = np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), np.float32)
    peak = float(np.abs(pcm).max()) if len(pcm) else 0.0
    if peak == 0 or not len(words) == len(starts_s) == len(ends_s):
        raise SynthesisError(" ".join(words))
    audible = np.flatnonzero(np.abs(pcm) > AUDIBLE * peak) / SAMPLE_RATE
    start_s = max(0.0, audible[0] - MARGIN_S)
    end_s = min(len(pcm) / SAMPLE_RATE, audible[-1] + MARGIN_S)
    pcm = pcm[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)] * np.float32(PEAK / peak)
    duration_s = len(pcm) / SAMPLE_RATE
    return Speech(
        pcm,
        words,
        np.clip(starts_s - start_s, 0, duration_s),
        np.clip(ends_s - start_s, 0, duration_s),
    )
