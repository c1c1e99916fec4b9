"""The main window with its services, without an `App` around it."""

from pathlib import Path

from sotto.app.core.settings import SettingsStore
from sotto.app.dictating.engine import Engine
from sotto.app.service.dictation import Dictation
from sotto.app.service.inventory import Inventory
from sotto.app.service.storage.text_storage import TextStorage
from sotto.app.ui.main_window.main_window import MainWindow


def new_window(engine: Engine, settings: SettingsStore, texts: Path) -> MainWindow:
    """Make a window that owns what it needs; dictated text goes nowhere else."""
    dictation, text_storage = Dictation(engine, settings), TextStorage(texts)
    inventory = Inventory(engine, settings)
    window = MainWindow(dictation, text_storage, inventory, settings)
    for part in (dictation, text_storage, inventory):
        part.setParent(window)
    return window
