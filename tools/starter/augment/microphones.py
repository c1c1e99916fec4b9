"""Random microphones: frequency responses, also such as drift while somebody moves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.sound import Chance, Sound, log_uniform, random_contour, uniform
from tools.starter.augment.spectra import BIN_HZ, N_BINS

# Third octaves, as equalisers have them; every other one gets a knot, which makes the curve smooth.
KNOTS_HZ = 100 * 2 ** (np.arange(11) * 2 / 3)
HZ = np.arange(N_BINS, dtype=np.float64) * BIN_HZ
LOG_HZ = np.log(np.maximum(HZ, BIN_HZ / 2))
TILT_OCTAVES = np.log2(8_000 / 100)
FRAMES_A_KNOT = 25  # 0.6 s: heads turn slowly


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """Factors of the amplitude at each bin (n_bins,), and by how many dB they drift, if at all."""

    factors: Sound
    drift_db: Sound | None

    def at_frames(self, n_frames: int, rng: np.random.Generator) -> Sound:
        """Return the factors, (1, n_bins) or (n_frames, n_bins) if they drift."""
        if self.drift_db is None:
            return self.factors[None]
        way = random_contour(n_frames, FRAMES_A_KNOT, 1.0, rng)
        return self.factors * np.exp(np.outer(way, self.drift_db * np.float32(np.log(10) / 20)))


def random_response(
    settings: AugmentationSettings, chance: Chance, rng: np.random.Generator
) -> Response:
    """Draw a microphone: a bumpy curve with a tilt, a high-pass and a low-pass filter."""
    curve_db = _smooth(settings.equaliser_db * rng.uniform(0.2, 1.0), rng)
    tilt = uniform(settings.tilt_db, rng) / TILT_OCTAVES
    curve_db += tilt * np.log2(np.maximum(HZ, 50) / 1_000)
    curve_db += high_pass_db(log_uniform(settings.high_pass_hz, rng), float(rng.choice((1, 2, 4))))
    if chance(settings.low_pass_probability):
        curve_db += low_pass_db(uniform(settings.low_pass_hz, rng), float(rng.choice((2, 4, 10))))
    if not chance(settings.drift_probability):
        return Response(_factors(curve_db), None)
    drift_db = _smooth(uniform(settings.drift_db, rng), rng)
    return Response(_factors(curve_db), drift_db.astype(np.float32))


TELEPHONE_HZ = (300, 3_400)  # ITU-T G.711's band


def telephone() -> Sound:
    """Return the factors of a telephone line."""
    return _factors(high_pass_db(TELEPHONE_HZ[0], 4) + low_pass_db(TELEPHONE_HZ[1], 10))


def high_pass_db(corner_hz: float, order: float) -> NDArray[np.float64]:
    """Return a Butterworth filter's attenuation at each bin, in dB."""
    return _attenuation_db((corner_hz / np.maximum(HZ, BIN_HZ / 2)) ** (2 * order))


def low_pass_db(corner_hz: float, order: float) -> NDArray[np.float64]:
    """Return a Butterworth filter's attenuation at each bin, in dB."""
    return _attenuation_db((HZ / corner_hz) ** (2 * order))


def _attenuation_db(lost: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level where so much power is lost for each that is left."""
    return np.asarray(-10 * np.log10(1 + lost), np.float64)


def _smooth(height_db: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a bumpy curve in dB at each bin, between plus and minus the height."""
    heights = height_db * rng.uniform(-1, 1, len(KNOTS_HZ))
    return np.asarray(np.interp(LOG_HZ, np.log(KNOTS_HZ), heights), np.float64)


def _factors(curve_db: NDArray[np.float64]) -> Sound:
    return (10 ** (np.maximum(curve_db, -80) / 20)).astype(np.float32)
