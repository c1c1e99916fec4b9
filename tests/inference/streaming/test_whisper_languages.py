"""Live text of several languages by base, and of English by tiny.en."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.decoding.search.decode import detect_language
from sotto.inference.interfaces import Audio, Model
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.utterance import Text, Utterance
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools.fixtures.clips import Clip, human_clips, language_clips, word_clips
from tools.fixtures.official import Official
from tools.streaming_measures import normalised

STEP = round(0.8 * SAMPLE_RATE)
ENGLISH = human_clips()[16]
CLIPS = {clip.name.rpartition("/")[2].removesuffix(".flac"): clip for clip in language_clips()}


@pytest.fixture
def base(official_model: Callable[[Official], WhisperModel]) -> WhisperModel:
    return official_model("base")


def texts(recogniser: WhisperRecogniser, clip: Clip) -> Iterator[Text]:
    """Yield what is live made of a clip, and last its final."""
    utterance = Utterance(recogniser)
    pcm = clip.pcm()
    for at in range(0, len(pcm), STEP):
        utterance.append(pcm[at : at + STEP])
        yield utterance.partial()
    yield utterance.finish()


def final(recogniser: WhisperRecogniser, clip: Clip) -> Text:
    return list(texts(recogniser, clip))[-1]


def test_speakers_of_several_languages_take_turns(base: WhisperModel) -> None:
    recogniser = WhisperRecogniser(base)
    session = [ENGLISH, CLIPS["de-0"], CLIPS["de-1"], CLIPS["fr-0"], ENGLISH, CLIPS["ja-1"]]
    heard = [final(recogniser, clip) for clip in session]
    assert [text.language for text in heard] == [clip.language for clip in session]
    assert "Bahnhof" in heard[1].whole
    assert "message" in heard[3].whole


def words_in(language: str) -> list[Clip]:
    return [clip for clip in word_clips() if clip.language == language]


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_words_said_alone_are_in_the_language_spoken(base: WhisperModel, language: str) -> None:
    words = words_in(language)
    alone = [final(WhisperRecogniser(base), clip).language for clip in words]
    assert language not in alone, "they show nothing if the model knows them anyway"
    recogniser = WhisperRecogniser(base, WhisperSettings(expected_language="en"))
    session = [ENGLISH, CLIPS[f"{language}-0"], *words]
    heard = [final(recogniser, clip).language for clip in session]
    assert heard == [clip.language for clip in session]


def test_silence_around_a_word_is_no_evidence(base: WhisperModel) -> None:
    recogniser = WhisperRecogniser(base)
    assert final(recogniser, CLIPS["fr-0"]).language == "fr"
    for clip in words_in("fr"):
        utterance = Utterance(recogniser)
        utterance.append(np.pad(clip.pcm(), (SAMPLE_RATE // 2, 2 * SAMPLE_RATE)))
        assert utterance.finish().language == "fr"


def test_partials_and_final_agree_once_the_language_is_clear(base: WhisperModel) -> None:
    *partials, last = texts(WhisperRecogniser(base), CLIPS["fr-0"])
    assert last.language == "fr"
    assert {text.language for text in partials[4:]} == {"fr"}


def test_the_model_is_not_asked_again_once_the_language_is_clear(
    base: WhisperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Audio] = []

    def ask(model: Model, audio: Audio) -> dict[str, float]:
        asked.append(audio)
        return detect_language(model, audio)

    monkeypatch.setattr("sotto.inference.streaming.whisper_recogniser.detect_language", ask)
    assert len(list(texts(WhisperRecogniser(base), CLIPS["fr-0"]))) > 6
    assert len(asked) <= 4


def test_a_language_that_is_set_is_never_asked_about(
    base: WhisperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("sotto.inference.streaming.whisper_recogniser.detect_language")
    text = final(WhisperRecogniser(base, WhisperSettings(language="fr")), CLIPS["fr-0"])
    assert text.language == "fr"
    assert "message" in text.whole


def test_a_language_that_is_not_allowed_is_not_heard(base: WhisperModel) -> None:
    settings = WhisperSettings(allowed_languages=("fr", "de"))
    assert final(WhisperRecogniser(base, settings), CLIPS["es-0"]).language in {"fr", "de"}


def test_translated_live_into_english(base: WhisperModel) -> None:
    settings = WhisperSettings(task="translate")
    text = final(WhisperRecogniser(base, settings), CLIPS["fr-0"])
    assert text.language == "fr"
    assert "send this message" in text.whole


def test_a_model_for_english_hears_english(
    official_model: Callable[[Official], WhisperModel],
) -> None:
    settings = WhisperSettings(language="de", task="translate")
    text = final(WhisperRecogniser(official_model("tiny.en"), settings), ENGLISH)
    assert text.language == "en"
    assert normalised(text.whole) == normalised(ENGLISH.text)


def test_silence_has_no_language(base: WhisperModel) -> None:
    recogniser = WhisperRecogniser(base)
    recogniser.begin()
    recogniser.append(np.zeros(100, np.float32))
    assert recogniser.recognise((), final=True).language == ""
