"""Inputs that the reference and the tests share, and how the reference's arrays are subsampled."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

GOLDEN = Path(__file__).parents[1] / "golden" / "model"
STARTER_CLIP = Path(__file__).parents[1] / "clips" / "starter" / "004.flac"

SHAPES = ("tiny.en", "base.en", "small.en")
SEED = 11  # of the weights
FRAMES = (20, 200, 500, 1000, 3000)  # 0.2 s to 30 s
DECODED_FRAMES = (200, 3000)
N_TOKENS = 40
SAMPLES = (16, 48)  # rows and columns that are kept


def random_mel(n_frames: int, n_mels: int) -> Array:
    """Return mel (n_frames, n_mels) of the range of normalised log-mel."""
    rng = np.random.default_rng([SEED, n_frames])
    return rng.uniform(-1, 1.5, (n_frames, n_mels)).astype(np.float32)


def random_tokens(n_vocab: int) -> NDArray[np.int64]:
    """Return a sequence of any tokens."""
    return np.random.default_rng(SEED).integers(0, n_vocab, N_TOKENS)


def upper_half(n_layer: int, n_head: int) -> list[tuple[int, int]]:
    """Return (layer, head) of the upper half of the layers, openai-whisper's alignment heads."""
    return [(layer, head) for layer in range(n_layer // 2, n_layer) for head in range(n_head)]


def some(array: Array) -> Array:
    """Return evenly spaced rows and columns of a matrix, the first and the last among them."""
    rows, columns = (
        np.linspace(0, size - 1, min(size, count)).round().astype(int)
        for size, count in zip(array.shape, SAMPLES, strict=True)
    )
    chosen: Array = array[np.ix_(rows, columns)]
    return chosen
