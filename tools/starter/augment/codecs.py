"""What transmission and storage do to a sound: the loss is crude, the kind of loss is theirs."""

from functools import cache

import numpy as np

from tools.starter.augment.sound import Sound
from tools.starter.augment.spectra import Spectra

BAND = 16  # bins, 500 Hz: about as wide as the bands of Opus and MP3 in the middle of speech
MU = 255.0  # ITU-T G.711


def without_weak_bins(spectra: Spectra, floor_db: float) -> Spectra:
    """Drop, as MP3 and Opus do at low rates, bins that lie far below the loudest of their band."""
    powers = spectra.real**2 + spectra.imag**2
    bands = powers[:, :-1].reshape(len(powers), -1, BAND)
    floors = bands.max(axis=2, keepdims=True) * np.float32(10 ** (-floor_db / 10))
    # A band that is faint against the whole frame is dropped with all its bins.
    whole = powers.max(axis=1)[:, None, None] * np.float32(10 ** (-(floor_db + 25) / 10))
    kept = np.zeros(spectra.shape, np.bool_)
    kept[:, :-1] = (bands >= np.maximum(floors, whole)).reshape(len(powers), -1)
    return spectra * kept


def mu_law(pcm: Sound) -> Sound:
    """Code with 8 bits as telephones do, and decode."""
    samples = np.asarray(np.clip(pcm, -1, 1) * np.float32(32_767)).astype(np.int16)
    return _mu_law_table()[samples.view(np.uint16)]


def low_bits(pcm: Sound, n_bits: int) -> Sound:
    """Round to so many bits a sample."""
    steps = np.float32(2 ** (n_bits - 1))
    return np.asarray(np.round(pcm * steps) / steps, np.float32)


@cache
def _mu_law_table() -> Sound:
    """Return what each sample of 16 bits, read as unsigned, comes back as."""
    samples = np.arange(65_536).astype(np.uint16).view(np.int16) / 32_768
    coded = np.sign(samples) * np.log1p(MU * np.abs(samples)) / np.log1p(MU)
    rounded = np.round(coded * 127) / 127
    decoded = np.sign(rounded) * np.expm1(np.abs(rounded) * np.log1p(MU)) / MU
    return np.asarray(decoded, np.float32)
