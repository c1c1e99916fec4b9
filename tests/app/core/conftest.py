"""The model in the box, loaded once for all tests that take it."""

import pytest

from sotto.app.core.models.loader import load_model
from sotto.app.core.models.registry import resolve
from sotto.inference.compute_type import best_compute_type
from sotto.inference.streaming.whisper import WhisperRecogniser


@pytest.fixture(scope="session")
def starter_recogniser() -> WhisperRecogniser:
    """The model in the box as a recogniser."""
    return WhisperRecogniser(load_model(resolve("basic"), lambda *_: None, best_compute_type()))
