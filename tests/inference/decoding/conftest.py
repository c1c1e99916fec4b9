"""Models that decode: the one in the box, and OpenAI's own."""

from collections.abc import Callable

import pytest

from sotto.inference.interfaces import Model
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.official import Official

pytest.register_assert_rewrite("tests.inference.decoding.equality")


@pytest.fixture(scope="session")
def golden_model(
    starter_model: WhisperModel, official_model: Callable[[Official], WhisperModel]
) -> Callable[[str], Model]:
    """The models of `tests/golden/decoding`, by name."""
    models: dict[str, Callable[[], Model]] = {
        "starter-en": lambda: starter_model,
        "tiny.en": lambda: official_model("tiny.en"),
        "base": lambda: official_model("base"),
    }
    return lambda name: models[name]()
