import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.starter.conftest import tones
from tools.starter.augment import AugmentationSettings
from tools.starter.passages import HEARD_S, Passage
from tools.starter.voices.speech import SAMPLE_RATE

WORDS = ["one", "two", "three", "four", "five"]
PASSAGE = Passage.of(tones(*WORDS))


def is_loud(passage: Passage, word: int) -> bool:
    """Tell whether a word's tone is where the passage says that the word is."""
    middle_s = (passage.starts_s[word] + passage.ends_s[word]) / 2
    middle = round(middle_s * SAMPLE_RATE)
    return float(np.abs(passage.pcm[max(0, middle - 100) : middle + 100]).max()) > 0.3


@pytest.mark.parametrize("n", range(1, len(WORDS)))
def test_both_halves_of_a_split_know_where_their_words_are(n: int) -> None:
    head, tail = PASSAGE.split(n)
    assert head.words + tail.words == PASSAGE.words
    assert len(head.pcm) + len(tail.pcm) == len(PASSAGE.pcm)
    for half in (head, tail):
        assert all(is_loud(half, word) for word in range(len(half.words)))


@given(st.integers(1, len(WORDS) - 1), st.floats(0, 2))
def test_a_pause_moves_what_comes_behind_it(n: int, pause_s: float) -> None:
    head, tail = PASSAGE.split(n)
    joined = head.then(tail, pause_s)
    assert joined.words == PASSAGE.words
    assert joined.duration_s == pytest.approx(PASSAGE.duration_s + pause_s, abs=1e-3)
    assert all(is_loud(joined, word) for word in range(len(WORDS)))


@given(st.floats(0.01, PASSAGE.duration_s))
def test_a_window_that_ends_early_has_the_words_that_were_said_by_then(end_s: float) -> None:
    cut = PASSAGE.until(end_s)
    assert cut.words == tuple(
        word for word, e in zip(WORDS, PASSAGE.ends_s, strict=True) if e <= end_s + HEARD_S
    )
    assert cut.duration_s == pytest.approx(end_s, abs=1e-3)
    assert (cut.ends_s <= end_s).all()


@given(st.integers(0, 2**32))
def test_words_stay_where_they_are_said_when_time_is_bent(seed: int) -> None:
    bent = PASSAGE.warped(AugmentationSettings(), np.random.default_rng(seed))
    assert all(is_loud(bent, word) for word in range(len(WORDS)))
    assert bent.ends_s[-1] <= bent.duration_s + 1e-3
