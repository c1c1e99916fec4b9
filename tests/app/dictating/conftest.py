"""Recognisers, loaded once for all tests that take them."""

import pytest

from sotto.app.core.models.loader import load_model
from sotto.inference.compute_type import best_compute_type
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from tools.fixtures.official import official


@pytest.fixture(scope="session")
def recogniser() -> WhisperRecogniser:
    """OpenAI's tiny.en as a recogniser."""
    model = load_model(official("tiny.en"), lambda *_: None, best_compute_type())
    return WhisperRecogniser(model)
