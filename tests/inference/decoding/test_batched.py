"""Stretches of speech that are decoded together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from sotto.errors import UsageError
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.decoding.batched import transcribe_batched
from sotto.inference.dimensions import SAMPLE_RATE
from sotto.inference.interfaces import Array
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.scripted_model import ScriptedAudio, ScriptedModel
from tools.fixtures.clips import human_clips
from tools.fixtures.official import official

PAUSE = np.zeros(SAMPLE_RATE, np.float32)


@pytest.fixture(scope="module")
def tiny() -> WhisperModel:
    return WhisperModel.load(load_checkpoint(official("tiny.en")), compute_type=ComputeType.INT8)


@pytest.fixture(scope="module")
def recording() -> tuple[Array, tuple[float, ...], list[str]]:
    """Five people's sentences, where each begins and ends, and what is said."""
    parts, points, texts, at = [], [], [], 0.0
    for clip in human_clips()[:5]:
        pcm = clip.pcm()
        parts += [pcm, PAUSE]
        points += [at, at + len(pcm) / SAMPLE_RATE]
        at = points[-1] + len(PAUSE) / SAMPLE_RATE
        texts.append(clip.text)
    return np.concatenate(parts), tuple(points), texts


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_each_stretch_is_heard_however_many_are_heard_with_it(
    tiny: WhisperModel, recording: tuple[Array, tuple[float, ...], list[str]]
) -> None:
    pcm, points, texts = recording
    options = TranscribeOptions(clip_timestamps=points, word_timestamps=True)
    progress: list[float] = []
    together = transcribe_batched(
        tiny, pcm, replace(options, batch_size=3), lambda done, _: progress.append(done)
    )
    assert together == transcribe_batched(tiny, pcm, options)
    said = words(" ".join(texts))
    heard = words(together.text)
    assert sum(word in said for word in heard) > 0.9 * len(said)
    assert [segment.id for segment in together.segments] == list(range(len(together.segments)))
    times = [(word.start, word.end) for s in together.segments for word in s.words or ()]
    assert times == sorted(times)
    for start, end in times:
        assert any(first - 0.3 <= start and end <= last + 0.3 for first, last in _pairs(points))
    assert progress == sorted(progress)
    assert progress[-1] == pytest.approx(len(pcm) / SAMPLE_RATE)


def test_beams_are_searched_together_as_well(
    tiny: WhisperModel, recording: tuple[Array, tuple[float, ...], list[str]]
) -> None:
    pcm, points, _ = recording
    options = TranscribeOptions(clip_timestamps=points[:4], beam_size=3)
    assert transcribe_batched(tiny, pcm, replace(options, batch_size=2)) == transcribe_batched(
        tiny, pcm, options
    )


def test_what_is_no_good_in_a_short_window_is_heard_in_30_s() -> None:
    n_frames: list[int] = []
    model = hears(n_frames, {1024: "ha ha ha ha ha ha ha ha ha ha ha ha", 3000: " Good."})
    result = transcribe_batched(model, np.zeros(5 * SAMPLE_RATE, np.float32), TranscribeOptions())
    assert n_frames == [1024, 3000]
    assert result.text == " Good."


def test_clips_that_go_back_are_refused() -> None:
    model = hears([], {768: " Good."})
    options = TranscribeOptions(clip_timestamps=(2.0, 1.0))
    with pytest.raises(UsageError, match="ascend"):
        transcribe_batched(model, np.zeros(5 * SAMPLE_RATE, np.float32), options)


def test_a_recording_without_clips_is_one(tiny: WhisperModel) -> None:
    pcm = human_clips()[0].pcm()
    options = TranscribeOptions(batch_size=4)
    assert words(transcribe_batched(tiny, pcm, options).text) == words(transcribe(tiny, pcm).text)


def hears(n_frames: list[int], said: Mapping[int, str]) -> ScriptedModel:
    """Return a model that says what is said in a window of so many frames, and notes them."""

    class Model(ScriptedModel):
        def encode(self, mel: Array) -> ScriptedAudio:
            n_frames.append(len(mel))
            return super().encode(mel)

    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        n_said = len(tokens) - list(tokens).index(tokenizer.sot) - 1
        line = [begin, *tokenizer.encode(said[n_frames[-1]]), begin + 100]
        return {line[n_said] if n_said < len(line) else tokenizer.eot: 99.0}

    model = Model(script, n_frames=said)
    tokenizer = model.checkpoint.tokenizer
    begin = tokenizer.timestamp_begin
    return model


def _pairs(points: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(points[::2], points[1::2], strict=True))
