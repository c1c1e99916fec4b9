"""Marks in a text that a search has found."""

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit


def mark_spans(view: QTextEdit, spans: Sequence[tuple[int, int]], colour: str) -> None:
    """Mark these parts (first character, and the one after the last), and show the first one."""
    text = view.toPlainText()
    places = [(_in_utf16(text, start), _in_utf16(text, end)) for start, end in spans]
    view.setExtraSelections([_mark(view, place, colour) for place in places])
    if places:
        view.setTextCursor(_cursor(view, places[0][0], places[0][0]))


def _mark(view: QTextEdit, place: tuple[int, int], colour: str) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = _cursor(view, *place)
    mark.format = _format(colour)
    return mark


def _cursor(view: QTextEdit, start: int, end: int) -> QTextCursor:
    cursor = QTextCursor(view.document())
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _format(colour: str) -> QTextCharFormat:
    # A line besides the ground: colour alone tells nobody enough.
    result = QTextCharFormat()
    result.setBackground(QColor(colour))
    result.setFontUnderline(True)
    return result


def _in_utf16(text: str, place: int) -> int:
    """Return how Qt counts a place in a text."""
    return len(text[:place].encode("utf-16-le")) // 2
