"""A sound as overlapping short spectra and back: where microphones and codecs do their work."""

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment.sound import SAMPLE_RATE, Sound

N_FFT = 512
N_BINS = N_FFT // 2 + 1
BIN_HZ = SAMPLE_RATE / N_FFT
OVERLAP = 128  # 8 ms; codecs overlap 2.5 to 20 ms, and the less, the fewer transforms
HOP = N_FFT - OVERLAP
_rise = np.sin(np.pi / 2 * (np.arange(OVERLAP, dtype=np.float32) + 0.5) / OVERLAP)
# Applied before and after; its square and that of the next frame add up to 1.
WINDOW: Sound = np.concatenate([_rise, np.ones(N_FFT - 2 * OVERLAP, np.float32), _rise[::-1]])

Spectra = NDArray[np.complex64]
"""(n_frames, n_bins)."""


def to_spectra(pcm: Sound) -> Spectra:
    """Return the spectra of frames HOP samples apart, the first of which begins OVERLAP early."""
    n_frames = -(-(len(pcm) + OVERLAP) // HOP)
    padded = np.zeros(n_frames * HOP + OVERLAP, np.float32)
    padded[OVERLAP : OVERLAP + len(pcm)] = pcm
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    return np.asarray(np.fft.rfft(frames * WINDOW, axis=1), np.complex64)


def to_sound(spectra: Spectra, n_samples: int) -> Sound:
    """Add the frames up again, (n_samples,)."""
    frames = np.fft.irfft(spectra, N_FFT, axis=1)
    frames *= WINDOW
    sound = frames[:, :HOP].copy()
    sound[1:, :OVERLAP] += frames[:-1, HOP:]
    return np.asarray(sound.ravel()[OVERLAP : OVERLAP + n_samples], np.float32)
