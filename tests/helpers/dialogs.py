"""Dialogs as a user has them: in their colours, on the screen and in front."""

import threading

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Theme
from sotto.app.ui.first_run import FirstRun
from sotto.app.ui.settings_dialog import SettingsDialog
from sotto.app.ui.widgets.theme import style

PATIENCE_MS = 30_000


def bring_up(qtbot: QtBot, app: QApplication, dialog: FirstRun | SettingsDialog) -> None:
    """Show a dialog in light colours and wait until it has the focus."""
    colours = style.wanted_colours(Theme.LIGHT, app)
    style.apply(colours, app)
    dialog.set_colours(colours)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE_MS)


def put_away(qtbot: QtBot, dialog: FirstRun | SettingsDialog) -> None:
    """Close a dialog, and wait until its microphone is closed.

    A sound server that ends while a device is being closed keeps it from ever closing.
    """
    dialog.close()
    qtbot.waitUntil(lambda: not listens(), timeout=PATIENCE_MS)
    dialog.deleteLater()


def listens() -> bool:
    """Return whether a microphone's level is being listened to."""
    return any(thread.name == "sotto-level" for thread in threading.enumerate())
