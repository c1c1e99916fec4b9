"""The mel frames of a recording, computed piece by piece."""

import numpy as np
import pytest

from sotto.inference.decoding import mel_window
from sotto.inference.decoding.mel_window import spectrogram
from sotto.inference.features import normalise
from sotto.inference.interfaces import Array
from sotto.inference.model.whisper_model import WhisperModel


def noise(n_samples: int) -> Array:
    return np.random.default_rng(n_samples).uniform(-1, 1, n_samples).astype(np.float32)


@pytest.mark.parametrize("n_samples", [1, 159, 160, 1_600, 15_995, 16_000, 16_160, 23_456, 48_000])
@pytest.mark.parametrize("piece", [3, 100])
def test_pieces_are_what_the_whole_is(
    n_samples: int, piece: int, starter_model: WhisperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    pcm = noise(n_samples)
    whole = normalise(starter_model.log_mel(np.pad(pcm, (0, 800))))
    monkeypatch.setattr(mel_window, "_PIECE_FRAMES", piece)
    sound = spectrogram(starter_model, pcm)
    np.testing.assert_array_equal(sound.mel, whole[: n_samples // 160])
    np.testing.assert_array_equal(sound.silence, whole[-1])
