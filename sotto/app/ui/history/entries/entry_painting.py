"""How a text looks in the list: when, where and how long in one line, then its first two lines."""

from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QObject, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from sotto.app.core.history import Entry
from sotto.app.ui.history.entries.entry_model import ENTRY, Index
from sotto.app.ui.history.entries.time_words import application_words, duration_words, when_words
from sotto.app.ui.widgets.row_ground import paint_row_ground
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

_LINES = 2
_LONGEST = 600  # characters; far more than two lines hold, and quick to lay out
_MARGIN = 14  # pixels beside the text
_PADDING = 10  # above and below it
_GAP = 4  # between the first line and the text
_NOTE = 14  # pixels; the size of the mark of kept sound


class EntryDelegate(QStyledItemDelegate):
    """Paints every entry in the same height, so that thousands need no layout."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._colours = LIGHT

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802  # Qt's
        """Return the height of three lines; the list gives the width."""
        text = QFontMetrics(option.font).lineSpacing() * _LINES
        head = QFontMetrics(_small(option.font)).height()
        return QSize(0, head + _GAP + text + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the entry."""
        entry: Entry = index.data(ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, self._colours)
        room = option.rect.adjusted(_MARGIN, _PADDING, -_MARGIN, -_PADDING)
        self._paint_head(painter, option.font, room, entry)
        head = QFontMetrics(_small(option.font)).height()
        self._paint_text(painter, option.font, room.adjusted(0, head + _GAP, 0, 0), entry.text)
        painter.restore()

    def _paint_head(self, painter: QPainter, font: QFont, room: QRect, entry: Entry) -> None:
        painter.setFont(_small(font))
        painter.setPen(QColor(self._colours.secondary))
        line = QRect(room.topLeft(), QSize(room.width(), painter.fontMetrics().height()))
        if entry.sound is not None:
            note = icons.pixmap("note", self._colours.secondary, _NOTE)
            top = line.center().y() - _NOTE // 2
            painter.drawPixmap(line.right() - _NOTE + 1, top, note)
            line.setRight(line.right() - _NOTE - 6)
        duration = duration_words(entry.duration_s)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, duration)
        line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(f"{duration}   "))
        when = when_words(entry.when, datetime.now().astimezone())
        words = f"{when}  ·  {application_words(entry.application)}"
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, elided)

    def _paint_text(self, painter: QPainter, font: QFont, room: QRect, text: str) -> None:
        painter.setPen(QColor(self._colours.text))
        y = float(room.top())
        for line in first_lines(text, font, room.width()):
            layout = QTextLayout(line, font)
            layout.beginLayout()
            layout.createLine()
            layout.endLayout()
            layout.draw(painter, QPointF(room.left(), y))
            y += QFontMetrics(font).lineSpacing()


def first_lines(text: str, font: QFont, width: int) -> list[str]:
    """Return the first two lines of a text wrapped to `width` pixels, with “…” if there is more."""
    flat = " ".join(text[:_LONGEST].split())
    layout = QTextLayout(flat, font)
    layout.setTextOption(_anywhere())
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < _LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    lines = [_utf16(flat, start, end) for start, end in pairwise(starts)]
    last = _utf16(flat, starts[-1], None) if starts else ""
    return [*lines, QFontMetrics(font).elidedText(last, Qt.TextElideMode.ElideRight, width)]


def _anywhere() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _utf16(text: str, start: int, end: int | None) -> str:
    """Return the part of a text between two places that Qt counts in UTF-16."""
    units = text.encode("utf-16-le")
    return units[2 * start : None if end is None else 2 * end].decode("utf-16-le")


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.9)
    return small
