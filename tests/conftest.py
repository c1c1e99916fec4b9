"""Fixtures for all tests."""

import os
import signal
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import HealthCheck, settings

import sotto.inference  # noqa: F401 (sets MAX up before any test imports it)
from tests.helpers.examples import QUICK
from tests.marks import add_marks
from tests.outcomes import pytest_addoption, pytest_terminal_summary  # noqa: F401 (hooks)
from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.official import FOLDER as OFFICIAL_MODELS
from tools.fixtures.official import Official, official

# Machines are shared: an example that took long says nothing about Sotto.
settings.register_profile("sotto", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sotto")
# Of `make check`; `make test` takes Hypothesis's own hundred.
settings.register_profile(QUICK, settings.get_profile("sotto"), max_examples=25)

# The official models, out of the packages that the development group installs, once for all tests.
os.environ["SOTTO_MODELS_DIR"] = str(OFFICIAL_MODELS)

# Programs that a shell starts in the background ignore Ctrl-C, those under `nohup` the end of their
# terminal, and so would those that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Before `-m` chooses."""
    add_marks(item)


@pytest.fixture(scope="session", autouse=True)
def official_models() -> None:
    """Make the official models at once, so that Sotto chooses the same one in every order."""
    for name in get_args(Official):
        official(name)


@pytest.fixture(scope="session", autouse=True)
def fixture_own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Logs of the programs that tests start are not among the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(name="audio_server")
def fixture_audio_server() -> Iterator[AudioServer]:
    """A private sound server that has just started (0.5 s); this process uses it."""
    with audio_server() as server:
        yield server
