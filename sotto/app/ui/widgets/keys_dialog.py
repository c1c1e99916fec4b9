"""A list of keys and what they do."""

from collections.abc import Sequence

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

Rows = Sequence[tuple[str, str]]  # what is done, and by which keys


class KeysDialog(QDialog):
    """Shows keys in a table."""

    def __init__(self, rows: Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAccessibleName("Keyboard shortcuts")
        self.setAccessibleDescription(". ".join(f"{what}: {keys}" for what, keys in rows))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 28, 32, 24)
        layout.setSpacing(24)
        layout.addLayout(_table(rows))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText("&Close")
        close.setIcon(QIcon())  # Fusion adds a grey one
        close.setAccessibleName("Close")
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def native(keys: str) -> str:
    """Return a key sequence as this desktop writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _table(rows: Rows) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(48)
    grid.setVerticalSpacing(10)
    for row, (what, keys) in enumerate(rows):
        grid.addWidget(QLabel(what), row, 0)
        label = QLabel(keys)
        label.setObjectName("secondary")
        grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignRight)
    return grid
