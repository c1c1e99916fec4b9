"""What of a text is under the mouse: a word to be heard, or the name of a speaker."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from sotto.app.ui.files.lines.text_model import LINE, SPEAKER
from sotto.app.ui.files.lines.text_painting import NOWHERE, Marks, Place, TextDelegate

if TYPE_CHECKING:
    from sotto.app.ui.files.lines.text_list import TextList

_IN_LINE = 20  # pixels from the left edge, where there is a line at any height


class Pointing:
    """Finds it, and marks it."""

    def __init__(self, text: "TextList", marks: Marks, delegate: TextDelegate) -> None:
        self._text = text
        self._marks = marks
        self._delegate = delegate

    def word_at(self, point: QPointF) -> Place:
        """Return the word at a point, or the nearest one in its row; NOWHERE beside all lines."""
        index = self._text.indexAt(QPoint(_IN_LINE, int(point.y())))
        if not index.isValid() or point.x() < self._delegate.left - 10:
            return NOWHERE
        row = QRectF(self._text.visualRect(index))
        word = self._delegate.word_at(row, index.data(LINE), point)
        return (index.row(), word) if word >= 0 else NOWHERE

    def name_at(self, point: QPointF) -> int:
        """Return the line whose speaker's name is at a point; -1 beside all."""
        index = self._text.indexAt(QPoint(_IN_LINE, int(point.y())))
        is_named = index.isValid() and bool(index.data(SPEAKER))
        row = QRectF(self._text.visualRect(index))
        return index.row() if is_named and self._delegate.is_name(row, point) else -1

    def point_at(self, point: QPointF) -> None:
        """Mark what a click would take."""
        self._mark(self.word_at(point), self.name_at(point))

    def leave(self) -> None:
        """Mark nothing."""
        self._mark(NOWHERE, -1)

    def _mark(self, place: Place, name: int) -> None:
        marks = self._marks
        if (place, name) == (marks.pointed, marks.pointed_name):
            return
        before = {marks.pointed[0], marks.pointed_name}
        marks.pointed, marks.pointed_name = place, name
        for line in {*before, place[0], name}:
            self._text.update_line(line)
        shape = Qt.CursorShape
        can_click = place != NOWHERE or name >= 0
        self._text.viewport().setCursor(
            shape.PointingHandCursor if can_click else shape.ArrowCursor
        )
