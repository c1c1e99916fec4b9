"""The real window on a real X server with a real window manager."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore, Theme
from sotto.app.service.dictation import Phase
from sotto.app.service.qt_settings import SettingsSaver
from sotto.app.ui.main_window.main_window import MainWindow
from tests.helpers.scripted_engine import ScriptedEngine

Child = TypeVar("Child", bound=QObject)
OpenWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def in_own_folders(own_folders: None) -> None:
    """Every window has folders of its own."""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return tmp_path / "texts"


@pytest.fixture
def open_window(qtbot: QtBot, texts: Path) -> Iterator[OpenWindow]:
    windows = []

    def open_one(engine: ScriptedEngine | None = None, **settings: object) -> MainWindow:
        chosen = Settings(**({"theme": Theme.LIGHT} | settings))  # type: ignore[arg-type]  # by name
        saver = SettingsSaver()
        store = SettingsStore(chosen, saver.save)
        window = MainWindow(engine or ScriptedEngine(), store, texts)
        saver.setParent(window)
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
