"""Sizes that grow with the text that the user chose for all programs."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication

_USUAL_HEIGHT = 17  # pixels of a row of text of ten points, for which sizes are given
_FOOT = 120  # pixels of a dialog with its buttons and title, beside what it shows
_SHARE = 0.92  # of a screen, which a window takes at most with what is around it


def scaled(pixels: int) -> int:
    """Return a size that suits the user's text; never a smaller one."""
    height = QFontMetrics(QApplication.font()).height()
    return max(pixels, round(pixels * height / _USUAL_HEIGHT))


def icon_size(pixels: int) -> QSize:
    """Return the size of a drawing beside text."""
    return QSize(scaled(pixels), scaled(pixels))


def window_size(width: int, height: int) -> QSize:
    """Return the size of a window that suits the user's text and is not larger than the screen."""
    return QSize(scaled(width), scaled(height)).boundedTo(_room())


def on_screen(width: int) -> int:
    """Return a width, or that of the screen where it is less."""
    return min(width, _room().width())


def high_on_screen(height: int) -> int:
    """Return the height of a part of a dialog, or what the screen leaves beside the rest."""
    return min(height, _room().height() - scaled(_FOOT))


def _room() -> QSize:
    return QGuiApplication.primaryScreen().availableSize() * _SHARE
