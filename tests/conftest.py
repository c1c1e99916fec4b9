"""Fixtures for all tests."""

from collections.abc import Iterator

import pytest

from tests.helpers.audio_server import AudioServer, audio_server


@pytest.fixture(name="audio_server")
def fixture_audio_server() -> Iterator[AudioServer]:
    """A private sound server that has just started (0.5 s); this process uses it."""
    with audio_server() as server:
        yield server
