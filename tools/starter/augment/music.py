"""Sounds with a pitch that are not speech: music-like tones and beeps."""

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.sound import SAMPLE_RATE, Sound, log_uniform, timeline, uniform

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))  # in semitones
LOWEST_HZ = 65.4  # the note C two octaves below the middle one
BARS = ((0, 4, 7), (0, 3, 7), (0, 5, 9), (0, 4, 7, 10), (0, 7))  # chords, in semitones


def music(n_samples: int, rng: np.random.Generator) -> Sound:
    """Chords, arpeggios and drums at one tempo, in one scale, on one made-up instrument."""
    played = np.zeros(n_samples, np.float32)
    beat = int(SAMPLE_RATE * 60 / uniform((60, 160), rng))
    scale, root = SCALES[rng.integers(len(SCALES))], int(rng.integers(12))
    voice = _Instrument(rng)
    parts = rng.random(3) < (0.7, 0.7, 0.5)
    for start in range(0, n_samples, beat):
        if parts[0] and rng.random() < 0.5:
            _chord(played[start:], root, 4 * beat, voice, rng)
        if parts[1] or not parts.any():
            for half in (0, beat // 2):
                step = int(rng.choice(scale)) + 12 * int(rng.integers(1, 4))
                _add(played[start + half :], voice.note(root + step, beat, rng))
        if parts[2]:
            _add(played[start:], _drum(rng))
    return played


class _Instrument:
    """Overtones and an envelope, the same for all its notes."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._heights = rng.exponential(size=8) / np.arange(1, 9) ** uniform((0.5, 2.5), rng)
        self._attack_s = log_uniform((0.003, 0.15), rng)
        self._decay_s = log_uniform((0.1, 2.0), rng)
        self._vibrato = uniform((0.0, 0.01), rng)

    def note(self, semitone: int, n_samples: int, rng: np.random.Generator) -> Sound:
        """Return one note (n_samples,), so many semitones above the lowest."""
        seconds = timeline(n_samples)
        phase = _phase(LOWEST_HZ * float(2 ** (semitone / 12)), seconds, self._vibrato)
        tone = np.zeros(n_samples, np.float32)
        for k, height in enumerate(self._heights, 1):
            tone += np.float32(height) * np.sin(k * phase)
        rise = 1 - np.exp(-seconds / np.float32(self._attack_s))
        fall = np.exp(-seconds / np.float32(self._decay_s)) * _release(n_samples)
        return np.asarray(tone * rise * fall * uniform((0.3, 1.0), rng), np.float32)


def beeps(n_samples: int, rng: np.random.Generator) -> Sound:
    """Alarms, dialling, chimes and sirens: plain tones, on and off."""
    played = np.zeros(n_samples, np.float32)
    length_s, gap_s = log_uniform((0.05, 1.0), rng), log_uniform((0.05, 1.5), rng)
    tones = rng.uniform(300, 3_000, (int(rng.integers(1, 5)), int(rng.integers(1, 3))))
    glide = float(rng.choice((0.0, 0.0, rng.uniform(-0.5, 0.5))))
    start, nth = 0, 0
    while start < n_samples:
        _add(played[start:], _beep(tones[nth % len(tones)], length_s, glide))
        start += int((length_s + gap_s) * SAMPLE_RATE)
        nth += 1
    return played


def _beep(pitches_hz: NDArray[np.float64], length_s: float, glide: float) -> Sound:
    n_samples = int(length_s * SAMPLE_RATE)
    seconds = timeline(n_samples)
    bent = seconds * (1 + np.float32(glide) * seconds)
    tone = np.sum([np.sin(np.float32(2 * np.pi * hz) * bent) for hz in pitches_hz], axis=0)
    return np.asarray(tone * _release(n_samples) * _release(n_samples)[::-1], np.float32)


def _chord(
    played: Sound, root: int, n_samples: int, voice: _Instrument, rng: np.random.Generator
) -> None:
    base = root + int(rng.choice((0, 5, 7, 9))) + 12
    for step in BARS[rng.integers(len(BARS))]:
        _add(played, voice.note(base + step, n_samples, rng))


def _drum(rng: np.random.Generator) -> Sound:
    """Return a kick, whose pitch falls, or a snare or cymbal, which is hiss."""
    seconds = timeline(SAMPLE_RATE // 4)
    if rng.random() < 0.5:
        kick = np.sin(2 * np.pi * (50 * seconds - 6 * np.exp(-seconds * 30)))
        return np.asarray(kick * np.exp(-seconds * 12), np.float32)
    hiss = np.diff(rng.standard_normal(len(seconds) + 1, dtype=np.float32))
    return np.asarray(hiss * np.exp(-seconds * log_uniform((10, 80), rng)), np.float32)


def _phase(hz: float, seconds: Sound, vibrato: float) -> Sound:
    """Return the phase of a tone that trembles 5 times a second, as singers' and strings' do."""
    turns = hz * (seconds + np.float32(vibrato / (2 * np.pi * 5)) * np.sin(10 * np.pi * seconds))
    return np.asarray(2 * np.pi * turns, np.float32)


def _release(n_samples: int) -> Sound:
    """Return an envelope that falls from 1 to 0 over the last 10 ms, so that nothing clicks."""
    left = np.arange(n_samples, 0, -1, dtype=np.float32)
    return np.minimum(left / 160, 1)


def _add(played: Sound, note: Sound) -> None:
    """Add a note at the start of a view of what is played, as much as fits."""
    n = min(len(played), len(note))
    played[:n] += note[:n]
