"""The list of keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from sotto.app.ui.main_window.actions import COMMANDS

_ALSO = (
    ("Start or stop, outside of controls", "Space"),
    ("Go through the controls", "Tab"),
    ("Open the menu", "F10"),
    ("Follow the newest text", "Ctrl+End"),
)


class ShortcutsDialog(QDialog):
    """All keys and what they do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAccessibleName("Keyboard shortcuts")
        self.setAccessibleDescription(". ".join(f"{what}: {keys}" for what, keys in _rows()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 28, 32, 24)
        layout.setSpacing(24)
        layout.addLayout(_table())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText("&Close")
        close.setIcon(QIcon())  # Fusion adds a grey one
        close.setAccessibleName("Close")
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _rows() -> list[tuple[str, str]]:
    declared = [
        (command.text.replace("&", "").rstrip("…"), _native(command.keys[0]))
        for command in COMMANDS
        if command.keys
    ]
    return [*((what, _native(keys)) for what, keys in _ALSO), *declared]


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _table() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(48)
    grid.setVerticalSpacing(10)
    for row, (what, keys) in enumerate(_rows()):
        grid.addWidget(QLabel(what), row, 0)
        label = QLabel(keys)
        label.setObjectName("secondary")
        grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignRight)
    return grid
