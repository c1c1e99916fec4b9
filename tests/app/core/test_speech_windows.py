from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.speech_windows import (
    BATCHED_WINDOW_S,
    MAX_BATCHED_PAUSE_S,
    MAX_PAUSE_S,
    PAD_S,
    Span,
    batched_windows,
    speech_windows,
)

lengths = st.lists(st.tuples(st.floats(0, 40), st.floats(0.1, 40)), max_size=20)


def spans_of(pauses_and_lengths: list[tuple[float, float]]) -> list[Span]:
    """Return spans, each some pause behind the one before."""
    spans, at = [], 0.0
    for pause_s, length_s in pauses_and_lengths:
        spans.append((at + pause_s, at + pause_s + length_s))
        at = spans[-1][1]
    return spans


def test_short_pauses_are_heard_along_and_long_ones_are_not() -> None:
    spans = [(1.0, 2.0), (4.0, 5.0), (5.5 + MAX_PAUSE_S, 12.0)]
    assert speech_windows(spans, 20.0) == [(1.0 - PAD_S, 5.0 + PAD_S), (10.5 - PAD_S, 12.0 + PAD_S)]


def test_a_window_ends_in_a_pause_before_it_is_too_long() -> None:
    spans = [(0.0, 20.0), (21.0, 28.0), (29.0, 32.0)]  # the last would be cut at 30 s
    assert speech_windows(spans, 40.0) == [(0.0, 28.0 + PAD_S), (29.0 - PAD_S, 32.0 + PAD_S)]


def test_silence_has_none() -> None:
    assert speech_windows([], 20.0) == []


@given(lengths)
def test_all_speech_is_in_them_and_little_else(parts: list[tuple[float, float]]) -> None:
    spans = spans_of(parts)
    length_s = spans[-1][1] if spans else 1.0
    windows = speech_windows(spans, length_s)
    points = [point for window in windows for point in window]
    assert points == sorted(points)
    assert all(0 <= point <= length_s for point in points)
    for start, end in spans:
        assert any(first <= start and end <= last for first, last in windows)
    for first, last in windows:
        inside = [span for span in spans if first <= span[0] <= last]
        spoken = sum(end - start for start, end in inside)
        n_pauses = len(inside) - 1
        assert last - first <= spoken + 2 * PAD_S + n_pauses * (MAX_PAUSE_S + 2 * PAD_S) + 1e-6


def test_batched_windows_end_in_the_middle_of_pauses() -> None:
    spans = [(1.0, 15.0), (15.2, 25.0), (30.0, 31.0)]
    assert batched_windows(spans, 40.0) == [
        (1.0 - PAD_S, 15.1),
        (15.1, 25.0 + PAD_S),
        (30.0 - PAD_S, 31.0 + PAD_S),
    ]


@given(lengths)
def test_batched_windows_hold_all_speech_once(parts: list[tuple[float, float]]) -> None:
    spans = spans_of(parts)
    length_s = spans[-1][1] if spans else 1.0
    windows = batched_windows(spans, length_s)
    points = [point for window in windows for point in window]
    assert points == sorted(points)
    assert all(0 <= point <= length_s for point in points)
    for start, end in spans:
        assert any(first <= start and end <= last for first, last in windows)
    for first, last in windows:
        inside = [span for span in spans if first <= span[0] < last]
        assert len(inside) == 1 or last - first <= BATCHED_WINDOW_S
        for (_, end), (start, _) in pairwise(inside):
            assert start - end <= MAX_BATCHED_PAUSE_S + 2 * PAD_S + 1e-6
