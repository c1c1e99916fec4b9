"""Log-mel front-ends to compare: Sotto's, and what else this Python can import."""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from sotto.inference.dimensions import HOP_LENGTH, N_FFT, SAMPLE_RATE
from sotto.inference.features import DYNAMIC_RANGE, FLOOR, mel_filters, normalise
from sotto.inference.front_end import LogMel
from sotto.inference.interfaces import Array

N_MELS = 80
FrontEnd = Callable[[Array], object]
"""From pcm float32 (n_samples,), 16 kHz, to normalised log-mel, as Whisper takes it."""


def available() -> dict[str, Callable[[], FrontEnd]]:
    """Return by name how to make those whose library is installed."""
    makers: dict[str, tuple[str, Callable[[], FrontEnd]]] = {
        "sotto": ("max", lambda: LogMel(N_MELS)),
        "sotto, smoothed": ("max", lambda: LogMel(N_MELS, smoothing=True)),
        "numpy": ("numpy", lambda: with_numpy),
        "openai-whisper (torch)": ("whisper", with_torch),
        "librosa": ("librosa", with_librosa),
    }
    return {name: make for name, (library, make) in makers.items() if find_spec(library)}


def with_numpy(pcm: Array) -> Array:
    """Compute it as plainly as numpy allows."""
    window = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    padded = np.pad(pcm, N_FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH]
    power = np.abs(np.fft.rfft(frames[: len(pcm) // HOP_LENGTH] * window, axis=1)) ** 2
    return normalise(np.log10(np.maximum(power @ mel_filters(N_MELS).T, np.float32(FLOOR))))


def with_torch() -> FrontEnd:
    """Return openai-whisper's own."""
    import torch  # noqa: PLC0415  # a peer, not a dependency
    from whisper.audio import log_mel_spectrogram  # noqa: PLC0415

    return lambda pcm: log_mel_spectrogram(torch.from_numpy(pcm), N_MELS)


def with_librosa() -> FrontEnd:
    """Return the same of librosa's parts."""
    import librosa  # noqa: PLC0415  # a peer, not a dependency

    def run(pcm: Array) -> Array:
        mel = librosa.feature.melspectrogram(
            y=pcm, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=N_MELS
        )
        decibels = librosa.power_to_db(mel[:, :-1], amin=FLOOR, top_db=10 * DYNAMIC_RANGE)
        return np.asarray(decibels / 40 + 1, np.float32)

    return run
