"""Models, compiled once for all tests that take them."""

from collections.abc import Callable
from functools import cache

import pytest

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.interfaces import Checkpoint, GenerationRules
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.model_golden import SEED
from tools.fixtures.official import Official, official
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, STARTER, random_weights


@pytest.fixture(scope="session")
def starter_model() -> WhisperModel:
    """The model in the box."""
    return WhisperModel.load(load_checkpoint(STARTER))


@pytest.fixture(scope="session")
def official_model() -> Callable[[Official], WhisperModel]:
    """OpenAI's own models in float32, by name."""

    @cache
    def model(name: Official) -> WhisperModel:
        return WhisperModel.load(load_checkpoint(official(name)))

    return model


@pytest.fixture(scope="session")
def model_of() -> Callable[[str], WhisperModel]:
    """Models of official shapes with random weights, by name."""
    return cache(random_model)


def random_model(name: str) -> WhisperModel:
    dims = OFFICIAL_DIMENSIONS[name]
    starter = load_checkpoint(STARTER)
    weights = random_weights(dims, SEED)
    checkpoint = Checkpoint(
        name=name,
        path=starter.path,
        dimensions=dims,
        weights=weights,
        tokenizer=starter.tokenizer,
        rules=GenerationRules(),
        native_short_window=False,
    )
    model = WhisperModel.load(checkpoint)
    weights.clear()  # the model has made its own of them; those of small fill a gigabyte
    return model
