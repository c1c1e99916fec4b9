"""The positions of the encoder, which are the same in every Whisper model."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from sotto.inference.checkpoint.tensors import Array

ENCODER_POSITIONS = "encoder.positional_embedding"
LONGEST_WAVELENGTH = 10_000  # of the sinusoids, in positions, over 2 pi


@dataclass(frozen=True, slots=True)
class EncoderPositions:
    """The tensor for files that leave it out, computed when it is asked for."""

    shape: tuple[int, int]
    first: int = 0

    def rows(self, start: int, stop: int) -> Self:
        """See `Tensor`."""
        return type(self)((stop - start, self.shape[1]), self.first + start)

    def read(self) -> Array:
        """See `Tensor`."""
        return sinusoids(self.first + self.shape[0], self.shape[1])[self.first :]


def sinusoids(length: int, channels: int) -> Array:
    """Return the positions of the encoder, (length, channels); openai-whisper's `sinusoids`."""
    increment = np.log(LONGEST_WAVELENGTH) / (channels // 2 - 1)
    inverse_wavelengths = np.exp(
        np.float32(-increment) * np.arange(channels // 2, dtype=np.float32)
    )
    angles = np.arange(length, dtype=np.float32)[:, np.newaxis] * inverse_wavelengths
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
