"""Many sequences in one call give what each of them gives alone, to the bit."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sotto.inference.compute_type import ComputeType
from sotto.inference.interfaces import Step
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures import model_golden as golden
from tools.fixtures.model_golden import Array

N_FRAMES = (20, 300, 100, 1000)
COUNTS = ((3, 1, 5, 2), (1, 1, 1, 1), (2, 1, 3, 1))
"""Tokens of each sequence in three calls."""


@pytest.fixture(scope="module", params=ComputeType)
def model(request: pytest.FixtureRequest, starter_model: WhisperModel) -> WhisperModel:
    if request.param is ComputeType.FLOAT32:
        return starter_model
    return WhisperModel.load(starter_model.checkpoint, compute_type=ComputeType.INT8)


def tokens_of(model: WhisperModel, sequence: int) -> list[int]:
    rng = np.random.default_rng(sequence)
    return [int(t) for t in rng.integers(0, model.checkpoint.dimensions.n_vocab, 20)]


def decoded(
    model: WhisperModel, decode: Callable[[Sequence[Step]], list[Array]]
) -> tuple[list[Array], list[Array]]:
    """Return the logits of each sequence, call after call, and the scores of each traced cache."""
    n_mels = model.checkpoint.dimensions.n_mels
    audio = [model.encode(golden.random_mel(n, n_mels)) for n in N_FRAMES]
    caches = [model.new_cache(traced=index % 2 == 0) for index in range(len(N_FRAMES))]
    logits: list[Array] = []
    for counts in COUNTS:
        steps = []
        for index, (cache, count) in enumerate(zip(caches, counts, strict=True)):
            tokens = tokens_of(model, index)[cache.length :][:count]
            rows = None if index == 1 else range(count)
            steps.append(Step(tokens, cache, audio[index], rows))
        logits += decode(steps)
    return logits, [cache.scores for cache in caches[::2]]


def test_together_is_as_alone(model: WhisperModel) -> None:
    alone = decoded(
        model, lambda steps: [model.decode(s.tokens, s.cache, s.audio, rows=s.rows) for s in steps]
    )
    together = decoded(model, model.decode_together)
    for expected, result in zip(alone, together, strict=True):
        assert len(expected) == len(result)
        for one, other in zip(expected, result, strict=True):
            np.testing.assert_array_equal(one, other)


def test_what_would_write_over_another_is_refused(model: WhisperModel) -> None:
    audio = model.encode(golden.random_mel(20, model.checkpoint.dimensions.n_mels))
    cache, full = model.new_cache(), model.new_cache()
    model.decode([0] * full.capacity, full, audio)
    for steps, why in (
        ([], "at least one"),
        ([Step([0], cache, audio), Step([1], cache, audio)], "cache of its own"),
        ([Step([0], cache, audio), Step([1], full, audio)], "exceed"),
        ([Step([0], cache, audio), Step([-1], model.new_cache(), audio)], "below"),
        ([Step([0], cache, audio, [1])], "rows"),
    ):
        with pytest.raises(ValueError, match=why):
            model.decode_together(steps)
        assert cache.length == 0
    model.decode_together([Step([0], cache, audio)])
    assert cache.length == 1
