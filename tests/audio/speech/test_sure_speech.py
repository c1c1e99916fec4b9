import numpy as np
import pytest

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.speech_spans import speech_spans
from sotto.audio.speech.sure_speech import is_sure_speech
from tools.fixtures.clips import Clip, human_clips

CLIPS = human_clips()


@pytest.mark.parametrize("clip", CLIPS, ids=[clip.name for clip in CLIPS])
def test_people_are_sure_speech_in_noise_too(clip: Clip) -> None:
    pcm = clip.pcm()
    noise = np.random.default_rng(0).standard_normal(len(pcm)) * np.sqrt(np.mean(pcm**2) / 10**0.5)
    assert is_sure_speech(pcm)
    assert is_sure_speech((pcm + noise).astype(np.float32))


def tones() -> Pcm:
    """Chords that change twice a second and fade."""
    t = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    chords = ((220, 277, 330), (247, 311, 370), (196, 247, 294), (262, 330, 392))
    parts = [
        sum(np.sin(2 * np.pi * f * n * t) / n for f in chord for n in (1, 2, 3)) * np.exp(-3 * t)
        for chord in chords * 4
    ]
    return (0.05 * np.concatenate(parts)).astype(np.float32)


def test_tones_may_be_a_voice_and_are_not_sure_speech() -> None:
    assert not is_sure_speech(tones())


def test_silence_and_next_to_nothing_are_not() -> None:
    assert not is_sure_speech(np.zeros(SAMPLE_RATE, np.float32))
    assert not is_sure_speech(CLIPS[0].pcm()[:100])


def test_a_span_of_speech_is_sure() -> None:
    pcm = np.concatenate([np.zeros(SAMPLE_RATE, np.float32), CLIPS[0].pcm()])
    spans = speech_spans(pcm)
    assert spans
    assert all(
        is_sure_speech(pcm[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)])
        for start, end in spans
    )
