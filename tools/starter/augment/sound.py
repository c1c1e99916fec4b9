"""What all parts of the augmentation share: the type of a sound, random ranges, slow contours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
Sound = NDArray[np.float32]
"""Mono pcm (n_samples,), 16 kHz, -1..1."""
Range = tuple[float, float]
"""Lowest and highest value that is drawn."""

FRAME = 320  # 20 ms: a syllable is longer, a gap between words is not much longer
ACTIVE = 1e-3  # -30 dB: power of a frame, against the loudest, from which it counts as sound


def uniform(limits: Range, rng: np.random.Generator) -> float:
    return float(rng.uniform(limits[0], limits[1]))


def log_uniform(limits: Range, rng: np.random.Generator) -> float:
    """Draw as often between 1 and 2 as between 2 and 4."""
    return float(np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]))))


def ratio(decibels: float) -> float:
    """Return the factor of an amplitude."""
    return float(10 ** (decibels / 20))


@dataclass(frozen=True, slots=True)
class Chance:
    """Says yes with a probability times `strength`."""

    strength: float
    rng: np.random.Generator

    def __call__(self, probability: float) -> bool:
        return bool(self.rng.random() < self.strength * probability)


def timeline(n_samples: int) -> Sound:
    """Return at how many seconds each sample is, (n_samples,)."""
    return np.arange(n_samples, dtype=np.float32) / np.float32(SAMPLE_RATE)


def active_rms(pcm: Sound) -> float:
    """Return the root mean square over the frames that are not pauses; 0 for silence.

    Pauses would make the same voice count as fainter the longer somebody waits between words.
    """
    frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME) if len(pcm) >= FRAME else pcm[None]
    if not frames.size:
        return 0.0
    powers = np.einsum("ij,ij->i", frames, frames) / frames.shape[1]
    return float(np.sqrt(np.mean(powers[powers >= ACTIVE * powers.max()], dtype=np.float64)))


def contour(knots: Sound, step: int, n_samples: int) -> Sound:
    """Return straight lines through `knots`, `step` samples apart: (n_samples,)."""
    way = np.arange(step, dtype=np.float32) / np.float32(step)
    lines: Sound = knots[:-1, None] + np.diff(knots)[:, None] * way
    return lines.ravel()[:n_samples]


def random_contour(n_samples: int, step: int, spread: float, rng: np.random.Generator) -> Sound:
    """Return a slow random walk around 0 (n_samples,), with a knot each `step` samples.

    Neighbouring knots are averaged, so that it bends rather than jumps; its standard deviation is
    about `spread`.
    """
    n_knots = n_samples // step + 3
    steps = rng.standard_normal(n_knots + 1)
    knots = (steps[1:] + steps[:-1]) * (spread / np.sqrt(2))
    return contour(knots.astype(np.float32), step, n_samples)


def wrapped(pool: Sound, n_samples: int, rng: np.random.Generator) -> Sound:
    """Return `n_samples` of a pool from a random place on; it begins again where it ends."""
    start = int(rng.integers(len(pool)))
    if start + n_samples <= len(pool):
        return pool[start : start + n_samples]
    n_rounds = -(-(start + n_samples) // len(pool))
    return np.concatenate([pool] * n_rounds)[start : start + n_samples]
