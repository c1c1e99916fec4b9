"""One window: options, limits, prompts and candidates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sotto.errors import UsageError
from sotto.inference.checkpoint.vocabulary import read_tokenizer
from sotto.inference.decoding import DecodingOptions, TranscribeOptions, decode
from sotto.inference.decoding.search.decoders import Candidate
from sotto.inference.decoding.search.rules import suppressed_tokens
from sotto.inference.interfaces import GenerationRules
from tests.helpers.scripted_model import ScriptedModel, scripted_checkpoint
from tools.fixtures.random_checkpoint import STARTER

EOT, BEGIN = 2048, 2056
PLAIN = DecodingOptions(language="en", without_timestamps=True)


def endless(_window: int, tokens: Sequence[int]) -> dict[int, float]:
    return {100 + len(tokens) % 7: 9.0, EOT: -99.0}


def decoded(model: ScriptedModel, options: DecodingOptions, seed: int = 0) -> tuple[int, ...]:
    audio = model.encode(np.zeros((3000, 80), np.float32))
    return decode(model, audio, options, rng=np.random.default_rng(seed)).tokens


@pytest.mark.parametrize(
    "options",
    [
        {"best_of": 2},
        {"best_of": 2, "beam_size": 2, "temperature": 0.5},
        {"patience": 2.0},
        {"beam_size": 2, "patience": 0.1},
        {"beam_size": 0},
        {"beam_size": 101},
        {"best_of": 0, "temperature": 0.5},
        {"length_penalty": 1.1},
        {"length_penalty": -0.1},
        {"temperature": -0.2},
    ],
)
def test_contradictions_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="--"):
        DecodingOptions(**options)


def test_a_recording_needs_a_temperature() -> None:
    with pytest.raises(UsageError, match="temperature"):
        TranscribeOptions(temperatures=())


def test_beams_are_for_temperature_0_and_samples_for_those_above() -> None:
    options = TranscribeOptions(beam_size=5, best_of=4, patience=2.0)
    assert (options.at(0.0).beam_size, options.at(0.0).best_of) == (5, None)
    assert (options.at(0.2).beam_size, options.at(0.2).best_of) == (None, 4)
    assert options.at(0.2).patience is None


@pytest.mark.parametrize("beam_size", [None, 3])
def test_a_text_takes_half_of_the_context_at_most(beam_size: int | None) -> None:
    options = replace(PLAIN, beam_size=beam_size)
    assert len(decoded(ScriptedModel(endless), options)) == 224


@pytest.mark.parametrize("beam_size", [None, 3])
def test_the_cache_is_filled_to_its_last_place_and_no_further(beam_size: int | None) -> None:
    options = replace(
        PLAIN, beam_size=beam_size, prefix=(1,) * 400, sample_len=100, suppress_blank=False
    )
    assert len(decoded(ScriptedModel(endless), options)) == 448 - 402 + 1


def test_a_long_prompt_loses_its_beginning() -> None:
    seen: list[list[int]] = []

    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        seen.append(list(tokens))
        return {EOT: 9.0}

    model = ScriptedModel(script)
    prompt = tuple(range(1000))
    decoded(model, replace(PLAIN, prompt=prompt))
    tokenizer = model.checkpoint.tokenizer
    assert seen[1] == [tokenizer.sot_prev, *prompt[-223:], tokenizer.sot, tokenizer.no_timestamps]


def test_a_prefix_may_be_all_there_is() -> None:
    model = ScriptedModel(lambda _window, _tokens: {EOT: 9.0})
    options = replace(PLAIN, prefix=(100, 101), suppress_blank=False)
    assert decoded(model, options) == ()


def test_sampling_repeats_itself_with_its_seed_only() -> None:
    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        return dict.fromkeys(range(100, 200), 9.0) if len(tokens) < 12 else {EOT: 9.0}

    options = replace(PLAIN, temperature=1.0, best_of=3)
    model = ScriptedModel(script)
    assert decoded(model, options, 1) == decoded(model, options, 1)
    assert decoded(model, options, 1) != decoded(model, options, 2)


def test_the_likeliest_of_the_samples_is_taken() -> None:
    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        return {100: 5.0, 101: 4.0} if len(tokens) < 3 else {EOT: 9.0}

    options = replace(PLAIN, temperature=1.0, best_of=20)
    assert decoded(ScriptedModel(script), options) == (100,)


def test_beams_find_what_greed_misses() -> None:
    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        if len(tokens) == 2:
            return {100: 1.0, 101: 0.9}
        if len(tokens) == 3:
            return {102: 9.0} if tokens[-1] == 101 else dict.fromkeys(range(200, 300), 0.0)
        return {EOT: 9.0}

    model = ScriptedModel(script)
    assert decoded(model, PLAIN)[0] == 100
    assert decoded(model, replace(PLAIN, beam_size=2)) == (101, 102)


def test_length_penalty_changes_what_is_best() -> None:
    short, long = Candidate((1,), (-1.0,)), Candidate((1, 2, 3, 4), (-1.0, -0.5, -0.5, -1.0))
    assert long.score(None) > short.score(None)
    assert short.score(0.0) > long.score(0.0)
    assert Candidate((), (-1.0,)).score(None) == -1.0


def test_lists_of_the_checkpoint_take_the_place_of_the_usual_ones() -> None:
    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        return {220: 9.0, 10: 8.0, 100: 7.0, EOT: 6.0} if len(tokens) == 2 else {EOT: 9.0}

    usual = ScriptedModel(script)
    stated = ScriptedModel(
        script, rules=GenerationRules(suppress_tokens=(100,), begin_suppress_tokens=(EOT, 220))
    )
    assert usual.checkpoint.tokenizer.encode(" ") == [220]
    assert 10 in usual.checkpoint.tokenizer.non_speech_tokens
    assert decoded(usual, PLAIN) == (100,)
    assert decoded(stated, PLAIN) == (10,)
    assert decoded(stated, replace(PLAIN, suppress_tokens=(10,))) == (100,)


@pytest.mark.parametrize("wished", [None, ()])
def test_tokens_behind_the_timestamps_may_never_come(wished: tuple[int, ...] | None) -> None:
    padded = read_tokenizer(STARTER, 3560, is_multilingual=False)
    checkpoint = replace(scripted_checkpoint(GenerationRules()), tokenizer=padded)
    suppressed = suppressed_tokens(checkpoint, replace(PLAIN, suppress_tokens=wished))
    assert [token for token in suppressed if token > BEGIN] == [3557, 3558, 3559]
