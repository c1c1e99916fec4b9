"""The 3 x 3 mean by definition, against which the kernel is tested."""

import numpy as np
from numpy.typing import NDArray

from sotto.inference.interfaces import Array


def smoothed(rows: Array | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each value's 3 x 3 neighbourhood, what lies outside not counted."""
    surrounded = np.pad(rows.astype(np.float64), 1, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(surrounded, (3, 3))
    means: NDArray[np.float64] = np.nanmean(windows, axis=(2, 3))
    return means
