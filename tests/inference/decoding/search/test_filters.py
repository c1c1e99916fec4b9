"""Which tokens the logit filters let through.

The expected sets are those of openai-whisper's filters on the same sequences (decoding.py).
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.decoding.search.filters import (
    BEGINNING_OF_TERM,
    REST_OF_TERM,
    ApplyTimestampRules,
    FavourTerms,
    ForbidRepeatedNgrams,
    PenaliseRepetition,
    SuppressBlank,
    SuppressTokens,
)
from sotto.inference.interfaces import Array

TEXT, EOT, SOT, NO_TIMESTAMPS, BEGIN = range(4), 4, 5, 6, 7
N_TIMESTAMPS = 10
N_VOCAB = BEGIN + N_TIMESTAMPS
TIMESTAMPS = range(BEGIN, N_VOCAB)


def flat() -> Array:
    """Logits at which no rule prefers timestamps: text far ahead of everything else."""
    logits = np.zeros(N_VOCAB, np.float32)
    logits[: EOT + 1] = 20.0
    return logits


def rules(max_initial_timestamp_index: int | None = None) -> ApplyTimestampRules:
    return ApplyTimestampRules(
        eot=EOT,
        no_timestamps=NO_TIMESTAMPS,
        timestamp_begin=BEGIN,
        max_initial_timestamp_index=max_initial_timestamp_index,
    )


def allowed(sampled: list[int], logits: Array | None = None, limit: int | None = None) -> set[int]:
    logits = flat() if logits is None else logits
    rules(limit).apply(logits, sampled)
    return set(np.flatnonzero(np.isfinite(logits)).tolist())


def timestamp(index: int) -> int:
    return BEGIN + index


@given(
    st.lists(st.integers(0, 3), max_size=12),
    st.integers(1, 4),
)
def test_no_ngram_comes_twice(sampled: list[int], size: int) -> None:
    logits = np.zeros(N_VOCAB, np.float32)
    ForbidRepeatedNgrams(size).apply(logits, sampled)
    grams = {tuple(sampled[at : at + size]) for at in range(len(sampled) - size + 1)}
    start = len(sampled) - size + 1
    for token in range(N_VOCAB):
        is_repeated = start >= 0 and (*sampled[start:], token) in grams
        assert np.isneginf(logits[token]) == is_repeated


def test_what_was_sampled_becomes_less_likely_once() -> None:
    logits = np.array([2.0, -2.0, 2.0, -2.0], np.float32)
    PenaliseRepetition(2.0).apply(logits, [0, 1, 0])
    assert logits.tolist() == [1.0, -4.0, 2.0, -2.0]


def test_blank_is_suppressed_at_the_beginning_only() -> None:
    blank = SuppressBlank([1, EOT])
    first, second = flat(), flat()
    blank.apply(first, [])
    blank.apply(second, [2])
    assert set(np.flatnonzero(np.isneginf(first))) == {1, EOT}
    assert np.isfinite(second).all()


@pytest.mark.parametrize(
    ("sampled", "following"),
    [
        ([], []),
        ([0], [1, 2]),  # of 0 1 3 and of 0 2
        ([3, 0, 1], [3]),
        ([0, 2], []),  # said in full
        ([1, 3], []),  # not from its beginning
    ],
)
def test_a_term_that_has_begun_is_favoured(sampled: list[int], following: list[int]) -> None:
    logits = np.zeros(N_VOCAB, np.float32)
    FavourTerms([(0, 1, 3), (0, 2), (3,)]).apply(logits, sampled)
    expected = {0: BEGINNING_OF_TERM, 3: BEGINNING_OF_TERM} | dict.fromkeys(following, REST_OF_TERM)
    assert {int(i): float(logits[i]) for i in np.flatnonzero(logits)} == expected


def test_what_is_forbidden_is_not_favoured() -> None:
    logits = flat()
    SuppressTokens([0, 1]).apply(logits, [])
    FavourTerms([(0, 1)]).apply(logits, [0])
    assert set(np.flatnonzero(np.isneginf(logits))) == {0, 1}


def test_tokens_are_suppressed_everywhere() -> None:
    suppress = SuppressTokens([0, SOT])
    for sampled in ([], [2], [2, 3]):
        logits = flat()
        suppress.apply(logits, sampled)
        assert set(np.flatnonzero(np.isneginf(logits))) == {0, SOT}


def test_text_begins_with_a_timestamp() -> None:
    assert allowed([]) == set(TIMESTAMPS)


def test_the_first_timestamp_may_not_be_late() -> None:
    assert allowed([], limit=2) == {timestamp(0), timestamp(1), timestamp(2)}


def test_after_the_first_timestamp_comes_text() -> None:
    assert allowed([timestamp(3)]) == {*TEXT, EOT, SOT}


def test_text_may_go_on_or_end_with_a_later_timestamp() -> None:
    assert allowed([timestamp(3), 1]) == {*TEXT, EOT, SOT, *range(timestamp(4), N_VOCAB)}


def test_a_closing_timestamp_is_followed_by_one_not_earlier_or_the_end() -> None:
    assert allowed([timestamp(3), 1, timestamp(5)]) == {
        EOT,
        SOT,
        NO_TIMESTAMPS + 1 + 5,
        *range(timestamp(5), N_VOCAB),
    }


def test_after_a_pair_comes_text() -> None:
    assert allowed([timestamp(3), 1, timestamp(5), timestamp(5)]) == {*TEXT, EOT, SOT}


def test_the_next_segment_may_not_be_empty() -> None:
    sampled = [timestamp(3), 1, timestamp(5), timestamp(5), 2]
    assert allowed(sampled) == {*TEXT, EOT, SOT, *range(timestamp(6), N_VOCAB)}


@pytest.mark.parametrize(("text", "is_timestamp_forced"), [(2.302, True), (2.303, False)])
def test_timestamps_win_when_together_they_are_likelier_than_any_text(
    text: float, is_timestamp_forced: bool
) -> None:
    logits = np.full(N_VOCAB, -30.0, np.float32)
    logits[BEGIN + 1 :] = 0.105361  # nine of them, together log(10) = 2.302585
    logits[1] = text
    remaining = allowed([timestamp(0), 2], logits)
    assert (1 not in remaining) == is_timestamp_forced


@given(st.lists(st.floats(-5, 5, width=32), min_size=N_VOCAB, max_size=N_VOCAB), st.data())
def test_timestamps_are_paired_and_never_go_back(logits: list[float], data: st.DataObject) -> None:
    sampled: list[int] = []
    for _ in range(12):
        filtered = np.array(logits, np.float32)
        SuppressTokens([SOT]).apply(filtered, sampled)
        rules(5).apply(filtered, sampled)
        choices = np.flatnonzero(np.isfinite(filtered)).tolist()
        token = data.draw(st.sampled_from(choices))
        if token == EOT:
            break
        sampled.append(token)
    times = [token for token in sampled if token >= BEGIN]
    assert sampled[0] in TIMESTAMPS
    assert times == sorted(times)
    assert SOT not in sampled
    assert NO_TIMESTAMPS not in sampled
    is_time = [token >= BEGIN for token in sampled]
    assert all(is_time[i : i + 3] != [True] * 3 for i in range(len(sampled)))
    assert all(is_time[i : i + 3] != [False, True, False] for i in range(len(sampled)))
