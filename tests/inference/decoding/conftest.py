"""Models that decode: the one in the box, and random ones with the official tokenizers."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sotto.inference.checkpoint.vocabulary import bundled_tokenizer
from sotto.inference.interfaces import Checkpoint, GenerationRules, Model
from sotto.inference.model import WhisperModel
from tests.helpers.random_checkpoint import OFFICIAL_DIMENSIONS, random_weights
from tests.inference.decoding import golden

pytest.register_assert_rewrite("tests.inference.decoding.equality")


@pytest.fixture(scope="session")
def golden_model(starter_model: WhisperModel) -> Callable[[str], Model]:
    """The models of `tests/golden/decoding`, by name."""

    @cache
    def model(name: str) -> Model:
        return starter_model if name == "starter-en" else WhisperModel.load(random_checkpoint(name))

    return model


def random_checkpoint(name: str) -> Checkpoint:
    dims = OFFICIAL_DIMENSIONS[name]
    path = Path(f"{name}.pt")
    return Checkpoint(
        name=name,
        path=path,
        dimensions=dims,
        weights=random_weights(dims, golden.seed(name)),
        tokenizer=bundled_tokenizer(dims.n_vocab, path),
        rules=GenerationRules(),
        native_short_window=False,
    )
