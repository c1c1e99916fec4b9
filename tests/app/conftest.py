"""A real X server for Qt, and folders of its own for each test that wants them."""

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.ui.widgets.application import application
from tests.helpers.patient_qtbot import PatientQtBot
from tools.fixtures.x_server import x_server

# Before HOME is another's.
COMPILED = Path(os.environ.get("SOTTO_CACHE_DIR") or platformdirs.user_cache_path("sotto"))


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, x_server() as display:
        patch.setenv("DISPLAY", display)
        patch.setenv("QT_QPA_PLATFORM", "xcb")
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        yield display


@pytest.fixture(scope="session")
def qapp(display: str) -> QApplication:
    return application(["sotto"])


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """In the place of pytest-qt's own."""
    return PatientQtBot(request)


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(COMPILED))  # compiling takes minutes; once is enough


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return tmp_path / "texts"
