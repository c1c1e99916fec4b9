"""Dynamic time warping, and from attention to word times."""

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sotto.inference.decoding.options import APPENDED, PREPENDED
from sotto.inference.decoding.result import WordTiming
from sotto.inference.decoding.timestamps.alignment import attention, median_filter
from sotto.inference.decoding.timestamps.dtw import dtw
from sotto.inference.decoding.timestamps.word_timestamps import merge_punctuation


def plain_dtw(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The textbook recurrence, cell by cell; openai-whisper's choice on ties: stay in the row."""
    n, m = cost.shape
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
            total[i, j] = cost[i - 1, j - 1] + best
    i, j, path = n, m, []
    while i > 0 or j > 0:
        path.append((i - 1, j - 1))
        i, j = (i, j - 1) if i == 0 else (i - 1, j) if j == 0 else came[i, j]
    return path[::-1]


@given(
    n=st.integers(1, 8),
    m=st.integers(1, 12),
    seed=st.integers(0, 2**32 - 1),
    levels=st.sampled_from([2, 1000]),
)
def test_dtw_takes_the_path_of_the_plain_recurrence(n: int, m: int, seed: int, levels: int) -> None:
    cost = np.random.default_rng(seed).integers(-levels, levels, (n, m)).astype(np.float64)
    rows, columns = dtw(cost)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == plain_dtw(cost)


def test_median_filter_mirrors_the_ends() -> None:
    values = np.array([[5, 1, 4, 2, 3]], np.float32)
    assert median_filter(values, 3).tolist() == [[1, 4, 2, 3, 2]]


def test_median_filter_leaves_short_values_alone() -> None:
    values = np.array([[3, 1, 2]], np.float32)
    assert median_filter(values, 7).tolist() == values.tolist()


def test_attention_of_one_position_is_flat() -> None:
    assert attention(np.ones((2, 3, 1), np.float32)).tolist() == [[0], [0], [0]]


def words(*texts: str) -> list[WordTiming]:
    return [WordTiming(text, (i,), i, i + 1, 1.0) for i, text in enumerate(texts)]


def test_many_heads_take_no_more_memory_than_one() -> None:
    scores = np.random.default_rng(0).normal(size=(40, 50, 100)).astype(np.float32)
    tracemalloc.start()
    attention(scores)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < scores.nbytes


def test_punctuation_joins_the_word_it_belongs_to() -> None:
    merged = merge_punctuation(words(' "', "Yes", ",", '"', " no", "."), PREPENDED, APPENDED)
    assert [word.word for word in merged] == ["", ' "Yes,"', "", "", " no.", ""]
    assert [word.tokens for word in merged] == [(), (0, 1, 2, 3), (), (), (4, 5), ()]
    assert (merged[1].start, merged[1].end) == (1, 2)
