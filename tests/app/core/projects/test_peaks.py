"""A waveform's columns are the extremes of the samples themselves."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sotto.app.core.projects.peaks import BIN_S, FACTOR, Peaks
from sotto.audio.input.source import SAMPLE_RATE

BIN = round(BIN_S * SAMPLE_RATE)
HALF_A_STEP = 0.5 / 127 + 1e-6  # what 8 bits round away


@given(
    arrays(np.float32, st.integers(1, 40 * BIN), elements=st.floats(-1, 1, width=32)),
    st.integers(0, 30),
    st.integers(1, 40),
)
def test_each_column_is_the_extremes_of_its_samples(
    pcm: "np.ndarray[tuple[int], np.dtype[np.float32]]", first: int, n_columns: int
) -> None:
    columns = Peaks.of(pcm).columns(first * BIN_S, (first + n_columns) * BIN_S, n_columns)
    for number, (low, high) in enumerate(columns.tolist()):
        samples = pcm[(first + number) * BIN : (first + number + 1) * BIN]
        expected = (samples.min(), samples.max()) if len(samples) else (0.0, 0.0)
        assert abs(low - expected[0]) <= HALF_A_STEP
        assert abs(high - expected[1]) <= HALF_A_STEP


@given(st.integers(1, 3000), st.integers(1, 200), st.floats(-5, 40), st.floats(0.01, 60))
def test_coarse_columns_hold_every_peak_and_make_none(
    n_bins: int, n_columns: int, start_s: float, length_s: float
) -> None:
    bins = np.random.default_rng(n_bins).integers(-127, 128, (n_bins, 2)).astype(np.int8)
    bins.sort(axis=1)
    columns = Peaks(bins).columns(start_s, start_s + length_s, n_columns)
    width = length_s / n_columns / BIN_S
    for number, (low, high) in enumerate(columns.tolist()):
        first = start_s / BIN_S + number * width
        inner = bins[max(0, int(np.ceil(first))) : max(0, int(np.floor(first + width)))]
        if len(inner):
            assert low <= inner[:, 0].min() / 127 + 1e-6
            assert high >= inner[:, 1].max() / 127 - 1e-6
        wide = width * 2 + FACTOR * 2 + 1  # a column takes whole bins of its resolution
        around = bins[max(0, int(first - wide)) : max(0, int(first + width + wide))]
        if len(around) == 0:
            assert (low, high) == (0.0, 0.0)
        elif (low, high) != (0.0, 0.0):
            assert low >= around[:, 0].min() / 127 - 1e-6
            assert high <= around[:, 1].max() / 127 + 1e-6


def test_of_three_hours_a_drawing_reads_a_handful_of_bins_a_column() -> None:
    peaks = Peaks(np.zeros((1_080_000, 2), np.int8))
    assert [len(level) for level in peaks.levels][:3] == [1_080_000, 270_000, 67_500]
    read: list[int] = []
    levels = [_Counted(level, read) for level in peaks.levels]
    object.__setattr__(peaks, "levels", levels)
    for start_s, end_s in ((0.0, 10_800.0), (100.0, 1000.0), (5.0, 7.0)):
        read.clear()
        peaks.columns(start_s, end_s, 300)
        assert 0 < sum(read) <= 300 * (FACTOR + 2)


class _Counted:
    """Bins that note how many of them are read."""

    def __init__(self, bins: "np.ndarray[tuple[int, int], np.dtype[np.int8]]", read: list[int]):
        self._bins, self._read = bins, read

    def __len__(self) -> int:
        return len(self._bins)

    def __getitem__(
        self, index: "np.ndarray[tuple[int, int], np.dtype[np.int64]]"
    ) -> "np.ndarray[tuple[int, int], np.dtype[np.int8]]":
        self._read.append(index.size)
        return self._bins[index]
