"""Speech is told from what a microphone hears besides."""

import numpy as np
import pytest

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer
from sotto.audio.speech.segment_events import SpeechStarted
from sotto.audio.speech.speech_judge import SpeechJudge
from sotto.audio.speech.speech_spans import speech_spans
from tools.fixtures.clips import Clip, human_clips, language_clips
from tools.no_speech_sounds import SOUNDS

SECONDS = 20


def n_segments(pcm: Pcm) -> int:
    endpointer = Endpointer()
    events = [*endpointer.feed(pcm), *endpointer.flush()]
    return sum(isinstance(event, SpeechStarted) for event in events)


# Plucked strings sound a little like a voice: the model judges what is heard of them.
@pytest.mark.parametrize("name", sorted(SOUNDS.keys() - {"music"}))
def test_nobody_speaks(name: str) -> None:
    sound = SOUNDS[name](SECONDS * SAMPLE_RATE, np.random.default_rng(1))
    assert n_segments(sound) == 0


@pytest.mark.parametrize(
    "clip", [*human_clips()[::4], *language_clips()], ids=lambda clip: clip.name
)
@pytest.mark.parametrize("gain", [0.1, 1.0])
def test_everybody_who_speaks_is_heard_from_the_first_word_on(clip: Clip, gain: float) -> None:
    pcm = clip.pcm()
    loud = np.flatnonzero(np.abs(pcm) > 0.05 * np.max(np.abs(pcm)))[[0, -1]] / SAMPLE_RATE
    spans = speech_spans(gain * pcm)
    assert spans[0][0] <= loud[0]
    assert spans[-1][1] >= loud[1] - 0.2


def test_where_the_sound_is_cut_makes_no_difference() -> None:
    pcm = human_clips()[0].pcm()[: 5 * SAMPLE_RATE]
    answers = []
    for size in (160, 320, 512):
        judge = SpeechJudge()
        blocks = [pcm[at : at + size] for at in range(0, len(pcm) - size + 1, size)]
        heard = np.repeat([judge.is_speech(block, may_be_voiced=True) for block in blocks], size)
        answers.append(heard[: 4 * SAMPLE_RATE])
    # An answer holds for a chunk of 32 ms: it comes with the block in which the chunk ends.
    assert max(np.mean(answers[0] != other) for other in answers[1:]) < 0.02


def test_speech_is_heard_through_music() -> None:
    pcm = human_clips()[1].pcm()
    music = SOUNDS["music"](10 * SAMPLE_RATE, np.random.default_rng(1))
    at = 6 * SAMPLE_RATE
    music[at : at + len(pcm)] += pcm
    start, end = max(speech_spans(music), key=lambda span: span[1] - span[0])
    assert 5.0 < start < 6.2
    assert end >= 6 + len(pcm) / SAMPLE_RATE - 0.5
