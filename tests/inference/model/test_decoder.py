"""The decoder against openai-whisper's, in one call and in many."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest

from sotto.inference.model.decoder_state import EncodedAudio, KeyValueCache
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.shapes import SHAPES
from tools.fixtures import model_golden as golden
from tools.fixtures.model_golden import Array
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS
from tools.peak_memory import peak_growth

TOLERANCE = 1e-3
N = golden.N_TOKENS
SPLITS = {
    "at once": [N],
    "token by token": [1] * N,
    "a prompt of 3": [3] + [1] * (N - 3),
    "a prompt of 13 and guesses of 4 and 5": [13, 4, 5, *[1] * (N - 22)],
}


def tokens_of(model: WhisperModel) -> list[int]:
    return [int(token) for token in golden.random_tokens(model.checkpoint.dimensions.n_vocab)]


@cache
def encoded(model: WhisperModel, n_frames: int) -> EncodedAudio:
    return model.encode(golden.random_mel(n_frames, model.checkpoint.dimensions.n_mels))


def all_logits(model: WhisperModel, audio: EncodedAudio, split: Sequence[int]) -> Array:
    """Decode the tokens in calls of the given lengths."""
    tokens, cache, parts = tokens_of(model), model.new_cache(), []
    for count in split:
        chunk = tokens[cache.length : cache.length + count]
        parts.append(model.decode(chunk, cache, audio, rows=range(count)))
    return np.concatenate(parts)


@pytest.mark.parametrize("split", SPLITS.values(), ids=SPLITS)
@pytest.mark.parametrize("n_frames", golden.DECODED_FRAMES)
@pytest.mark.parametrize("name", SHAPES)
def test_logits_are_those_of_openai_whisper(
    model_of: Callable[[str], WhisperModel], name: str, n_frames: int, split: list[int]
) -> None:
    model = model_of(name)
    logits = all_logits(model, encoded(model, n_frames), split)
    expected = np.load(golden.GOLDEN / f"{name}.npz")[f"logits_{n_frames}"]
    np.testing.assert_allclose(golden.some(logits), expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("split", SPLITS.values(), ids=SPLITS)
def test_logits_on_a_clip_are_those_of_openai_whisper(
    starter_model: WhisperModel, split: list[int]
) -> None:
    reference = np.load(golden.GOLDEN / "starter-en.npz")
    audio = starter_model.encode(reference["mel"])
    logits = all_logits(starter_model, audio, split)
    expected = reference[f"logits_{len(reference['mel'])}"]
    np.testing.assert_allclose(golden.some(logits), expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("n_frames", golden.DECODED_FRAMES)
@pytest.mark.parametrize("name", SHAPES)
def test_alignment_is_the_cross_attention_of_openai_whisper(
    model_of: Callable[[str], WhisperModel], name: str, n_frames: int
) -> None:
    model = model_of(name)
    cache = model.new_cache(traced=True)
    model.decode(tokens_of(model), cache, encoded(model, n_frames))
    scores = cache.scores
    expected = np.load(golden.GOLDEN / f"{name}.npz")[f"scores_{n_frames}"]
    assert scores.shape[1:] == (N, n_frames // 2)
    matrix = scores.reshape(len(scores), -1)
    np.testing.assert_allclose(golden.some(matrix), expected, rtol=0, atol=TOLERANCE)


def test_alignment_survives_guesses_that_were_wrong(starter_model: WhisperModel) -> None:
    audio, tokens = encoded(starter_model, 200), tokens_of(starter_model)
    at_once, cache = (starter_model.new_cache(traced=True) for _ in range(2))
    starter_model.decode(tokens, at_once, audio)
    starter_model.decode([*tokens[:7], 1, 2, 3], cache, audio)
    cache.crop(7)
    fork = cache.fork()
    starter_model.decode([4], cache, audio)
    starter_model.decode(tokens[7:9], fork, audio)
    starter_model.decode(tokens[9:], fork, audio)
    assert list(fork.tokens) == tokens
    assert list(cache.tokens) == [*tokens[:7], 4]
    np.testing.assert_allclose(fork.scores, at_once.scores, rtol=0, atol=1e-4)


def test_only_the_rows_asked_for_are_returned(starter_model: WhisperModel) -> None:
    audio, tokens = encoded(starter_model, 200), tokens_of(starter_model)
    every = starter_model.decode(tokens, starter_model.new_cache(), audio, rows=range(N))
    some = starter_model.decode(tokens, starter_model.new_cache(), audio, rows=[7, 3])
    last = starter_model.decode(tokens, starter_model.new_cache(), audio)
    assert every.shape == (N, 3557)
    np.testing.assert_allclose(some, every[[7, 3]], rtol=0, atol=1e-5)
    np.testing.assert_allclose(last, every[-1:], rtol=0, atol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 17, N])
def test_a_cropped_cache_equals_a_fresh_prefill(starter_model: WhisperModel, length: int) -> None:
    audio, tokens = encoded(starter_model, 200), tokens_of(starter_model)
    cropped, fresh = starter_model.new_cache(), starter_model.new_cache()
    starter_model.decode(tokens, cropped, audio)
    cropped.crop(length)
    if length:
        starter_model.decode(tokens[:length], fresh, audio)
    assert cropped.length == fresh.length == length
    continued = starter_model.decode([5, 6, 7], cropped, audio, rows=range(3))
    expected = starter_model.decode([5, 6, 7], fresh, audio, rows=range(3))
    np.testing.assert_allclose(continued, expected, rtol=0, atol=1e-5)


def test_a_fork_and_its_origin_do_not_see_each_other(starter_model: WhisperModel) -> None:
    audio, tokens = encoded(starter_model, 200), tokens_of(starter_model)
    origin = starter_model.new_cache()
    starter_model.decode(tokens, origin, audio)
    fork = origin.fork()
    starter_model.decode([1, 2, 3], fork, audio)
    alone = starter_model.new_cache()
    starter_model.decode(tokens, alone, audio)
    assert (origin.length, fork.length) == (N, N + 3)
    np.testing.assert_array_equal(
        starter_model.decode([9], origin, audio), starter_model.decode([9], alone, audio)
    )


def test_a_spare_cache_becomes_a_fork(starter_model: WhisperModel) -> None:
    audio, tokens = encoded(starter_model, 200), tokens_of(starter_model)
    origin, spare, alone = (starter_model.new_cache(traced=True) for _ in range(3))
    starter_model.decode(tokens, origin, audio)
    starter_model.decode(tokens, alone, audio)
    starter_model.decode([*tokens[:5], 1, 2, 3], spare, audio)
    fork = origin.fork(spare)
    starter_model.decode([1, 2, 3], origin, audio)
    assert fork is spare
    assert list(fork.tokens) == tokens
    np.testing.assert_array_equal(fork.scores, alone.scores)
    np.testing.assert_array_equal(
        starter_model.decode([9], fork, audio), starter_model.decode([9], alone, audio)
    )


def test_caches_take_memory_for_the_tokens_they_hold() -> None:
    dims = OFFICIAL_DIMENSIONS["base.en"]
    origin, forks = KeyValueCache(dims), list[KeyValueCache]()
    origin.extend(range(8), np.empty((0, 8, 100), np.float32))
    growth = peak_growth(lambda: forks.extend(origin.fork() for _ in range(10)))
    whole = 2 * 4 * dims.n_text_layer * dims.n_text_ctx * dims.n_text_state
    assert growth < whole  # all of them hold 80 tokens, each has room for 448


def test_a_fork_keeps_what_its_origin_overwrites(starter_model: WhisperModel) -> None:
    audio, tokens = encoded(starter_model, 200), tokens_of(starter_model)
    origin, alone = starter_model.new_cache(), starter_model.new_cache()
    starter_model.decode(tokens, origin, audio)
    fork = origin.fork()
    origin.crop(0)
    starter_model.decode(tokens[::-1], origin, audio)
    starter_model.decode(tokens, alone, audio)
    np.testing.assert_array_equal(
        starter_model.decode([9], fork, audio), starter_model.decode([9], alone, audio)
    )


def test_a_cache_takes_n_text_ctx_tokens_and_no_more(starter_model: WhisperModel) -> None:
    audio, cache = encoded(starter_model, 20), starter_model.new_cache()
    starter_model.decode([7] * 447, cache, audio)
    starter_model.decode([7], cache, audio)
    with pytest.raises(ValueError, match=r"448 \+ 1 tokens exceed the 448 of a cache"):
        starter_model.decode([7], cache, audio)
    assert cache.length == 448


@pytest.mark.parametrize("tokens", [[], [3557], [-1], [2, 4000]])
def test_tokens_that_are_none_are_refused(starter_model: WhisperModel, tokens: list[int]) -> None:
    with pytest.raises(ValueError, match="each below 3557"):
        starter_model.decode(tokens, starter_model.new_cache(), encoded(starter_model, 20))


@pytest.mark.parametrize("rows", [[], [2], [-1]])
def test_rows_that_are_none_are_refused(starter_model: WhisperModel, rows: list[int]) -> None:
    cache, audio = starter_model.new_cache(), encoded(starter_model, 20)
    with pytest.raises(ValueError, match="each below 2"):
        starter_model.decode([1, 2], cache, audio, rows=rows)


@pytest.mark.parametrize("length", [-1, 4])
def test_a_cache_is_not_cropped_to_what_it_does_not_hold(
    starter_model: WhisperModel, length: int
) -> None:
    cache = starter_model.new_cache()
    starter_model.decode([1, 2, 3], cache, encoded(starter_model, 20))
    with pytest.raises(ValueError, match="cannot crop 3 tokens"):
        cache.crop(length)


def test_audio_of_another_model_is_refused(
    starter_model: WhisperModel, model_of: Callable[[str], WhisperModel]
) -> None:
    foreign = encoded(model_of("tiny.en"), 20)
    with pytest.raises(ValueError, match="audio is not of this model"):
        starter_model.decode([1], starter_model.new_cache(), foreign)
