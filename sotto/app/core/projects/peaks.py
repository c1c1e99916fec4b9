"""The lowest and highest samples of a recording, at several resolutions, for its waveform."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Sound

BIN_S = 0.01
"""The finest that is drawn: a syllable has some twenty."""
FACTOR = 4
"""From one resolution to the next; so a drawing reads at most four times what it shows."""
_SAMPLES = round(SAMPLE_RATE * BIN_S)
_BINS_AT_ONCE = 10_000
_SCALE = 127.0  # whole numbers of 8 bits: more than a waveform has pixels

Bins = NDArray[np.int8]


@dataclass(frozen=True)
class Peaks:
    """`bins`: (n, 2), lowest and highest of each `BIN_S`, as -127 to 127."""

    bins: Bins

    @classmethod
    def of(cls, pcm: Sound) -> Self:
        """Measure a recording (n_samples,), 16 kHz, [-1, 1]."""
        n_bins = -(-len(pcm) // _SAMPLES)
        n_whole = len(pcm) // _SAMPLES
        bins = np.zeros((n_bins, 2), np.int8)
        for first in range(0, n_whole, _BINS_AT_ONCE):
            end = min(n_whole, first + _BINS_AT_ONCE)
            whole = pcm[first * _SAMPLES : end * _SAMPLES].reshape(-1, _SAMPLES)
            bins[first:end, 0] = _scaled(whole.min(axis=1))
            bins[first:end, 1] = _scaled(whole.max(axis=1))
        if n_bins > n_whole:
            rest = pcm[n_whole * _SAMPLES :]
            bins[-1] = _scaled(np.array([rest.min(), rest.max()]))
        return cls(bins)

    @property
    def duration_s(self) -> float:
        """How long the recording is, to within a bin."""
        return len(self.bins) * BIN_S

    @cached_property
    def levels(self) -> tuple[Bins, ...]:
        """The bins, then `FACTOR` of them in one, and so on to a single one."""
        levels = [self.bins]
        while len(levels[-1]) > 1:
            levels.append(_coarser(levels[-1]))
        return tuple(levels)

    def columns(self, start_s: float, end_s: float, n_columns: int) -> NDArray[np.float32]:
        """Return the lowest and highest of each column, (n_columns, 2), [-1, 1].

        Looks at no more than `FACTOR` + 1 bins a column. Columns outside of the recording are 0.
        """
        width_s = max((end_s - start_s) / n_columns, 1e-9)
        number = 0
        while number + 1 < len(self.levels) and BIN_S * FACTOR ** (number + 1) <= width_s:
            number += 1
        bins, bin_s = self.levels[number], BIN_S * FACTOR**number
        edges = (start_s + width_s * np.arange(n_columns + 1)) / bin_s
        first = np.floor(edges[:-1] + 1e-6).astype(np.int64)
        last = np.maximum(first, np.ceil(edges[1:] - 1e-6).astype(np.int64) - 1)
        return _reduced(bins, first, last)


def _reduced(bins: Bins, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the extremes of the bins from each `first` to its `last`."""
    result = np.zeros((len(first), 2), np.float32)
    inside = (last >= 0) & (first < len(bins))
    if not inside.any():
        return result
    width = int((last - first).max()) + 1
    index = np.minimum(first[inside, None] + np.arange(width), last[inside, None])
    looked_at = bins[np.clip(index, 0, len(bins) - 1)]
    result[inside, 0] = looked_at[..., 0].min(axis=1) / _SCALE
    result[inside, 1] = looked_at[..., 1].max(axis=1) / _SCALE
    return result


def _coarser(bins: Bins) -> Bins:
    n_left_over = -len(bins) % FACTOR
    padded = np.concatenate([bins, np.repeat(bins[-1:], n_left_over, axis=0)])
    grouped = padded.reshape(-1, FACTOR, 2)
    return np.stack([grouped[..., 0].min(axis=1), grouped[..., 1].max(axis=1)], axis=1)


def _scaled(samples: NDArray[np.float32]) -> Bins:
    scaled: Bins = np.clip(np.rint(samples * _SCALE), -_SCALE, _SCALE).astype(np.int8)
    return scaled
