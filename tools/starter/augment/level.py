"""Level, and what is lost where there is too much or nothing of it."""

import numpy as np

from tools.starter.augment.sound import SAMPLE_RATE, Range, Sound, ratio, uniform

SILENT = 1e-7  # below the last bit of 24; dividing by less would only amplify rounding


def peak(pcm: Sound) -> float:
    """Return the largest absolute value; 0 of an empty sound."""
    return float(max(pcm.max(), -pcm.min())) if len(pcm) else 0.0


def at_peak(pcm: Sound, level_db: float) -> Sound:
    """Scale so that the peak is at a level against full scale; silence stays."""
    highest = peak(pcm)
    return pcm * np.float32(ratio(level_db) / highest) if highest > SILENT else pcm


def hard_clipped(pcm: Sound, over_db: float) -> Sound:
    """Amplify a sound of peak 1 beyond full scale, where it is cut off."""
    return np.asarray(np.clip(pcm * np.float32(ratio(over_db)), -1, 1), np.float32)


def soft_clipped(pcm: Sound, over_db: float) -> Sound:
    """Bend a sound of peak 1 as an amplifier at its limit."""
    drive = np.float32(ratio(over_db))
    return np.asarray(np.tanh(pcm * drive) / np.tanh(drive), np.float32)


def with_dropouts(pcm: Sound, lengths_ms: Range, rng: np.random.Generator) -> Sound:
    """Lose one to three short pieces."""
    holed = pcm.copy()
    for start in rng.integers(0, max(len(pcm), 1), rng.integers(1, 4)):
        length = int(uniform(lengths_ms, rng) * SAMPLE_RATE / 1000)
        holed[start : start + length] = 0
    return holed
