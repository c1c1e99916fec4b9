"""Live text of people's speech by tiny.en, and what windows of true length need by the box's."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.commit import begins_with
from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.utterance import Utterance
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tests.helpers.words import are_heard
from tools.fixtures.clips import Clip, human_clips, starter_clips
from tools.fixtures.official import Official
from tools.streaming_measures import normalised
from tools.word_error import word_errors

STEP = round(0.4 * SAMPLE_RATE)
JOHN_DASHWOOD = human_clips()[21]  # "and mister john dashwood had then leisure"
CLIP = human_clips()[16]  # LJ001-0017: a comma in the middle, and every word is heard


@cache
def pcm_of(clip: Clip) -> Pcm:
    return clip.pcm()


def text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


@pytest.fixture
def recogniser(official_model: Callable[[Official], WhisperModel]) -> WhisperRecogniser:
    return WhisperRecogniser(official_model("tiny.en"))


@pytest.fixture
def short_recogniser(starter_model: WhisperModel) -> WhisperRecogniser:
    """The model in the box: windows are as long as the sound."""
    return WhisperRecogniser(starter_model)


def whole(recogniser: WhisperRecogniser, pcm: Pcm) -> tuple[Word, ...]:
    recogniser.begin()
    recogniser.append(pcm)
    return recogniser.recognise((), final=True).words


def test_streaming_writes_what_was_said(recogniser: WhisperRecogniser) -> None:
    """Of 122 words the model mishears four, whole or live; committed words stay."""
    clips = human_clips()[1::3]
    n_equal, finals, wholes = 0, [], []
    for clip in clips:
        utterance = Utterance(recogniser)
        committed = ""
        pcm = pcm_of(clip)
        for at in range(0, len(pcm), STEP):
            utterance.append(pcm[at : at + STEP])
            partial = utterance.partial()
            assert partial.committed.startswith(committed)
            committed = partial.committed
        final = utterance.finish().whole
        assert "".join(normalised(final)).startswith("".join(normalised(committed)))
        at_once = text(whole(recogniser, pcm))
        n_equal += normalised(final) == normalised(at_once)
        finals.append((clip.text, final))
        wholes.append((clip.text, at_once))
    assert n_equal >= len(clips) - 2
    assert word_errors(finals).n_errors <= word_errors(wholes).n_errors + 1
    assert word_errors(wholes).rate < 0.04  # one word more than in windows of 30 s


def test_how_audio_is_cut_makes_no_difference(recogniser: WhisperRecogniser) -> None:
    pcm = pcm_of(CLIP)
    at_once = whole(recogniser, pcm)
    recogniser.begin()
    for at in range(0, len(pcm), 777):
        recogniser.append(pcm[at : at + 777])
    assert recogniser.recognise((), final=True).words == at_once


def test_words_are_timed_in_order_and_within_the_audio(recogniser: WhisperRecogniser) -> None:
    pcm = pcm_of(CLIP)
    words = whole(recogniser, pcm)
    starts = [word.start_s for word in words]
    assert starts == sorted(starts)
    assert all(word.start_s <= word.end_s for word in words)
    assert 0 <= words[0].start_s < 0.5
    assert len(pcm) / SAMPLE_RATE - 1.0 < words[-1].end_s <= len(pcm) / SAMPLE_RATE
    assert normalised(text(words)) == normalised(CLIP.text)
    assert len(words) == len(CLIP.text.split())


def test_text_goes_on_after_a_prefix(recogniser: WhisperRecogniser) -> None:
    words = whole(recogniser, pcm_of(CLIP))
    prefix = words[:5]
    hypothesis = recogniser.recognise(prefix, final=False)
    assert begins_with(hypothesis.words, prefix)
    assert normalised(text(hypothesis.words)) == normalised(text(words))


def test_the_end_is_heard_where_timestamps_leave_it_to_another_window(
    recogniser: WhisperRecogniser,
) -> None:
    first, second = human_clips()[4:6]  # the model puts two timestamps between them, and ends
    words = whole(recogniser, np.concatenate((pcm_of(first), pcm_of(second))))
    assert normalised(text(words))[-3:] == ["of", "fine", "typography"]


@pytest.mark.parametrize(
    ("terms", "heard"), [((), "Dashwood"), (("Anna Dashwod", "Köln"), "Dashwod")]
)
def test_a_name_is_spelled_as_it_is_expected(
    official_model: Callable[[Official], WhisperModel], terms: tuple[str, ...], heard: str
) -> None:
    settings = WhisperSettings(prompt="Glossary: Dashwod.", terms=terms)
    words = whole(WhisperRecogniser(official_model("tiny.en"), settings), pcm_of(JOHN_DASHWOOD))
    assert text(words).split()[3] == heard


def test_a_prefix_that_ends_inside_a_word_is_completed(recogniser: WhisperRecogniser) -> None:
    whole(recogniser, pcm_of(CLIP))
    prefix = (Word(" that the forms of printed let", 0.0, 1.2),)
    hypothesis = recogniser.recognise(prefix, final=False)
    assert hypothesis.words[1].text == "ters"
    assert text(hypothesis.words).startswith("that the forms of printed letters should")


def test_punctuation_belongs_to_the_word_before(recogniser: WhisperRecogniser) -> None:
    words = whole(recogniser, pcm_of(CLIP))
    assert " character," in [word.text for word in words]
    assert words[-1].text == " closely."


def test_after_a_trim_text_and_times_go_on(recogniser: WhisperRecogniser) -> None:
    words = whole(recogniser, pcm_of(CLIP))
    first = [word.text for word in words].index(" character,") + 1
    cut_s = (words[first - 1].end_s + words[first].start_s) / 2
    recogniser.trim(cut_s)
    hypothesis = recogniser.recognise(words[first : first + 1], final=True)
    assert are_heard(text(words[first:]), text(hypothesis.words))
    moved = [abs(a.end_s - b.end_s) for a, b in zip(hypothesis.words, words[first:], strict=True)]
    assert max(moved) < 0.1  # two or three positions of the encoder
    assert all(word.start_s >= cut_s for word in hypothesis.words[1:])


@pytest.mark.parametrize("seconds", [0.02, 0.2, 1.0, 3.0])
@pytest.mark.parametrize("final", [False, True])
def test_silence_is_no_speech(
    short_recogniser: WhisperRecogniser, seconds: float, final: bool
) -> None:
    short_recogniser.begin()
    short_recogniser.append(np.zeros(round(seconds * SAMPLE_RATE), np.float32))
    assert short_recogniser.recognise((), final=final).words == ()


def test_the_longest_window_is_heard(short_recogniser: WhisperRecogniser) -> None:
    """An utterance holds up to 25 s."""
    speech = np.concatenate([pcm_of(clip) for clip in starter_clips()[:8]])
    short_recogniser.begin()
    short_recogniser.append(speech[: 25 * SAMPLE_RATE])
    assert short_recogniser.recognise((), final=True).words


def test_speech_that_goes_on_without_a_pause_is_trimmed(recogniser: WhisperRecogniser) -> None:
    clips = human_clips()[:6]
    speech = np.concatenate([pcm_of(clip) for clip in clips])
    utterance = Utterance(recogniser)
    for at in range(0, len(speech), 4 * STEP):
        utterance.append(speech[at : at + 4 * STEP])
        utterance.partial()
    heard = utterance.finish().whole
    said = " ".join(clip.text for clip in clips)
    assert len(speech) / SAMPLE_RATE > 30
    assert word_errors([(said, heard)]).rate < 0.12
    assert normalised(heard)[-5:] == normalised(said)[-5:]
