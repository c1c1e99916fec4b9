from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.history import Dictated, History
from sotto.app.ui.history import HistoryWindow
from sotto.app.ui.widgets.theme import style
from sotto.app.ui.widgets.theme.colours import LIGHT

WAIT_MS = 30_000
SOUND = np.zeros(16_000, dtype=np.float32)
Fill = Callable[..., None]
OpenHistory = Callable[..., HistoryWindow]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


@pytest.fixture
def fill(path: Path) -> Fill:
    """Add texts, a minute apart, the last one now; those that end in “♪” with their sound."""

    def fill_in(*texts: str) -> None:
        history = History(path)
        now = datetime.now().astimezone()
        for ago, text in zip(reversed(range(len(texts))), texts, strict=True):
            when = now - timedelta(minutes=ago)
            dictated = Dictated(text, 1.0, 5.0, "one", "mousepad", when)
            history.add(dictated, SOUND if text.endswith("♪") else None)
        history.close()

    return fill_in


@pytest.fixture
def open_history(qtbot: QtBot, qapp: QApplication, path: Path) -> Iterator[OpenHistory]:
    """Open the window and wait until it lists so many texts."""
    style.apply(LIGHT, qapp)
    windows = []

    def open_one(n_listed: int) -> HistoryWindow:
        window = HistoryWindow(path, LIGHT)
        windows.append(window)
        answers: list[None] = []
        window.model.found.connect(lambda: answers.append(None))
        window.records.failed.connect(lambda: answers.append(None))
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
        assert window.model.rowCount() == n_listed
        return window

    yield open_one
    for window in windows:
        window.close()
        window.deleteLater()
