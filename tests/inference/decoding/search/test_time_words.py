"""Words timed by what the decoding of their text has left, beside openai-whisper's way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sotto.inference.decoding import DecodingOptions, encode_window
from sotto.inference.decoding.search.decode import DecodingTask
from sotto.inference.dimensions import HOP_LENGTH
from sotto.inference.interfaces import Array, Audio, GenerationRules
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.scripted_model import ScriptedModel, scripted_checkpoint
from tools.fixtures.clips import human_clips
from tools.fixtures.official import Official

EOT = scripted_checkpoint(GenerationRules()).tokenizer.eot
N_START = 2  # start-of-transcript and no-timestamps
OPTIONS = DecodingOptions(language="en", without_timestamps=True)
CLOSE_S = 0.04 + 1e-6
"""Two positions of the encoder."""


class CountingModel(ScriptedModel):
    """Says the same words after any prompt, and counts the tokens that it is given."""

    n_tokens = 0

    def decode(self, tokens: Sequence[int], *arguments: Any, **options: Any) -> Array:
        self.n_tokens += len(tokens)
        return super().decode(tokens, *arguments, **options)


def ten_words(_window: int, tokens: Sequence[int]) -> Mapping[int, float]:
    n_said = sum(100 <= token < 110 for token in tokens)
    return {EOT if n_said == 10 else 100 + n_said: 9.0}


def one_word(_window: int, _tokens: Sequence[int]) -> Mapping[int, float]:
    return {100: 9.0}


def decoded(model: ScriptedModel, options: DecodingOptions) -> tuple[DecodingTask, tuple[int, ...]]:
    audio = model.encode(np.zeros((3000, 80), np.float32))
    task = DecodingTask(model, audio, options)
    return task, task.run(options).tokens


@pytest.mark.parametrize(
    ("options", "n_as_decoded", "n_otherwise"),
    [
        (OPTIONS, 0, 1),  # otherwise end-of-text alone
        (replace(OPTIONS, prefix=(200, 201)), 0, 1),
        (replace(OPTIONS, prompt=(300, 301)), 0, N_START + 10 + 1),
        (replace(OPTIONS, sample_len=4), 1, 2),  # the last word that was chosen was not run
        (replace(OPTIONS, without_timestamps=False), 1 + 10, 1 + 10 + 1),
    ],
)
def test_only_what_is_missing_is_run(
    options: DecodingOptions, n_as_decoded: int, n_otherwise: int
) -> None:
    for as_decoded, n_run in ((True, n_as_decoded), (False, n_otherwise)):
        model = CountingModel(ten_words)
        task, tokens = decoded(model, options)
        text = [*options.prefix, *(token for token in tokens if token < EOT)]
        before = model.n_tokens
        words = task.time_words(text, 3000, as_decoded=as_decoded)
        assert [token for word in words for token in word.tokens] == text
        assert model.n_tokens - before == n_run


def test_a_prompt_for_which_there_is_no_room_is_left_out() -> None:
    """The last token that may be sampled need not fit into the cache, but is timed."""
    model = ScriptedModel(one_word)
    task, tokens = decoded(model, replace(OPTIONS, prompt=(300,) * 300))
    capacity = model.checkpoint.dimensions.n_text_ctx
    assert len(tokens) == capacity - 224 - N_START + 1
    words = task.time_words(tokens, 3000, as_decoded=True)
    assert sum(len(word.tokens) for word in words) == len(tokens)


@pytest.fixture(scope="module")
def windows(
    official_model: Callable[[Official], WhisperModel],
) -> list[tuple[WhisperModel, Audio, int]]:
    """People in 30 s, and how many mel frames each one speaks."""
    model = official_model("tiny.en")
    sounds = [clip.pcm() for clip in human_clips()[::8]]
    return [(model, encode_window(model, pcm), len(pcm) // HOP_LENGTH) for pcm in sounds]


@pytest.mark.parametrize(
    ("prompt", "least_close"), [("", 0.98), (" What was said before this.", 0.93)]
)
def test_the_times_are_nearly_those_of_openai_whisper(
    windows: list[tuple[WhisperModel, Audio, int]], prompt: str, least_close: float
) -> None:
    differences: list[float] = []
    for model, audio, n_frames in windows:
        options = replace(OPTIONS, prompt=tuple(model.checkpoint.tokenizer.encode(prompt)))
        cache = model.new_cache(traced=True)
        task = DecodingTask(model, audio, options, cache=cache)
        text = task.run(options).tokens
        as_decoded = task.time_words(text, n_frames, as_decoded=True)
        exact = task.time_words(text, n_frames)
        assert [word.word for word in as_decoded] == [word.word for word in exact]
        for word, other in zip(as_decoded, exact, strict=True):
            differences += [word.start - other.start, word.end - other.end]
    assert len(differences) > 50
    assert np.mean(np.abs(differences) <= CLOSE_S) >= least_close
