"""A draft changes how fast a text is found, but not the text."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.inference.decoding import DecodingOptions, DecodingResult, encode_window
from sotto.inference.decoding.search.decode import DecodingTask, decode
from sotto.inference.interfaces import Array, GenerationRules
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.examples import examples
from tests.helpers.scripted_model import ScriptedModel, scripted_checkpoint
from tools.fixtures.clips import SAMPLE_RATE, Clip, human_clips, starter_clips

TOKENIZER = scripted_checkpoint(GenerationRules()).tokenizer
EOT = TOKENIZER.eot
SPACE, SUPPRESSED = 220, TOKENIZER.non_speech_tokens[0]
WORDS = [*range(100, 104), SPACE, SUPPRESSED, EOT]
OPTIONS = DecodingOptions(language="en", without_timestamps=True)


class CountingModel(ScriptedModel):
    """Counts the calls of `decode`."""

    n_calls = 0

    def decode(self, *arguments: Any, **options: Any) -> Array:
        self.n_calls += 1
        return super().decode(*arguments, **options)


def chance(_window: int, tokens: Sequence[int]) -> Mapping[int, float]:
    """Give each sequence of tokens logits of its own."""
    rng = np.random.default_rng(zlib.crc32(str(list(tokens)).encode()))
    candidates = [*WORDS, TOKENIZER.timestamp_begin, TOKENIZER.timestamp_begin + 40]
    return dict(zip(candidates, rng.normal(size=len(candidates)), strict=True))


def drafted(
    model: ScriptedModel, options: DecodingOptions, draft: Sequence[int]
) -> tuple[DecodingTask, DecodingResult]:
    audio = model.encode(np.zeros((3000, 80), np.float32))
    task = DecodingTask(model, audio, options, draft=draft)
    return task, task.run(options, np.random.default_rng(0))


drafts = st.lists(st.sampled_from(WORDS), max_size=40)


@given(
    n_right=st.integers(0, 12),
    draft=drafts,
    prefix=st.lists(st.sampled_from(WORDS[:4]), max_size=4),
    sample_len=st.sampled_from([None, 1, 2, 5]),
    search=st.sampled_from([{}, {"temperature": 0.7, "best_of": 3}, {"beam_size": 3}]),
    without_timestamps=st.booleans(),
)
@settings(max_examples=examples(150), deadline=None)
def test_any_draft_gives_the_text_that_none_gives(
    *,
    n_right: int,
    draft: list[int],
    prefix: list[int],
    sample_len: int | None,
    search: dict[str, float],
    without_timestamps: bool,
) -> None:
    options = replace(
        OPTIONS,
        prefix=tuple(prefix),
        sample_len=sample_len,
        without_timestamps=without_timestamps,
        **search,  # type: ignore[arg-type]  # mypy does not look into dictionaries
    )
    _, undrafted = drafted(ScriptedModel(chance), options, ())
    task, result = drafted(
        ScriptedModel(chance), options, [*undrafted.tokens, EOT][:n_right] + draft
    )
    assert result == undrafted
    assert task.run(options, np.random.default_rng(0)) == undrafted


def test_each_temperature_goes_its_own_way_from_the_same_draft() -> None:
    draft = [*range(100, 104)] * 3
    task, _ = drafted(ScriptedModel(chance), OPTIONS, draft)
    for temperature in (0.3, 0.0, 0.9, 0.3):
        options = replace(OPTIONS, temperature=temperature)
        _, alone = drafted(ScriptedModel(chance), options, ())
        assert task.run(options, np.random.default_rng(0)) == alone


def test_a_draft_may_be_longer_than_the_context() -> None:
    options = replace(OPTIONS, prefix=(100,) * 400, suppress_blank=False)
    _, undrafted = drafted(ScriptedModel(chance), options, ())
    _, result = drafted(ScriptedModel(chance), options, [*undrafted.tokens, *[101] * 1000])
    assert result == undrafted


@pytest.mark.parametrize("n_missing", range(4))
def test_what_was_guessed_right_takes_no_step_of_its_own(n_missing: int) -> None:
    said = [*range(100, 110), EOT, EOT]
    model = CountingModel(lambda _window, tokens: {said[len(tokens) - 2]: 9.0})
    task, result = drafted(model, OPTIONS, said[: 10 - n_missing])
    assert list(result.tokens) == said[:10]
    assert model.n_calls == 1 + n_missing
    task.time_words(result.tokens, 3000)
    assert model.n_calls == 2 + n_missing  # end-of-text alone


@pytest.mark.parametrize(
    ("missed", "n_calls"),
    [
        ([*range(100, 105), 150, *range(106, 110)], 3),  # another word: it, the next, the rest
        ([*range(100, 105), *range(106, 110)], 3),  # a word is missing
        ([*range(100, 105), 150, *range(105, 110)], 2),  # a word too many
        ([*range(100, 105), *range(150, 160), *range(106, 110)], 6),  # far from what is said
    ],
)
def test_a_text_takes_up_its_draft_behind_a_wrong_word(missed: list[int], n_calls: int) -> None:
    said = [*range(100, 110), *[EOT] * 20]
    model = CountingModel(lambda _window, tokens: {said[len(tokens) - 2]: 9.0})
    _, result = drafted(model, OPTIONS, missed)
    assert list(result.tokens) == said[:10]
    assert model.n_calls == n_calls


@pytest.mark.parametrize(
    "clip", [*starter_clips(), *human_clips()][::3], ids=lambda clip: clip.name
)
def test_growing_windows_of_speech(starter_model: WhisperModel, clip: Clip) -> None:
    pcm, draft = clip.pcm(), tuple[int, ...]()
    cache = starter_model.new_cache(traced=True)
    for seconds in (1.0, 2.2, 2.6, 4.0, 4.4, 8.0):
        audio = encode_window(starter_model, pcm[: round(seconds * SAMPLE_RATE)])
        undrafted = decode(starter_model, audio, OPTIONS)
        task = DecodingTask(starter_model, audio, OPTIONS, cache=cache, draft=draft)
        result = task.run(OPTIONS)
        assert result.tokens == undrafted.tokens
        assert result.avg_logprob == pytest.approx(undrafted.avg_logprob, abs=1e-4)
        assert result.no_speech_prob == pytest.approx(undrafted.no_speech_prob, abs=1e-4)
        draft = result.tokens
