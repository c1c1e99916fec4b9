"""The same flags, the same tokens: what openai-whisper and faster-whisper make of recordings.

On OpenAI's weights in float32, without leaving silence out; tools/golden/transcribing.py ran them.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sotto.app.cli import flags
from sotto.app.cli.transcribing.transcribe_options import hearing_of, options_of
from sotto.app.core.transcription import transcribe_recording
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.decoding import Segment, Transcription
from sotto.inference.languages import to_language_code
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.clips import SAMPLE_RATE, Clip
from tools.fixtures.official import Official, official

GOLDEN = Path(__file__).parents[2] / "golden" / "transcribing.json"
MAX_WORD_SHIFT_S = 0.02 + 1e-9


@dataclass(frozen=True, slots=True)
class Record:
    """What a program made of clips, `pause_s` of silence behind each, with these flags."""

    program: str
    model: Official
    clips: list[str]
    pause_s: float
    flags: list[str]
    language: str
    segments: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.program}-{self.model}-{'+'.join(self.clips[:2])} {' '.join(self.flags)}"

    def pcm(self) -> NDArray[np.float32]:
        pause = np.zeros(round(SAMPLE_RATE * self.pause_s), np.float32)
        parts = [part for name in self.clips for part in (Clip(name, "").pcm(), pause)]
        return np.concatenate(parts)


RECORDS = [Record(**row) for row in json.loads(GOLDEN.read_text(encoding="utf-8"))]


@cache
def float_model(name: Official) -> WhisperModel:
    return WhisperModel.load(load_checkpoint(official(name)))


@cache
def transcribed(number: int) -> Transcription:
    """Return what Sotto makes of the recording of a record, with its flags."""
    record = RECORDS[number]
    given = list(record.flags)
    if "--multilingual" in given:
        # Text in another language prompts nothing here; faster-whisper has to be told.
        at = given.index("--condition_on_previous_text")
        del given[at : at + 2]
    arguments = flags.parse(["transcribe", "joined.wav", "--vad", "off", *given])
    return transcribe_recording(
        float_model(record.model),
        record.pcm(),
        options_of(arguments),
        only_speech=arguments.vad,
        hearing=hearing_of(arguments),
    )


@pytest.mark.parametrize("number", range(len(RECORDS)), ids=[str(record) for record in RECORDS])
def test_the_same_flags_give_the_same_tokens(number: int) -> None:
    record, result = RECORDS[number], transcribed(number)
    length_s = len(record.pcm()) / SAMPLE_RATE
    assert result.language == to_language_code(record.language)  # “German”, where given so
    expected = [segment["tokens"] for segment in record.segments]
    assert [list(segment.tokens) for segment in result.segments] == expected
    for segment, golden in zip(result.segments, record.segments, strict=True):
        end = min(golden["end"], length_s)  # they have ends behind the recording's
        assert segment.end == pytest.approx(end, abs=MAX_WORD_SHIFT_S)
        if "words" in golden:
            assert_words_are_within_20_ms(segment, golden["words"])


def test_languages_of_windows_are_told() -> None:
    (number,) = (n for n, record in enumerate(RECORDS) if "--multilingual" in record.flags)
    result = transcribed(number)
    languages = {segment.seek: segment.as_dict()["language"] for segment in result.segments}
    assert list(languages.values()) == ["en", "de", "fr"]


def assert_words_are_within_20_ms(segment: Segment, golden: list[tuple[str, float, float]]) -> None:
    words = segment.words or ()
    assert [word.word for word in words] == [text for text, _, _ in golden]
    for word, (_, start, end) in zip(words, golden, strict=True):
        assert (word.start, word.end) == pytest.approx((start, end), abs=MAX_WORD_SHIFT_S)


def test_enough_words_of_people_are_timed() -> None:
    n_words = sum(len(s.get("words", ())) for record in RECORDS for s in record.segments)
    assert n_words >= 100
