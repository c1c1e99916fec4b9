"""Noises as they are around a microphone, each made to a length and at a root mean square of 1."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.music import beeps, music
from tools.starter.augment.sound import (
    SAMPLE_RATE,
    Range,
    Sound,
    active_rms,
    log_uniform,
    random_contour,
    ratio,
    timeline,
    uniform,
)

Maker = Callable[[int, np.random.Generator], Sound]
"""Makes so many samples."""

CHUNK = 6 * SAMPLE_RATE  # a pool changes its colour, speed or key this often


def coloured(exponent: float) -> Maker:
    """Noise whose power falls with frequency to the `exponent`: 0 white, 1 pink, 2 brown."""

    def make(n_samples: int, rng: np.random.Generator) -> Sound:
        # Below 30 Hz a microphone hears nothing; brown noise would be all there.
        return _shaped(n_samples, lambda hz: np.maximum(hz, 30) ** (-exponent / 2), rng)

    return make


def fan(n_samples: int, rng: np.random.Generator) -> Sound:
    """Air that rushes, and the tone of the blades with its overtones."""
    corner = log_uniform((150, 800), rng)
    air = _shaped(n_samples, lambda hz: 1 / (1 + (hz / corner) ** 1.5), rng)
    blades = _overtones(n_samples, uniform((60, 400), rng), 6, 0.002, rng)
    return air + np.float32(uniform((0.0, 0.5), rng)) * _unit(blades)


def hum(n_samples: int, rng: np.random.Generator) -> Sound:
    """Mains at 50 or 60 Hz, with overtones as a rectifier makes them, and a little hiss."""
    tone = _overtones(n_samples, float(rng.choice((50.0, 60.0))), 20, 0.0002, rng)
    return _unit(tone) + np.float32(uniform((0.01, 0.1), rng)) * coloured(0.5)(n_samples, rng)


def traffic(n_samples: int, rng: np.random.Generator) -> Sound:
    """Rumble that swells and fades as cars pass, nearer ones with the hiss of tyres."""
    rumble = _shaped(n_samples, lambda hz: np.exp(-hz / 120) * np.maximum(hz, 30) ** -0.5, rng)
    tyres = _shaped(n_samples, lambda hz: np.exp(-(np.log(hz / 900 + 1e-3) ** 2)), rng)
    passing = np.exp(random_contour(n_samples, 2 * SAMPLE_RATE, 0.8, rng))
    return (rumble + np.float32(uniform((0.05, 0.5), rng)) * passing * tyres) * passing


def wind(n_samples: int, rng: np.random.Generator) -> Sound:
    """Wind or breath on the capsule: gusts, nearly all below 300 Hz."""
    corner = log_uniform((40, 200), rng)
    gusts = np.exp(random_contour(n_samples, SAMPLE_RATE // 5, 1.0, rng))
    return gusts * _shaped(n_samples, lambda hz: 1 / (1 + (hz / corner) ** 3), rng)


def typing(n_samples: int, rng: np.random.Generator) -> Sound:
    """Keys: a click as the key lands, a fainter one as it comes up, irregular and in spurts."""
    down = KEYS(n_samples, rng)
    late = int(uniform((0.04, 0.09), rng) * SAMPLE_RATE)
    up = np.roll(down, late) * np.float32(uniform((0.1, 0.5), rng))
    desk = _shaped(n_samples, lambda hz: 1 / (1 + (hz / 200) ** 2), rng)
    spurts = (random_contour(n_samples, SAMPLE_RATE, 1.0, rng) > -0.3).astype(np.float32)
    return (_unit(down + up) + np.float32(0.02) * desk) * spurts


def rustle(n_samples: int, rng: np.random.Generator) -> Sound:
    """Paper, clothes, a hand on the case: hiss in short uneven strokes."""
    corner = log_uniform((500, 3_000), rng)
    hiss = _shaped(n_samples, lambda hz: hz / corner * np.exp(-hz / corner), rng)
    strokes = np.exp(random_contour(n_samples, SAMPLE_RATE // 40, 1.0, rng))
    movements = np.maximum(random_contour(n_samples, SAMPLE_RATE // 3, 1.0, rng), 0)
    return hiss * strokes * movements


def babble_of(clips: list[Sound]) -> Maker:
    """Three to eight voices at once, as in a café, each at its own distance."""

    def make(n_samples: int, rng: np.random.Generator) -> Sound:
        together = np.zeros(n_samples, np.float32)
        for _ in range(rng.integers(3, 9)):
            together += uniform((0.4, 1.0), rng) * _talk(clips, n_samples, rng)
        return together

    return make


def _talk(clips: list[Sound], n_samples: int, rng: np.random.Generator) -> Sound:
    """Return clip after clip, as long as needed, from a random place on."""
    talk: list[Sound] = []
    skip = int(rng.integers(4 * SAMPLE_RATE))
    while sum(map(len, talk)) < n_samples + skip:
        clip = clips[rng.integers(len(clips))]
        pause = np.zeros(int(rng.integers(1_600, SAMPLE_RATE)), np.float32)
        talk += [clip * np.float32(0.1 / max(active_rms(clip), 1e-6)), pause]
    return np.concatenate(talk)[skip : skip + n_samples]


def make_noise(maker: Maker, n_samples: int, rng: np.random.Generator) -> Sound:
    """Return noise (n_samples,), whose active part has a root mean square of 1.

    Longer ones are made in pieces, each with its own colour, speed or key.
    """
    pieces = [_unit(maker(CHUNK, rng)) for _ in range(max(-(-n_samples // CHUNK), 1))]
    return np.concatenate(pieces)[:n_samples].astype(np.float32)


def _unit(pcm: Sound) -> Sound:
    return pcm * np.float32(1 / max(active_rms(pcm), 1e-9))


def _shaped(
    n_samples: int,
    amplitude: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    rng: np.random.Generator,
) -> Sound:
    """Return noise whose spectrum has the amplitude that is given for each frequency in Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(n_samples, dtype=np.float32))
    hz = np.arange(len(spectrum), dtype=np.float64) * (SAMPLE_RATE / n_samples)
    shaped = np.fft.irfft(spectrum * amplitude(hz).astype(np.float32), n_samples)
    return _unit(shaped.astype(np.float32))


