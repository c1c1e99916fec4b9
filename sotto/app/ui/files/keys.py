"""The keys of the window of recordings, wherever the focus is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from sotto.app.ui.files.files_window import FilesWindow


def add_shortcuts(window: "FilesWindow") -> None:
    """Let keys do in a window what its buttons do, and more; what needs a text waits for one."""
    view = window.view
    for keys, act in (
        ("Ctrl+O", window.ask_for_files),
        ("Ctrl+R", window.deeds.again),
        ("Ctrl+Z", view.model.undo),
        ("Ctrl+Shift+Z", view.model.redo),
        ("Ctrl+Y", view.model.redo),
        ("F3", lambda: view.go_on_searching(1)),
        ("Shift+F3", lambda: view.go_on_searching(-1)),
        ("Ctrl+W", window.close),
    ):
        QShortcut(QKeySequence(keys), window, act)
    for keys, act in (
        ("Ctrl+S", view.export),
        ("Ctrl+E", view.export),
        ("Ctrl+F", view.search.open),
        ("F4", lambda: view.go_to_doubt(1)),
        ("Shift+F4", lambda: view.go_to_doubt(-1)),
        ("Ctrl+Shift+C", view.copy),
        ("F2", view.text.correct),
    ):
        QShortcut(QKeySequence(keys), window, _with_text(window, act))


def _with_text(window: "FilesWindow", act: Callable[[], None]) -> Callable[[], None]:
    return lambda: act() if window.has_text else None
