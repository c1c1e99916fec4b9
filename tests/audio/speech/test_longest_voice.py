from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.longest_voice import LongestVoice
from tests.helpers.examples import examples
from tools.fixtures.clips import Clip, human_clips

CLIPS = human_clips()
ENOUGH_S = 0.25


def longest(pcm: Pcm, enough_s: float = ENOUGH_S) -> float:
    voice = LongestVoice(enough_s)
    voice.append(pcm)
    return voice.seconds


@pytest.mark.parametrize("clip", CLIPS, ids=[clip.name for clip in CLIPS])
def test_people_speak_long_enough_in_noise_too(clip: Clip) -> None:
    pcm = clip.pcm()
    noise = np.random.default_rng(0).standard_normal(len(pcm)) * np.sqrt(np.mean(pcm**2) / 10**0.5)
    assert longest(pcm) >= ENOUGH_S
    assert longest((pcm + noise).astype(np.float32)) >= ENOUGH_S


def test_a_second_of_speech_is_measured_and_no_more_than_is_enough() -> None:
    pcm = CLIPS[0].pcm()
    assert 0.5 < longest(pcm, 60.0) < len(pcm) / SAMPLE_RATE
    assert longest(pcm) == pytest.approx(ENOUGH_S, abs=0.016)


def test_breaks_part_what_is_heard() -> None:
    """Syllables of 0.1 s are no voice of 0.25 s, however many there are."""
    pcm = CLIPS[0].pcm()[SAMPLE_RATE : SAMPLE_RATE + SAMPLE_RATE // 10]
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    assert longest(np.concatenate([pcm, silence] * 8)) < ENOUGH_S


@pytest.mark.parametrize("loudness", [0.0, 0.01, 0.3])
def test_noise_is_none(loudness: float) -> None:
    noise = np.random.default_rng(0).normal(scale=loudness, size=5 * SAMPLE_RATE)
    assert longest(noise.astype(np.float32)) == 0


def test_begin_forgets_what_was_heard() -> None:
    voice = LongestVoice(ENOUGH_S)
    voice.append(CLIPS[0].pcm())
    voice.begin()
    assert voice.seconds == 0
    voice.append(CLIPS[0].pcm())
    assert voice.seconds >= ENOUGH_S


@given(st.lists(st.integers(0, 4000), max_size=20))
@settings(max_examples=examples(30), deadline=None)
def test_blocks_of_any_size_give_the_same(sizes: Sequence[int]) -> None:
    pcm = CLIPS[0].pcm()[: 2 * SAMPLE_RATE]
    voice, at = LongestVoice(60.0), 0
    for size in [*sizes, len(pcm)]:
        voice.append(pcm[at : at + size])
        at += size
    assert voice.seconds == longest(pcm, 60.0)
