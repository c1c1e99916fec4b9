"""What people's voices have and synthesisers' lack: an uneven loudness, breath, roughness."""

import numpy as np

from tools.starter.augment.noise import coloured, make_noise
from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.sound import (
    SAMPLE_RATE,
    Chance,
    Sound,
    contour,
    random_contour,
    ratio,
    uniform,
    wrapped,
)
from tools.starter.augment.spectra import BIN_HZ, to_sound, to_spectra

HISS_S = 60  # of breath to take pieces from; nobody can tell them apart
BREATH_STEP = 160  # 10 ms: breath follows the voice, not its single pulses
LOUDNESS_STEP = SAMPLE_RATE * 4 // 10  # about two syllables


class Voicing:
    """Makes a voice uneven, breathy and rough. Holds a pool of hiss, no state."""

    def __init__(self, settings: AugmentationSettings, rng: np.random.Generator) -> None:
        self._settings = settings
        self._hiss = make_noise(coloured(-0.5), HISS_S * SAMPLE_RATE, rng)

    def __call__(self, pcm: Sound, chance: Chance, rng: np.random.Generator) -> Sound:
        """Return the voice (n_samples,), of which nothing is delayed."""
        if chance(self._settings.loudness_probability):
            pcm = uneven(pcm, uniform(self._settings.loudness_db, rng), rng)
        if chance(self._settings.roughness_probability):
            from_hz = uniform(self._settings.roughness_from_hz, rng)
            pcm = rough(pcm, from_hz, uniform(self._settings.roughness, rng), rng)
        if chance(self._settings.breath_probability):
            share = np.float32(ratio(uniform(self._settings.breath_db, rng)))
            pcm = pcm + share * _envelope(pcm) * wrapped(self._hiss, len(pcm), rng)
        return pcm


def uneven(pcm: Sound, spread_db: float, rng: np.random.Generator) -> Sound:
    """Let the loudness wander by so many dB."""
    wander = random_contour(len(pcm), LOUDNESS_STEP, spread_db, rng)
    return np.asarray(pcm * np.exp(wander * np.float32(np.log(10) / 20)), np.float32)


def rough(pcm: Sound, from_hz: float, share: float, rng: np.random.Generator) -> Sound:
    """Turn a share of the power above a frequency into noise of the same spectrum.

    People's voices are periodic up to some kilohertz only, above that they hiss (Griffin & Lim
    1988, "Multiband excitation vocoder"); rules of synthesis make pulses throughout.
    """
    spectra = to_spectra(pcm)
    upper = spectra[:, int(from_hz / BIN_HZ) :]
    kept, random = np.float32(np.sqrt(1 - share)), np.float32(np.sqrt(share))
    upper *= np.where(rng.integers(0, 2, upper.shape, np.bool_), kept + random, kept - random)
    return to_sound(spectra, len(pcm))


def _envelope(pcm: Sound) -> Sound:
    """Return how loud a sound is at each moment (n_samples,)."""
    n_frames = len(pcm) // BREATH_STEP
    frames = pcm[: n_frames * BREATH_STEP].reshape(n_frames, BREATH_STEP)
    loudness = np.sqrt(np.einsum("ij,ij->i", frames, frames) / BREATH_STEP)
    # A frame's loudness is that at its middle.
    lines = contour(np.pad(loudness, (1, 2)), BREATH_STEP, len(pcm) + BREATH_STEP // 2)
    return lines[BREATH_STEP // 2 :]
