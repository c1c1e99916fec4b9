"""Servers, each for all tests of a file."""

from collections.abc import Iterator

import pytest

from tools.fixtures.official import official
from tools.fixtures.sotto_server import SottoServer, sotto_server


@pytest.fixture(scope="session")
def server() -> Iterator[SottoServer]:
    """One that hears people, without a token."""
    with sotto_server(official("tiny.en")) as running:
        yield running


@pytest.fixture(scope="session")
def small_server() -> Iterator[SottoServer]:
    """One with the model in the box, which is quick, and little patience."""
    with sotto_server(
        "starter-en",
        *("--max-upload", "1", "--max-audio", "1", "--max-live", "2", "--max-waiting", "60"),
    ) as running:
        yield running
