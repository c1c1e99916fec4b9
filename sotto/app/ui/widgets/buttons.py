"""Buttons."""

from collections.abc import Callable

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QToolButton, QWidget

from sotto.app.ui.widgets.theme.sizes import icon_size


def push_button(text: str, act: Callable[[], None]) -> QPushButton:
    """Return a button that Return in a text field does not press."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    button.clicked.connect(lambda _checked=False: act())
    return button


def tool_button(words: str, keys: str, parent: QWidget) -> QToolButton:
    """Return a button with a drawing, which says what it does to who asks, and by which keys."""
    button = QToolButton(parent)
    button.setIconSize(icon_size(20))
    name_button(button, words, keys)
    return button


def name_button(button: QToolButton, words: str, keys: str) -> None:
    """Say what a button with a drawing does."""
    button.setAccessibleName(words)
    button.setToolTip(f"{words} ({keys})")


def cancel_or(words: str, accept: Callable[[], None], dialog: QDialog) -> QDialogButtonBox:
    """Return the buttons of a dialog: Cancel, and the default one, which calls `accept`."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())  # Fusion's is grey
    buttons.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
    buttons.accepted.connect(accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
