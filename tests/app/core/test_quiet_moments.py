import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.quiet_moments import MOMENT_S, cut_where_quiet
from sotto.audio.input.source import SAMPLE_RATE

NOISE = np.random.default_rng(0).normal(scale=0.1, size=60 * SAMPLE_RATE).astype(np.float32)


def test_speech_is_cut_in_the_middle_of_its_quietest_moment() -> None:
    pcm = NOISE.copy()
    for at_s in (3.0, 14.0, 27.0):
        pcm[round(at_s * SAMPLE_RATE) : round((at_s + 0.2) * SAMPLE_RATE)] *= 0.1
    (_, first), (second, last) = cut_where_quiet(pcm, [(0.5, 30.0)], 20.0)
    assert first == second
    assert abs(first - 14.1) <= 0.1 - MOMENT_S / 2 + 1e-6
    assert last == 30.0


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 25)), max_size=3), st.floats(2, 20))
def test_all_is_kept_in_parts_that_are_short_enough(
    pauses_and_lengths: list[tuple[float, float]], longest_s: float
) -> None:
    spans, at = list[tuple[float, float]](), 0.0
    for pause_s, length_s in pauses_and_lengths:
        start = at + pause_s
        at = min(start + length_s, 59.0)
        if at > start:
            spans.append((start, at))
    parts = cut_where_quiet(NOISE, spans, longest_s)
    assert all(0 < end - start <= longest_s + 1e-9 for start, end in parts)
    kept_s, spoken_s = (sum(end - start for start, end in each) for each in (parts, spans))
    assert np.isclose(kept_s, spoken_s)
    points = [point for part in parts for point in part]
    assert points == sorted(points)
