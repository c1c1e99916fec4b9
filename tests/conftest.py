"""Fixtures for all tests."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

import sotto.inference  # noqa: F401 (sets MAX up before any test imports it)
from tests.helpers.audio_server import AudioServer, audio_server
from tests.helpers.official import FOLDER as OFFICIAL_MODELS

# Machines are shared: an example that took long says nothing about Sotto.
settings.register_profile("sotto", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sotto")

# The official models, out of the packages that the development group installs, once for all tests.
os.environ["SOTTO_MODELS_DIR"] = str(OFFICIAL_MODELS)

# Programs that a shell starts in the background ignore Ctrl-C, and so would those that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(name="audio_server")
def fixture_audio_server() -> Iterator[AudioServer]:
    """A private sound server that has just started (0.5 s); this process uses it."""
    with audio_server() as server:
        yield server
