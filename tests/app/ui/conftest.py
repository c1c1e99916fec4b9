"""The real window on a real X server with a real window manager."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import LoadedSettings, Settings, SettingsStore, Theme
from sotto.app.dictating.engine import Model
from sotto.app.dictating.phases import Phase
from sotto.app.service.qt_settings import SettingsSaver
from sotto.app.ui.app import App
from sotto.app.ui.main_window.main_window import MainWindow
from tests.helpers.scripted_engine import (
    BASE,
    FINISHING,
    LISTENING,
    PREPARING,
    STARTER,
    STOPPED,
    Script,
    ScriptedEngine,
)
from tests.helpers.windows import new_window

Child = TypeVar("Child", bound=QObject)
OpenWindow = Callable[..., MainWindow]
WithApp = Callable[..., App]
PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def in_own_folders(own_folders: None) -> None:
    """Every window has folders of its own."""


@pytest.fixture
def open_window(qtbot: QtBot, texts: Path) -> Iterator[OpenWindow]:
    windows = []

    def open_one(engine: ScriptedEngine | None = None, **settings: object) -> MainWindow:
        chosen = Settings(**({"theme": Theme.LIGHT} | settings))  # type: ignore[arg-type]  # by name
        saver = SettingsSaver()
        store = SettingsStore(chosen, saver.save)
        window = new_window(engine or ScriptedEngine(), store, texts)
        saver.setParent(window)
        windows.append(window)
        answers: list[None] = []
        window.inventory.answered.connect(lambda: answers.append(None))
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=30_000)
        qtbot.waitUntil(lambda: len(answers) == 2)  # microphones and models
        return window

    yield open_one
    for window in windows:
        window.close()
        qtbot.waitUntil(_is_gone(window), timeout=30_000)
        window.deleteLater()


@pytest.fixture
def open_app(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[WithApp]:
    apps: list[App] = []
    # The test process goes on after the program has ended.
    ended: list[None] = []
    monkeypatch.setattr(QApplication, "quit", lambda: ended.append(None))

    def open_one(
        before: Script = (),
        after: Script = (),
        models: tuple[Model, ...] = (STARTER, BASE),
        *,
        transcribes: bool = False,
        **settings: object,
    ) -> App:
        engine = ScriptedEngine(
            before=(PREPARING, LISTENING, *before),
            after=(FINISHING, *after, STOPPED),
            found_models=models,
        )
        chosen = {"hotkey": "", "cues": False, "was_welcomed": True, "theme": Theme.LIGHT}
        loaded = LoadedSettings(Settings(**(chosen | settings)))  # type: ignore[arg-type]  # by name
        app = App(lambda _: engine, loaded)
        apps.append(app)
        answers: list[None] = []
        app.window.inventory.answered.connect(lambda: answers.append(None))
        assert app.control.start()
        with qtbot.waitExposed(app.window):
            app.start(transcribes=transcribes)
        qtbot.waitUntil(lambda: len(answers) == 2)  # microphones and models
        return app

    yield open_one
    for app in apps:
        app.settings.change(overlay=False)
        app.window.quit()
    qtbot.waitUntil(lambda: len(ended) == len(apps), timeout=PATIENCE_MS)
    for app in apps:
        app.window.deleteLater()


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)


def wait_for_phase(qtbot: QtBot, window: MainWindow, phase: Phase) -> None:
    qtbot.waitUntil(lambda: window.dictation.phase is phase, timeout=30_000)


def child(parent: QObject, kind: type[Child], name: str = "") -> Child:
    """Return the one child of that kind, and name if one is given."""
    found = parent.findChild(kind, name) if name else parent.findChild(kind)
    assert found is not None
    return found


def _is_gone(window: MainWindow) -> Callable[[], bool]:
    return lambda: not window.isVisible()
