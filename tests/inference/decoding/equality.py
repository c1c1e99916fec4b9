"""Comparing decoding with openai-whisper's results."""

from typing import Any

import pytest

from sotto.inference.decoding import (
    DecodingOptions,
    DecodingResult,
    TranscribeOptions,
    decode,
    encode_window,
    transcribe,
)
from sotto.inference.interfaces import Model
from tests.inference.decoding.golden import Record

MAX_WORD_SHIFT_S = 0.02 + 1e-9  # one encoder position: rounding may decide between two


def assert_window_equals(model: Model, record: Record) -> None:
    """Decode a clip and hold every field to the record: tokens exactly, probabilities closely."""
    audio = encode_window(model, record.pcm())
    result = decode(model, audio, window_options(model, record.options))
    expected = record.result
    assert list(result.tokens) == expected["tokens"]
    assert result.text == expected["text"]
    assert result.language == expected["language"]
    assert result.temperature == expected["temperature"]
    assert result.compression_ratio == expected["compression_ratio"]
    assert result.avg_logprob == pytest.approx(expected["avg_logprob"], abs=1e-3)
    assert result.no_speech_prob == pytest.approx(expected["no_speech_prob"], abs=1e-3)
    _assert_language_probs(result, expected["language_probs"])


def window_options(model: Model, options: dict[str, Any]) -> DecodingOptions:
    """Turn openai-whisper's options, in which prompt and prefix may be text, into ours."""
    encode = model.checkpoint.tokenizer.encode
    tokens: dict[str, Any] = {
        key: tuple(encode(" " + options[key].strip()))
        for key in ("prompt", "prefix")
        if key in options
    }
    return DecodingOptions(**_tuples(options) | tokens)


def _assert_language_probs(result: DecodingResult, expected: dict[str, float] | None) -> None:
    if expected is None:
        assert result.language_probs is None
    else:
        assert result.language_probs is not None
        assert expected.keys() <= result.language_probs.keys()
        for code, probability in result.language_probs.items():
            # The others are not written down.
            assert probability == pytest.approx(expected.get(code, 0.0), abs=1e-3), code


def assert_recording_equals(model: Model, record: Record) -> None:
    """Transcribe clips and hold all segments and words to the record."""
    options = TranscribeOptions(temperatures=(0.0,), **_tuples(record.options))
    result = transcribe(model, record.joined_pcm(), options).as_dict()
    expected = record.result
    assert result["text"] == expected["text"]
    assert result["language"] == expected["language"]
    assert [s["tokens"] for s in result["segments"]] == [s["tokens"] for s in expected["segments"]]
    timestamp_begin = model.checkpoint.tokenizer.timestamp_begin
    for segment, expected_segment in zip(result["segments"], expected["segments"], strict=True):
        start = _start(expected_segment, timestamp_begin)
        _assert_segment(segment, expected_segment | {"start": start})


def _start(expected: dict[str, Any], timestamp_begin: int) -> float:
    """Return where a segment begins: a window's only one at its first timestamp.

    openai-whisper begins that one with the window.
    """
    window_s = expected["seek"] / 100
    if "words" in expected or expected["tokens"][:1] < [timestamp_begin]:
        return float(expected["start"])
    start = window_s + (expected["tokens"][0] - timestamp_begin) * 0.02
    return float(start if start < expected["end"] else expected["start"])


def _assert_segment(segment: dict[str, Any], expected: dict[str, Any]) -> None:
    assert segment.keys() == expected.keys()
    for key in ("id", "seek", "text", "temperature", "compression_ratio"):
        assert segment[key] == expected[key], key
    for key in ("start", "end"):
        assert segment[key] == pytest.approx(expected[key], abs=1e-9), key
    for key in ("avg_logprob", "no_speech_prob"):
        assert segment[key] == pytest.approx(expected[key], abs=1e-3), key
    assert len(segment.get("words", ())) == len(expected.get("words", ()))
    for word, expected_word in zip(
        segment.get("words", ()), expected.get("words", ()), strict=True
    ):
        assert word["word"] == expected_word["word"]
        for key in ("start", "end"):
            assert word[key] == pytest.approx(expected_word[key], abs=MAX_WORD_SHIFT_S)
        assert word["probability"] == pytest.approx(expected_word["probability"], abs=1e-3)


def _tuples(options: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in options.items()}
