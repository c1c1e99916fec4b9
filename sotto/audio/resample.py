"""From any rate and any number of channels to 16 kHz mono."""

import numpy as np
import soxr
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Pcm


def mix_down(frames: NDArray[np.float32]) -> Pcm:
    """Average the channels of frames (n, n_channels) to samples (n,).

    What is not a number (float files may hold such values) becomes silence.
    """
    mono = frames[:, 0] if frames.shape[1] == 1 else frames.mean(axis=1, dtype=np.float32)
    return np.nan_to_num(mono, nan=0.0, posinf=1.0, neginf=-1.0)


class Resampler:
    """Converts a stream block by block; the result does not depend on the size of the blocks.

    Owned by the thread that reads the source.

    Args:
        rate: frames a second of the stream, in Hz.
    """

    def __init__(self, rate: int) -> None:
        # HQ is soxr's 20-bit quality: its aliasing is below what 16-bit sound can hold.
        self._stream = (
            None
            if rate == SAMPLE_RATE
            else soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
        )

    def push(self, frames: NDArray[np.float32]) -> Pcm:
        """Take frames (n, n_channels); return the samples that are ready.

        The filter holds back some milliseconds until more frames or `flush` come.
        """
        return self._resample(mix_down(frames), last=False)

    def flush(self) -> Pcm:
        """Return the samples held back. The stream is over."""
        return self._resample(np.zeros(0, np.float32), last=True)

    def _resample(self, mono: Pcm, *, last: bool) -> Pcm:
        if self._stream is not None:
            mono = self._stream.resample_chunk(mono, last=last)
        return np.clip(mono, -1.0, 1.0)  # a filter overshoots at full scale
