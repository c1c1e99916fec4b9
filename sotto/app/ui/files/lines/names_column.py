"""Who says each line, in a column between its time and its words."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from sotto.app.core.projects.document import Document

_MOST_EMS = 10  # of a name that is seen; the rest of a longer one is cut off
_BESIDE = 14  # pixels between a name and the words


def shown_name(document: Document, speaker: str) -> str:
    """Return how a speaker is called on the screen: as the user says, or “Left”."""
    return document.names.get(speaker) or speaker.capitalize()


class NamesColumn:
    """Takes no room where nobody is told apart."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self.set_font(QFont())

    def set_font(self, font: QFont) -> None:
        """Write in this font from now on."""
        self._font = font
        self._metrics = QFontMetricsF(font)
        self.set_names(self._names)

    def set_names(self, names: Sequence[str]) -> None:
        """Make room for these."""
        self._names = tuple(names)
        widest = max(map(self._metrics.horizontalAdvance, names), default=0.0)
        self._most = ceil(min(widest, _MOST_EMS * self._metrics.height())) + 1
        self.width = self._most + _BESIDE if names else 0

    def paint(self, painter: QPainter, at: QPointF, name: str, colour: str, *, lit: bool) -> None:
        """Write a name from a point of the baseline on, underlined where a click would take it."""
        font = QFont(self._font)
        font.setUnderline(lit)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        right = Qt.TextElideMode.ElideRight
        painter.drawText(at, self._metrics.elidedText(name, right, self._most))
