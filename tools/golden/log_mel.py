"""Write `tests/golden/log_mel` with openai-whisper: its filters, and its log-mel of sounds.

Run from the root of the repository, in an environment with requirements.txt installed:
    python -m tools.golden.log_mel
"""

from pathlib import Path

import numpy as np
import torch
import whisper
from whisper.audio import log_mel_spectrogram

from tools.fixtures.log_mel_cases import FRAME_STEP, GOLDEN, cases


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    with np.load(Path(whisper.__file__).parent / "assets" / "mel_filters.npz") as filters:
        np.savez_compressed(GOLDEN / "mel_filters.npz", **filters)
    for n_mels in (80, 128):
        mels = {
            name: log_mel_spectrogram(torch.from_numpy(pcm), n_mels).numpy().T[::FRAME_STEP]
            for name, pcm in cases()
        }
        np.savez_compressed(GOLDEN / f"mel_{n_mels}.npz", **mels)


if __name__ == "__main__":
    main()
