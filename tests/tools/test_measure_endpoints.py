"""Rules for the wait in a pause, compared by pauses alone."""

import math

import pytest

from sotto.inference.decoding.result import WordTiming
from tools.measure_endpoints import Pause, Row, is_end

PAUSES = [
    Pause("a", 10.0, 0.5, "We go.", 0.9, ends_sentence=True),
    Pause("a", 20.0, 0.5, "We go. And", 0.5, ends_sentence=False),
    Pause("a", 30.0, 0.7, "We go. And then,", 0.5, ends_sentence=False),
    Pause("b", 30.0, math.inf, "We stay.", 0.9, ends_sentence=True),
]


def test_a_pause_that_lasts_as_long_as_the_wait_is_cut() -> None:
    row = Row.of("0.4 s", lambda _: 0.4, PAUSES)
    assert (row.cuts, row.new_cuts, row.kept) == (2.0, 1, 0)  # of a minute in two clips


def test_a_longer_wait_keeps_sentences_whole() -> None:
    row = Row.of("0.8 s", lambda _: 0.8, PAUSES)
    assert (row.cuts, row.new_cuts, row.kept) == (0.0, 0, 1)


def test_the_wait_that_counts_is_that_where_sentences_end() -> None:
    row = Row.of("by the text", lambda pause: 0.3 if pause.text == "We go." else 0.9, PAUSES)
    assert row.mean_s == pytest.approx(0.6)
    assert row.median_s == 0.3


@pytest.mark.parametrize(
    ("text", "at_s", "expected"),
    [
        ("we go", 1.0, True),
        ("We go and", 1.5, False),
        ("we stay", 1.0, None),
        ("we go", 30.0, None),  # said elsewhere
    ],
)
def test_the_text_of_the_file_tells_where_sentences_end(
    text: str, at_s: float, expected: bool | None
) -> None:
    words = [
        WordTiming(" We", (), 0.0, 0.5),
        WordTiming(" go.", (), 0.5, 1.0),
        WordTiming(" And", (), 1.0, 1.5),
    ]
    assert is_end(text, at_s, words) is expected
