"""The keys of the window of recordings, wherever the focus is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from sotto.app.ui.widgets.keys_dialog import KeysDialog

if TYPE_CHECKING:
    from sotto.app.ui.files.files_window import FilesWindow

LISTED = (
    ("Play, pause", "Space"),
    ("Slower, faster", "<, >"),
    ("From word to word, from line to line", "Arrows"),
    ("Play from this word", "Enter"),
    ("Correct this line", "F2"),
    ("Keep what was written; or, where nothing was, two lines", "Enter"),
    ("Two lines, from this word or from the cursor on", "Shift+Enter"),
    ("One line with the one before, at its start", "Backspace"),
    ("Go on to the next line", "Tab"),
    ("Leave the line as it was", "Escape"),
    ("Name the speakers", "Shift+F2"),
    ("Menu of a line, or of a recording", "Menu"),
    ("Next, previous doubtful word", "F4, Shift+F4"),
    ("Undo, redo", "Ctrl+Z, Ctrl+Shift+Z"),
    ("Find", "Ctrl+F"),
    ("Next, previous place", "F3, Shift+F3"),
    ("Export", "Ctrl+E"),
    ("Copy the line, all of the text", "Ctrl+C, Ctrl+Shift+C"),
    ("Zoom the waveform", "+, −"),  # noqa: RUF001 (as the key is drawn)
    ("Open recordings", "Ctrl+O"),
    ("Open recordings with other settings", "Ctrl+Shift+O"),
    ("Transcribe again, or with other settings", "Ctrl+R"),
    ("Remove from the list", "Delete"),
    ("Close the window", "Ctrl+W"),
)
"""All that there are; those of a line or of the list are where those are."""


def add_shortcuts(window: "FilesWindow") -> None:
    """Let keys do in a window what its buttons do, and more; what needs a text waits for one."""
    view = window.view
    for keys, act in (
        ("Ctrl+O", window.ask_for_files),
        ("Ctrl+Shift+O", window.ask_for_files_with),
        ("Ctrl+R", window.deeds.again),
        ("Ctrl+Z", view.model.undo),
        ("Ctrl+Shift+Z", view.model.redo),
        ("Ctrl+Y", view.model.redo),
        ("F3", lambda: view.go_on_searching(1)),
        ("Shift+F3", lambda: view.go_on_searching(-1)),
        ("F1", lambda: KeysDialog(LISTED, window).open()),
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
        ("Shift+F2", view.name_speakers),
    ):
        QShortcut(QKeySequence(keys), window, _with_text(window, act))


def _with_text(window: "FilesWindow", act: Callable[[], None]) -> Callable[[], None]:
    return lambda: act() if window.has_text else None


def press(window: "FilesWindow", event: QKeyEvent) -> bool:
    """Do what a key means wherever nothing else is meant by it; return whether it means something.

    Space plays, plus and minus zoom, < and > change the tempo, Escape ends the search or closes.
    """
    view = window.view
    deeds: dict[Qt.Key, Callable[[], None]] = {
        Qt.Key.Key_Space: view.play_or_pause,
        Qt.Key.Key_Plus: view.waveform.zoom_in,
        Qt.Key.Key_Equal: view.waveform.zoom_in,
        Qt.Key.Key_Minus: view.waveform.zoom_out,
        Qt.Key.Key_Less: lambda: view.transport.tempo_button.step(-1),
        Qt.Key.Key_Greater: lambda: view.transport.tempo_button.step(1),
    }
    deed = deeds.get(Qt.Key(event.key()))
    if event.key() == Qt.Key.Key_Escape:
        view.close_search() if view.search.isVisible() else window.close()
    elif (
        deed is not None
        and window.has_text
        and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
    ):
        deed()
    else:
        return False
    return True
