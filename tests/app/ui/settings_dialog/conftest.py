"""The settings dialog, open, on the real X server."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, Theme
from sotto.app.ui import style
from sotto.app.ui.settings_dialog import Choices, SettingsDialog
from tests.helpers.scripted_engine import BASE, DEMONSTRATION, MICROPHONES

OpenDialog = Callable[..., SettingsDialog]
CHOICES = Choices(
    MICROPHONES, (DEMONSTRATION, BASE), ("screen-1",), starts_with_desktop=False, is_in_menu=False
)


@pytest.fixture
def open_dialog(qtbot: QtBot, qapp: QApplication) -> Iterator[OpenDialog]:
    dialogs = []

    def open_one(settings: Settings | None = None, choices: Choices = CHOICES) -> SettingsDialog:
        colours = style.wanted_colours(Theme.LIGHT, qapp)
        style.apply(colours, qapp)
        dialog = SettingsDialog(settings or Settings(), choices)
        dialogs.append(dialog)
        dialog.set_colours(colours)
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow, timeout=30_000)
        return dialog

    yield open_one
    for dialog in dialogs:
        dialog.close()
        # A sound server that ends while a device is being closed keeps it from ever closing.
        qtbot.waitUntil(lambda: not listens(), timeout=30_000)
        dialog.deleteLater()


def listens() -> bool:
    return any(thread.name == "sotto-level" for thread in threading.enumerate())
