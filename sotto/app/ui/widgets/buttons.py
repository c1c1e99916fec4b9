"""Buttons."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def push_button(text: str, act: Callable[[], None]) -> QPushButton:
    """Return a button that Return in a text field does not press."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    button.clicked.connect(lambda _checked=False: act())
    return button
