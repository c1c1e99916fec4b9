import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.audio.input.source import Pcm
from sotto.audio.resample import Resampler, mix_down

RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000]


def in_blocks(signal: Pcm, rate: int, sizes: list[int]) -> Pcm:
    resampler, blocks, at = Resampler(rate), [], 0
    for size in [*sizes, len(signal)]:
        blocks.append(resampler.push(signal[at : at + size, None]))
        at += size
    return np.concatenate([*blocks, resampler.flush()])


@given(rate=st.sampled_from(RATES), sizes=st.lists(st.integers(0, 900), max_size=40))
def test_the_size_of_the_blocks_makes_no_difference(rate: int, sizes: list[int]) -> None:
    signal = np.random.default_rng(0).uniform(-0.9, 0.9, 8_000).astype(np.float32)
    np.testing.assert_array_equal(in_blocks(signal, rate, sizes), in_blocks(signal, rate, []))


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_keeps_its_pitch_place_and_length(rate: int) -> None:
    seconds = np.arange(2 * rate) / rate
    tone = (0.5 * np.sin(2 * np.pi * 1_000 * seconds)).astype(np.float32)
    result = in_blocks(tone, rate, [160] * 50)
    assert abs(len(result) - 32_000) <= 1
    expected = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(len(result)) / 16_000)
    middle = slice(1_600, -1_600)  # the filter rings where the tone begins and ends
    np.testing.assert_allclose(result[middle], expected[middle], atol=1e-3)


def test_what_16_khz_cannot_hold_is_filtered_out() -> None:
    tone = (0.5 * np.sin(2 * np.pi * 11_000 * np.arange(96_000) / 48_000)).astype(np.float32)
    assert np.abs(in_blocks(tone, 48_000, [])[1_600:-1_600]).max() < 1e-4


def test_overshoot_stays_in_range() -> None:
    square = np.sign(np.sin(np.arange(48_000) * 0.05)).astype(np.float32)
    assert np.abs(in_blocks(square, 48_000, [])).max() <= 1.0


def test_channels_are_averaged() -> None:
    stereo = np.array([[0.5, -0.5], [1.0, 0.5]], np.float32)
    assert mix_down(stereo).tolist() == [0.0, 0.75]


def test_what_is_no_number_becomes_silence_or_full_scale() -> None:
    broken = np.array([[np.nan], [np.inf], [-np.inf], [0.25]], np.float32)
    assert Resampler(16_000).push(broken).tolist() == [0.0, 1.0, -1.0, 0.25]


def test_the_frames_given_are_left_alone() -> None:
    broken = np.array([[np.nan]], np.float32)
    Resampler(16_000).push(broken)
    assert np.isnan(broken).all()
