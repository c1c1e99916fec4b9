"""Sounds in which nobody speaks, made with a fixed seed: what a microphone hears all day."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from tools.listening_conditions import pink_noise

Rng = np.random.Generator
Samples = NDArray[np.floating]
Make = Callable[[int, Rng], Pcm]
"""Takes a number of samples and gives so many, 16 kHz, [-1, 1]."""

BREATH_S = 3.5  # of somebody at rest
KEYS_PER_S = 5.0
CLICKS_PER_S = 0.7
CHORDS = ((220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6))  # Hz
CHORD_S = 1.5


def digital_silence(n_samples: int, _: Rng) -> Pcm:
    """Nothing at all: a muted microphone."""
    return np.zeros(n_samples, np.float32)


def room_tone(n_samples: int, rng: Rng) -> Pcm:
    """The noise of a quiet room and of a microphone's own amplifier."""
    return 10 ** (-60 / 20) * pink_noise(n_samples, rng)


def fan(n_samples: int, rng: Rng) -> Pcm:
    """A fan near by, that swells with its turns."""
    swell = 1 + 0.3 * np.sin(2 * np.pi * 1.7 * _times(n_samples))
    return _float(10 ** (-35 / 20) * swell * pink_noise(n_samples, rng))


def hum(n_samples: int, rng: Rng) -> Pcm:
    """Mains hum with its overtones."""
    t = _times(n_samples)
    tones = sum(np.sin(2 * np.pi * 50 * n * t) / n for n in (1, 2, 3, 5, 7))
    return _float(0.03 * tones) + room_tone(n_samples, rng)


def typing(n_samples: int, rng: Rng) -> Pcm:
    """Keys struck at a typist's pace, with pauses for thought."""
    return _struck(n_samples, rng, KEYS_PER_S, decay_s=0.012, level=0.15)


def clicks(n_samples: int, rng: Rng) -> Pcm:
    """A mouse, a switch, a cup put down."""
    return _struck(n_samples, rng, CLICKS_PER_S, decay_s=0.03, level=0.4)


def breath(n_samples: int, rng: Rng) -> Pcm:
    """Somebody breathing into the microphone."""
    phase = (_times(n_samples) % BREATH_S) / BREATH_S
    inward = np.clip(np.sin(2 * np.pi * phase), 0, None)
    outward = np.clip(np.sin(2 * np.pi * (phase - 0.55)), 0, None) * 1.5
    noise = _band(pink_noise(n_samples, rng), 300, 3000)
    return _float(10 ** (-32 / 20) * (inward + outward) * noise) + room_tone(n_samples, rng)


def music(n_samples: int, rng: Rng) -> Pcm:
    """Chords of plucked strings, without a voice."""
    t = _times(n_samples)
    sound = np.zeros(n_samples)
    for index, begin in enumerate(np.arange(0, n_samples / SAMPLE_RATE, CHORD_S)):
        since = np.clip(t - begin, 0, None)
        envelope = (since > 0) * (since < 2 * CHORD_S) * np.exp(-2.0 * since)
        for tone in CHORDS[index % len(CHORDS)]:
            for n in (1, 2, 3, 4):
                detuned = n * tone * (1 + 0.001 * rng.normal())
                sound += envelope * np.sin(2 * np.pi * detuned * since) / n**1.5
    return _float(0.05 * sound) + room_tone(n_samples, rng)


def beeps(n_samples: int, rng: Rng) -> Pcm:
    """A machine that calls for attention."""
    t = _times(n_samples)
    tone = np.sin(2 * np.pi * 1000 * t) * ((t % 2.0) < 0.3)
    return _float(0.1 * tone) + room_tone(n_samples, rng)


def traffic(n_samples: int, rng: Rng) -> Pcm:
    """Cars that pass behind a window."""
    passing = 0.5 + 0.5 * np.sin(2 * np.pi * _times(n_samples) / 7.0)
    return _float(10 ** (-35 / 20) * passing * _band(pink_noise(n_samples, rng), 40, 400))


def babble(n_samples: int, rng: Rng, voices: tuple[Pcm, ...]) -> Pcm:
    """Many people far away, of whom no word can be understood: each voice played backwards."""
    sum_of_voices = np.zeros(n_samples)
    for voice in voices:
        backwards = np.resize(voice[::-1], n_samples)
        sum_of_voices += np.roll(backwards, int(rng.integers(n_samples)))
    crowd = _band(sum_of_voices, 150, 2500)
    return _float(10 ** (-45 / 20) * crowd / np.sqrt(np.mean(crowd**2))) + room_tone(n_samples, rng)


SOUNDS: dict[str, Make] = {
    "digital silence": digital_silence,
    "room tone": room_tone,
    "fan": fan,
    "hum": hum,
    "typing": typing,
    "clicks": clicks,
    "breath": breath,
    "music": music,
    "beeps": beeps,
    "traffic": traffic,
}


def with_voices(voices: tuple[Pcm, ...]) -> dict[str, Make]:
    """Return all sounds, with a crowd of these voices far away among them."""
    return SOUNDS | {"babble": partial(babble, voices=voices)}


def _struck(n_samples: int, rng: Rng, rate: float, *, decay_s: float, level: float) -> Pcm:
    """Return short bursts of noise at random times, each of its own loudness and colour."""
    sound = room_tone(n_samples, rng).astype(np.float64)
    n_burst = round(5 * decay_s * SAMPLE_RATE)
    decay = np.exp(-np.arange(n_burst) / (decay_s * SAMPLE_RATE))
    n_bursts = rng.poisson(rate * n_samples / SAMPLE_RATE)
    for start in rng.integers(0, max(1, n_samples - n_burst), n_bursts):
        low = rng.uniform(300, 1500)
        burst = _band(rng.normal(size=n_burst), low, 4 * low) * decay
        sound[start : start + n_burst] += level * rng.uniform(0.2, 1) * burst
    return _float(np.clip(sound, -1, 1))


def _band(noise: Samples, low_hz: float, high_hz: float) -> Samples:
    """Return what lies between two frequencies."""
    spectrum = np.fft.rfft(noise)
    hz = np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    return np.fft.irfft(spectrum, len(noise))


def _times(n_samples: int) -> Samples:
    return np.arange(n_samples) / SAMPLE_RATE


def _float(sound: Samples) -> Pcm:
    return sound.astype(np.float32)
