"""Speak faster, slower, higher, lower: the time of a sound is bent, and with it pitch and formants.

A tape that is pulled unevenly: y(t) = x(phi(t)) with phi smooth and rising. The speed is a constant
factor times a random contour, so that the pitch gets a melody that no rule of a synthesiser wrote.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.sound import SAMPLE_RATE, Sound, uniform

KNOT = 320  # 20 ms: about as often as a tremble in the voice can be heard
KNOTS_A_BEND = 15  # 0.3 s: the contour bends about once in a syllable or two
MAP_STEP = 160  # 10 ms: between them the map is a straight line, true to within 20 µs


@dataclass(frozen=True, slots=True, eq=False)
class TimeMap:
    """Where a moment of the original stands in the warped sound."""

    originals_s: NDArray[np.float64]  # rising
    warped_s: NDArray[np.float64]

    def __call__(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map moments (n,) of the original, in seconds; also a little behind its end."""
        return np.interp(seconds, self.originals_s, self.warped_s)


def warp_time(
    pcm: Sound, settings: AugmentationSettings, rng: np.random.Generator
) -> tuple[Sound, TimeMap]:
    """Bend the time of a sound (n_samples,); return it and where its moments went."""
    factor = uniform(settings.warp_factor, rng)
    slowest = factor * (1 - settings.warp_contour - settings.warp_jitter)
    n_bends = int(len(pcm) / slowest) // (KNOT * KNOTS_A_BEND) + 3
    bends = rng.uniform(-1, 1, n_bends) * settings.warp_contour
    knots = np.arange((n_bends - 1) * KNOTS_A_BEND)
    contour = np.interp(knots / KNOTS_A_BEND, np.arange(n_bends), bends)
    jitter = rng.uniform(-1, 1, len(knots)) * settings.warp_jitter
    positions = _positions(factor * (1 + contour + jitter))
    n_warped = int(np.searchsorted(positions, len(pcm) - 1, side="right"))
    warped = np.interp(positions[:n_warped], np.arange(len(pcm)), pcm) if len(pcm) else pcm
    originals_s = positions[::MAP_STEP] / SAMPLE_RATE
    warped_s = np.arange(len(originals_s), dtype=np.float64) * (MAP_STEP / SAMPLE_RATE)
    return warped.astype(np.float32), TimeMap(originals_s, warped_s)


def _positions(speeds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return phi in samples, ((n_knots - 1) * KNOT,): the integral of lines through the speeds."""
    means = (speeds[1:] + speeds[:-1]) / 2
    at_knots = np.concatenate([[0.0], np.cumsum(means[:-1]) * KNOT])
    way = np.arange(KNOT)
    bends = np.diff(speeds) / (2 * KNOT)
    positions = at_knots[:, None] + way * (speeds[:-1, None] + way * bends[:, None])
    return positions.ravel()
