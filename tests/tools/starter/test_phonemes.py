import numpy as np
import pytest

from tools.starter.voices.phonemes import word_times


def test_a_word_lasts_as_long_as_its_phonemes() -> None:
    # silence, h ə l O, a space, ð ɛ ɹ
    frames = np.array([4, 2, 1, 2, 3, 1, 2, 2, 4], np.float32)
    starts_s, ends_s = word_times("həlO ðɛɹ", frames)
    assert starts_s == pytest.approx([0.1, 0.325])
    assert ends_s == pytest.approx([0.3, 0.525])


def test_a_pause_belongs_to_its_mark() -> None:
    frames = np.array([1, 2, 2, 20, 1, 2, 2, 8], np.float32)
    starts_s, ends_s = word_times("hi, ju.", frames)
    assert starts_s == pytest.approx([0.025, 0.65])
    assert ends_s == pytest.approx([0.125, 0.75])


def test_a_mark_before_a_word_is_no_part_of_it() -> None:
    starts_s, ends_s = word_times('"hi"', np.array([1, 3, 2, 2, 3], np.float32))
    assert starts_s == pytest.approx([0.1])
    assert ends_s == pytest.approx([0.2])
