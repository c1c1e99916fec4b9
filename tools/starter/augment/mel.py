"""Whisper's mel filters for longer and shorter vocal tracts."""

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.sound import SAMPLE_RATE

N_FFT = 400
N_MELS = 80
# Formants lie below it (Jaitly & Hinton); above it the axis is bent back so that 8 kHz stays.
BOUNDARY_HZ = 4_800.0
HIGHEST_HZ = SAMPLE_RATE / 2

# Slaney's Auditory Toolbox: 200/3 Hz a mel up to 1 kHz (mel 15), above it 27 mels a factor of 6.4.
_HZ_PER_MEL = 200 / 3
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def warped_mel_filters(alpha: float) -> NDArray[np.float32]:
    """Return triangular filters (80, 201) that show a vocal tract as `alpha` times as long.

    Vocal tract length perturbation, Jaitly & Hinton 2013 ("Vocal Tract Length Perturbation (VTLP)
    improves speech recognition"): the edges of the filters are moved by a piecewise linear map.
    With alpha = 1 it is `librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)`, which openai-whisper
    uses. Above 1 formants appear lower, as of a taller speaker; 0.8 to 1.25 covers people.
    """
    highest = _LOG_START_MEL + np.log(HIGHEST_HZ / _LOG_START_HZ) / _LOG_STEP
    edges = _moved(_mel_to_hz(np.linspace(0.0, highest, N_MELS + 2)), alpha)
    bins = np.linspace(0.0, HIGHEST_HZ, N_FFT // 2 + 1)
    below, peak, above = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((bins - below) / (peak - below), (above - bins) / (above - peak))
    rounded = np.maximum(0.0, triangles).astype(np.float32)  # here too, to the bit, as librosa
    return (rounded * (2 / (above - below))).astype(np.float32)


def _moved(hz: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    """Return frequencies times alpha; above the boundary on a line to 8 kHz, which stays."""
    if alpha == 1:
        return hz
    moved = BOUNDARY_HZ * min(alpha, 1)
    slope = (HIGHEST_HZ - moved) / (HIGHEST_HZ - moved / alpha)
    bent: NDArray[np.float64] = np.where(
        hz <= moved / alpha, hz * alpha, HIGHEST_HZ - slope * (HIGHEST_HZ - hz)
    )
    return bent


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    logarithmic = _LOG_START_HZ * np.exp(_LOG_STEP * (mel - _LOG_START_MEL))
    hz: NDArray[np.float64] = np.where(mel < _LOG_START_MEL, mel * _HZ_PER_MEL, logarithmic)
    return hz
