"""librosa's log-mel as a front-end under comparison."""

import librosa
import numpy as np

from tools.peers.engine import HOP_LENGTH, SAMPLE_RATE, Run, Setup, cut


def load(setup: Setup) -> "Librosa":
    """Load nothing but the sound."""
    return Librosa(setup)


class Librosa:
    """The `log_mel` of an `Engine`, with openai-whisper's parameters."""

    def __init__(self, setup: Setup) -> None:
        self._n_mels = setup.n_mels
        self._pcm = setup.pcm()

    def log_mel(self, seconds: float) -> Run:
        pcm = cut(self._pcm, seconds)

        def run() -> None:
            power = librosa.feature.melspectrogram(
                y=pcm, sr=SAMPLE_RATE, n_fft=400, hop_length=HOP_LENGTH, n_mels=self._n_mels
            )
            log = np.log10(np.maximum(power, 1e-10))
            np.maximum(log, log.max() - 8.0, out=log)

        return run
