"""From attention to when tokens begin, plainly: what the kernel computes, to test it."""

import numpy as np
from numpy.typing import NDArray

from sotto.inference.interfaces import Array

MEDIAN_WIDTH = 7


def plain_looks(scores: Array) -> NDArray[np.float64]:
    """Return where tokens look, (n_tokens, n_positions), by openai-whisper's `find_alignment`."""
    exponentials = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
    deviation = weights.std(axis=-2, keepdims=True)
    off = weights - weights.mean(axis=-2, keepdims=True)
    normalised = np.divide(off, deviation, out=np.zeros_like(off), where=deviation > 0)
    looks: NDArray[np.float64] = plain_medians(normalised).mean(axis=0)
    return looks


def plain_medians(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return running medians over the last axis; what is as short as half of them as it is."""
    half = MEDIAN_WIDTH // 2
    if values.shape[-1] <= half:
        return values
    padded = np.pad(values, [(0, 0), (0, 0), (half, half)], mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, MEDIAN_WIDTH, axis=-1)
    medians: NDArray[np.float64] = np.median(windows, axis=-1)
    return medians


def plain_starts(looks: Array) -> list[int]:
    """Return the column at which the way of most looks enters each row, by openai-whisper's DTW.

    The textbook recurrence, cell by cell; openai-whisper's choice on ties: stay in the row.
    """
    n, m = looks.shape
    total = np.full((n + 1, m + 1), np.inf, np.float32)
    total[0, 0] = 0
    came = {}
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            diagonal, up, left = total[i - 1, j - 1], total[i - 1, j], total[i, j - 1]
            if diagonal < up and diagonal < left:
                came[i, j], best = (i - 1, j - 1), diagonal
            elif up < diagonal and up < left:
                came[i, j], best = (i - 1, j), up
            else:
                came[i, j], best = (i, j - 1), left
            total[i, j] = best - looks[i - 1, j - 1]
    i, j, starts = n, m, {}
    while i > 0 and j > 0:
        starts[i] = j - 1
        i, j = came[i, j]
    return [starts[row] for row in range(1, n + 1)]
