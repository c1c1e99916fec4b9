"""Simulated rooms: impulse responses, and sounds played in them.

The first reflections are those of a box-shaped room (Allen & Berkley 1979, "Image method for
efficiently simulating small-room acoustics"); the tail is noise that decays exponentially, faster
at high frequencies, where air and furniture swallow more (Moorer 1979, "About this reverberation
business").
"""

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.settings import AugmentationSettings
from tools.starter.augment.sound import SAMPLE_RATE, Range, Sound, log_uniform, ratio, uniform

N_FFT = 32_768  # as dear per sample as any other, and the longest response fits in
LONGEST = N_FFT - 20_000  # 0.8 s; the rest is what one block advances
SPEED_OF_SOUND = 343.0  # metres a second
TAIL_BANDS_HZ = (0, 250, 500, 1_000, 2_000, 4_000, 8_001)
# How fast each band decays against the whole: rooms are driest at 4 kHz and above.
TAIL_RT60 = (1.15, 1.1, 1.0, 0.95, 0.8, 0.6)
# Seconds in which the tail sets in: at first, single reflections are all there is.
MIXING_S = 0.02


class Rooms:
    """A pool of rooms, and how a sound is played in one of them."""

    def __init__(
        self, n_rooms: int, settings: AugmentationSettings, rng: np.random.Generator
    ) -> None:
        responses = np.zeros((n_rooms, LONGEST), np.float32)
        for row in responses:
            response = room_response(settings.rt60_s, settings.direct_to_reverberant_db, rng)
            row[: len(response)] = response
        self._spectra = _spectra(responses)

    def __call__(self, pcm: Sound, rng: np.random.Generator) -> Sound:
        """Play a sound in a random room."""
        return _convolved(pcm, self._spectra[rng.integers(len(self._spectra))])


def in_room(pcm: Sound, response: Sound) -> Sound:
    """Return the sound as heard in the room; the same length, the direct path without delay."""
    return _convolved(pcm, _spectra(response))


def _convolved(pcm: Sound, spectrum: NDArray[np.complex64]) -> Sound:
    """Convolve by overlap-add; what rings on after the end is cut off."""
    advance = N_FFT - LONGEST
    n_blocks = max(-(-len(pcm) // advance), 1)
    blocks = np.zeros((n_blocks, advance), np.float32)
    blocks.ravel()[: len(pcm)] = pcm
    played = np.fft.irfft(_spectra(blocks) * spectrum, N_FFT, axis=1)
    heard = played[:, :advance].copy()
    heard[1:, :LONGEST] += played[:-1, advance:]
    return np.asarray(heard.ravel()[: len(pcm)], np.float32)


def _spectra(rows: Sound) -> NDArray[np.complex64]:
    return np.asarray(np.fft.rfft(rows, N_FFT), np.complex64)


def room_response(
    rt60_s: Range, direct_to_reverberant_db: Range, rng: np.random.Generator
) -> Sound:
    """Return the impulse response (n,) of a random room, which starts with the direct path, 1.

    Args:
        rt60_s: Seconds in which the tail falls by 60 dB.
        direct_to_reverberant_db: Energy of the direct path against all the rest.
        rng: Draws the room.
    """
    rt60 = log_uniform(rt60_s, rng)
    n = min(int(rt60 * SAMPLE_RATE), LONGEST)
    reflections = _early(n, rt60, rng) + _tail(n, rt60, rng)
    reflections[0] = 0
    energy = float(np.dot(reflections, reflections))
    wanted = ratio(-uniform(direct_to_reverberant_db, rng))
    response = reflections * (wanted / np.sqrt(max(energy, 1e-12)))
    response[0] = 1
    return np.asarray(response, np.float32)


def _early(n: int, rt60: float, rng: np.random.Generator) -> Sound:
    """Return the reflections of a box up to the second order, relative to the direct path."""
    size = rng.uniform((2.5, 2.0, 2.2), (8.0, 6.0, 3.5))  # metres
    speaker, microphone = size * rng.uniform(0.15, 0.85, 3), size * rng.uniform(0.15, 0.85, 3)
    order = np.stack(np.meshgrid(*[np.arange(-2, 3)] * 3, indexing="ij"), -1).reshape(-1, 3)
    images = np.where(order % 2, (order + 1) * size - speaker, order * size + speaker)
    distances = np.linalg.norm(images - microphone, axis=1)
    direct = distances[np.abs(order).sum(1) == 0][0]
    # Sabine's wall: what each bounce leaves so that the room decays in rt60.
    absorption = 0.161 * size.prod() / (rt60 * 2 * (size * np.roll(size, 1)).sum())
    wall = np.sqrt(max(1 - absorption, 0.05))
    heights = wall ** np.abs(order).sum(1) * direct / distances
    delays = ((distances - direct) / SPEED_OF_SOUND * SAMPLE_RATE).round().astype(int)
    early = np.zeros(n, np.float32)
    inside = (delays > 0) & (delays < n)
    np.add.at(early, delays[inside], heights[inside].astype(np.float32))
    return early


def _tail(n: int, rt60: float, rng: np.random.Generator) -> Sound:
    """Return decaying noise that sets in gradually, at about the height of the reflections."""
    spectrum = np.fft.rfft(rng.standard_normal(n, dtype=np.float32))
    hz = np.arange(len(spectrum)) * (SAMPLE_RATE / n)
    seconds = np.arange(n, dtype=np.float32) / SAMPLE_RATE
    tail = np.zeros(n, np.float32)
    for low, high, scale in zip(TAIL_BANDS_HZ, TAIL_BANDS_HZ[1:], TAIL_RT60, strict=False):
        band = np.fft.irfft(np.where((hz >= low) & (hz < high), spectrum, 0), n)
        tail += band * np.exp(-6.9 / (rt60 * scale) * seconds)
    loudness = log_uniform((0.03, 0.3), rng)
    return np.asarray(loudness * tail * np.minimum(seconds / MIXING_S, 1), np.float32)
