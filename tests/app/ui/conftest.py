"""The real window on a real X server with a real window manager."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import platformdirs
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, Theme
from sotto.app.ui.dictation import Phase
from sotto.app.ui.main import application
from sotto.app.ui.window import MainWindow
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.x_server import x_server

# Before HOME is another's.
COMPILED = Path(os.environ.get("SOTTO_CACHE_DIR") or platformdirs.user_cache_path("sotto"))

Child = TypeVar("Child", bound=QObject)
OpenWindow = Callable[..., MainWindow]


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


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(COMPILED))  # compiling takes minutes; once is enough


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return tmp_path / "texts"


@pytest.fixture
def open_window(qtbot: QtBot, texts: Path) -> Iterator[OpenWindow]:
    windows = []

    def open_one(engine: ScriptedEngine | None = None, **settings: object) -> MainWindow:
        chosen = Settings(**({"theme": Theme.LIGHT} | settings))  # type: ignore[arg-type]  # by name
        window = MainWindow(engine or ScriptedEngine(), chosen, texts)
        windows.append(window)
        answers: list[None] = []
        window.inventory.answered.connect(lambda: answers.append(None))
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=30_000)
        qtbot.waitUntil(lambda: len(answers) == 2)  # microphones and models
        return window

    yield open_one
    for window in windows:
        window.close()
        qtbot.waitUntil(_is_gone(window), timeout=30_000)
        window.deleteLater()


def wait_for_phase(qtbot: QtBot, window: MainWindow, phase: Phase) -> None:
    qtbot.waitUntil(lambda: window.dictation.phase is phase, timeout=30_000)


def child(parent: QObject, kind: type[Child], name: str = "") -> Child:
    """Return the one child of that kind, and name if one is given."""
    found = parent.findChild(kind, name) if name else parent.findChild(kind)
    assert found is not None
    return found


def _is_gone(window: MainWindow) -> Callable[[], bool]:
    return lambda: not window.isVisible()
