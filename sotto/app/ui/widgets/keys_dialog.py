"""A list of keys and what they do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sotto.app.ui.widgets.theme.sizes import high_on_screen

Rows = Sequence[tuple[str, str]]  # what is done, and by which keys


class KeysDialog(QDialog):
    """Shows keys in a table."""

    def __init__(self, rows: Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAccessibleName("Keyboard shortcuts")
        self.setAccessibleDescription(". ".join(f"{what}: {keys}" for what, keys in rows))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 24)
        layout.setSpacing(16)
        self.table = _scrolled(_table(rows))
        layout.addWidget(self.table)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText("&Close")
        close.setIcon(QIcon())  # Fusion adds a grey one
        close.setAccessibleName("Close")
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(32, 0, 32, 0)
        foot.addWidget(buttons)
        layout.addLayout(foot)


def native(keys: str) -> str:
    """Return a key sequence as this desktop writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _scrolled(table: QWidget) -> QScrollArea:
    """Return a table as high as it is, or as the screen allows; the keyboard scrolls it."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName("Keyboard shortcuts")
    area.setWidgetResizable(True)
    area.setWidget(table)
    area.ensurePolished()
    bar = area.verticalScrollBar().sizeHint().width()
    area.setMinimumWidth(table.sizeHint().width() + bar)
    height = table.sizeHint().height()
    area.setMinimumHeight(high_on_screen(height))
    is_cut = high_on_screen(height) < height
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_cut else Qt.FocusPolicy.NoFocus)
    return area


def _table(rows: Rows) -> QWidget:
    table = QWidget()
    table.setObjectName("paper")
    grid = QGridLayout(table)
    grid.setContentsMargins(32, 20, 32, 8)
    grid.setHorizontalSpacing(48)
    grid.setVerticalSpacing(10)
    for row, (what, keys) in enumerate(rows):
        grid.addWidget(QLabel(what), row, 0)
        label = QLabel(keys)
        label.setObjectName("secondary")
        grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignRight)
    return table
