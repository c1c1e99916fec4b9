from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.starter.alignment import BLANK, align

N_CLASSES = 3


def likeliest_spans(log_probs: NDArray[np.float32], labels: list[int]) -> list[tuple[int, int]]:
    """Try every path: each frame's class, and the labels that this says."""
    best, spans = -np.inf, []
    for path in product(range(N_CLASSES), repeat=len(log_probs)):
        changes = [t for t, c in enumerate(path) if c != BLANK and (t == 0 or path[t - 1] != c)]
        score = sum(log_probs[t, c] for t, c in enumerate(path))
        if [path[t] for t in changes] == labels and score > best:
            best = score
            spans = [(t, _last(path, t)) for t in changes]
    return spans


def _last(path: tuple[int, ...], first: int) -> int:
    end = first
    while end + 1 < len(path) and path[end + 1] == path[first]:
        end += 1
    return end


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 6),
    st.lists(st.integers(1, N_CLASSES - 1), min_size=1, max_size=3),
)
def test_no_other_path_is_likelier(seed: int, n_frames: int, labels: list[int]) -> None:
    log_probs = np.random.default_rng(seed).normal(size=(n_frames, N_CLASSES)).astype(np.float32)
    expected = likeliest_spans(log_probs, labels)
    if not expected:
        with pytest.raises(ValueError, match="do not fit"):
            align(log_probs, labels)
    else:
        assert align(log_probs, labels).tolist() == [list(span) for span in expected]