def _overtones(
    n_samples: int, hz: float, n_tones: int, wander: float, rng: np.random.Generator
) -> Sound:
    """Return a tone with overtones of random heights, whose pitch wanders by a fraction."""
    pitch = hz * (1 + random_contour(n_samples, SAMPLE_RATE, wander, rng).astype(np.float64))
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    heights = rng.exponential(size=n_tones) / np.arange(1, n_tones + 1)
    tones = (
        height * np.sin(phase * k + rng.uniform(0, 2 * np.pi))
        for k, height in enumerate(heights, 1)
        if hz * k < SAMPLE_RATE / 2
    )
    return np.asarray(sum(tones), np.float32)


@dataclass(frozen=True, slots=True)
class _Bursts:
    """Things that hit each other: bursts that ring and die away, at random distances."""

    gaps_s: Range
    lengths_s: Range
    pitches_hz: Range
    spread_db: float

    def __call__(self, n_samples: int, rng: np.random.Generator) -> Sound:
        bursts = np.zeros(n_samples, np.float32)
        pitch, length = log_uniform(self.pitches_hz, rng), log_uniform(self.lengths_s, rng)
        start = 0
        while (start := start + int(log_uniform(self.gaps_s, rng) * SAMPLE_RATE)) < n_samples:
            height = np.float32(ratio(float(rng.normal(0, self.spread_db))))
            burst = height * _burst(pitch * uniform((0.8, 1.25), rng), length, rng)
            end = min(start + len(burst), n_samples)
            bursts[start:end] += burst[: end - start]
        return bursts


def _burst(hz: float, length_s: float, rng: np.random.Generator) -> Sound:
    """Return one burst: noise and a tone, dying away by a factor of e in `length_s`."""
    seconds = timeline(int(6 * length_s * SAMPLE_RATE) + 16)
    hiss = rng.standard_normal(len(seconds), dtype=np.float32)
    ring = np.sin(2 * np.pi * hz * seconds + rng.uniform(0, 2 * np.pi), dtype=np.float32)
    fall = np.exp(-seconds / np.float32(length_s))
    return np.asarray((hiss * uniform((0.2, 1.0), rng) + ring) * fall, np.float32)


# A mouse, a bad plug, plates and doors: single ones, some seconds apart or in a row.
CLICKS = _Bursts((0.05, 1.5), (0.0005, 0.03), (300, 6_000), 4.0)
KEYS = _Bursts((0.06, 0.3), (0.003, 0.015), (800, 5_000), 2.0)

NOISES: dict[str, Maker] = {
    "white": coloured(0),
    "pink": coloured(1),
    "brown": coloured(2),
    "fan": fan,
    "hum": hum,
    "traffic": traffic,
    "wind": wind,
    "clicks": CLICKS,
    "typing": typing,
    "rustle": rustle,
    "music": music,
    "beeps": beeps,
}
