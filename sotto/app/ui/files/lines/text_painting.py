"""How a line looks: when it is said, and its words, each as what it is just now."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractItemModel,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sotto.app.core.projects.document import Line
from sotto.app.core.projects.search import DOUBTFUL, Found
from sotto.app.ui.files.clock_words import clock
from sotto.app.ui.files.lines.line_editor import PADDING, LineEditor
from sotto.app.ui.files.lines.names_column import NamesColumn
from sotto.app.ui.files.lines.text_model import LINE, SPEAKER, Index
from sotto.app.ui.files.lines.word_layout import Placed, WordLayout
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

MARGIN = 20  # pixels beside a line
_BESIDE = 10  # pixels of the editor beside the words, with its border
_GUTTER = "0:00:00 "  # the room for times
_AROUND = 3  # pixels of ground around a word
_RADIUS = 4

Place = tuple[int, int]  # a line and a word of it
NOWHERE: Place = (-1, -1)


@dataclass
class Marks:
    """What is marked in the text. The list changes it, and the delegate paints it."""

    heard: Place = NOWHERE  # being played
    cursor: Place = NOWHERE  # of the keyboard
    pointed: Place = NOWHERE  # under the mouse
    pointed_name: int = -1  # the line whose speaker's name is under the mouse
    found: dict[int, list[Found]] = field(default_factory=dict)
    shown: Found | None = None  # of those that were found, the one that the user is at

    def set_found(self, found: Sequence[Found]) -> None:
        """Mark what a search has found."""
        self.found = {}
        for each in found:
            self.found.setdefault(each.line, []).append(each)


class TextDelegate(QStyledItemDelegate):
    """Paints the words of a line one by one, and measures each line once a width."""

    split_requested = Signal(int, str, str)  # a line, and the two texts that it is to become
    join_requested = Signal(int, str)  # a line, and its text: with the one before it

    def __init__(self, parent: QObject, marks: Marks) -> None:
        super().__init__(parent)
        self._marks = marks
        self._colours = LIGHT
        # By identity, for thousands of words would have to be hashed; the line is kept with it.
        self._placed: dict[int, tuple[Line, Placed]] = {}
        self._width = 0.0
        self.names = NamesColumn()
        self.set_font(QFont())

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours

    def set_font(self, font: QFont) -> None:
        """Write in this font from now on."""
        self.layout = WordLayout(font)
        self._small = QFont(font)
        self._small.setPointSizeF(font.pointSizeF() * 0.8)
        self._gutter = QFontMetrics(self._small).horizontalAdvance(_GUTTER) + 8
        self.names.set_font(self._small)
        self._placed = {}

    def set_width(self, width: int) -> bool:
        """Break lines for a list of this width; return whether they were for another one."""
        text_width = float(max(80, width - self.left - MARGIN))
        if text_width == self._width:
            return False
        self._width = text_width
        self._placed = {}
        return True

    @property
    def left(self) -> int:
        """Where words begin."""
        return MARGIN + self._gutter + self.names.width

    def is_name(self, row: QRectF, point: QPointF) -> bool:
        """Tell whether a point is where the speaker of the line in `row` is named."""
        room = QRectF(row.left() + MARGIN + self._gutter, row.top(), self.names.width, row.height())
        return room.adjusted(0, 0, -_BESIDE, 0).contains(point)

    def placed(self, line: Line) -> Placed:
        """Return where the words of a line stand."""
        known = self._placed.get(id(line))
        if known is None:
            known = self._placed[id(line)] = line, self.layout.place(line, self._width)
        return known[1]

    def word_rect(self, row: QRectF, line: Line, word: int) -> QRectF:
        """Return where a word of the line in `row` is."""
        rect = self.layout.rect(self.placed(line), word)
        return rect.translated(row.left() + self.left, row.top() + PADDING)

    def word_at(self, row: QRectF, line: Line, point: QPointF) -> int:
        """Return the word of the line in `row` at a point; -1 beside all."""
        at = point - QPointF(row.left() + self.left, row.top() + PADDING)
        return self.layout.word_at(self.placed(line), at)

    # Qt's ----------------------------------------------------------------------------------

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802  # Qt's
        """Return the height of a line; the list gives the width."""
        placed = self.placed(index.data(LINE))
        return QSize(0, self.layout.height_of(placed) + 2 * PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        line: Line = index.data(LINE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(option.rect)
        self._paint_time(painter, row, line, is_heard=self._marks.heard[0] == index.row())
        self._paint_name(painter, row, index)
        self._paint_grounds(painter, row, line, index.row())
        self._paint_words(painter, row, line, index.row())
        self._paint_cursor(painter, option, row, line, index.row())
        painter.restore()

    def _paint_time(self, painter: QPainter, row: QRectF, line: Line, *, is_heard: bool) -> None:
        painter.setFont(self._small)
        painter.setPen(QColor(self._colours.accent if is_heard else self._colours.secondary))
        baseline = row.top() + PADDING + self._baseline
        painter.drawText(QPointF(row.left() + MARGIN, baseline), clock(line.start))

    def _paint_name(self, painter: QPainter, row: QRectF, index: Index) -> None:
        if name := index.data(SPEAKER):
            baseline = row.top() + PADDING + self._baseline
            at = QPointF(row.left() + MARGIN + self._gutter, baseline)
            is_pointed = self._marks.pointed_name == index.row()
            self.names.paint(painter, at, name, self._colours.accent, lit=is_pointed)

    @property
    def _baseline(self) -> float:
        return (self.layout.row_height - self.layout.height) / 2 + self.layout.ascent

    def _paint_grounds(self, painter: QPainter, row: QRectF, line: Line, number: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        marks, colours = self._marks, self._colours
        for found in marks.found.get(number, ()):
            is_shown = found == marks.shown
            painter.setBrush(QColor(colours.warning))
            painter.setPen(QPen(QColor(colours.text), 1) if is_shown else Qt.PenStyle.NoPen)
            self._paint_ground(painter, row, line, range(found.first, found.last + 1))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, colour in (
            (marks.pointed, colours.control_hover),
            (marks.heard, colours.accent),
        ):
            if place[0] == number and 0 <= place[1] < len(line.words):
                painter.setBrush(QColor(colour))
                self._paint_ground(painter, row, line, range(place[1], place[1] + 1))

    def _paint_ground(self, painter: QPainter, row: QRectF, line: Line, words: range) -> None:
        for word in words:
            rect = self.word_rect(row, line, word)
            if word + 1 in words and line.words[word + 1].text[:1].isspace():
                rect.setRight(rect.right() + self.layout.space)  # one ground for several words
            painter.drawRoundedRect(rect.adjusted(-_AROUND, 0, _AROUND, 0), _RADIUS, _RADIUS)

    def _paint_words(self, painter: QPainter, row: QRectF, line: Line, number: int) -> None:
        placed, colours = self.placed(line), self._colours
        text, heard = QColor(colours.text), QColor(colours.on_accent)
        painter.setFont(self.layout.font)
        painter.setPen(text)
        left, top = row.left() + self.left, row.top() + PADDING + self._baseline
        is_heard = self._marks.heard[0] == number
        for at, word in enumerate(placed.texts):
            y = top + placed.rows[at] * self.layout.row_height
            is_heard_word = is_heard and self._marks.heard[1] == at
            if is_heard_word:
                painter.setPen(heard)
            painter.drawText(QPointF(left + placed.lefts[at], y), word)
            if is_heard_word:
                painter.setPen(text)
            elif line.words[at].probability < DOUBTFUL:
                self._paint_doubt(painter, self.word_rect(row, line, at))
                painter.setPen(text)

    def _paint_doubt(self, painter: QPainter, rect: QRectF) -> None:
        pen = QPen(QColor(self._colours.outline), 1.5, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_cursor(
        self, painter: QPainter, option: QStyleOptionViewItem, row: QRectF, line: Line, number: int
    ) -> None:
        cursor = self._marks.cursor
        widget = option.widget
        has_focus = isinstance(widget, QWidget) and widget.hasFocus()
        if not (has_focus and cursor[0] == number and 0 <= cursor[1] < len(line.words)):
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._colours.accent), 2))
        rect = self.word_rect(row, line, cursor[1])
        beside = min(_AROUND, self.layout.space / 2)  # so that it does not touch the next word
        painter.drawRoundedRect(rect.adjusted(-_AROUND, 0, beside, 0), _RADIUS, _RADIUS)

    # Correcting ----------------------------------------------------------------------------

    def createEditor(  # noqa: N802  # Qt's name
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return what a line is corrected in."""
        editor = LineEditor(parent, self.layout.font, self.layout.row_height)
        kept = QPersistentModelIndex(index)
        editor.committed.connect(lambda hint: self._commit(editor, hint))
        editor.given_up.connect(lambda: self._leave(editor))
        editor.split_requested.connect(
            lambda first, second: self._split(editor, kept.row(), first, second)
        )
        editor.join_requested.connect(lambda text: self._join(editor, kept.row(), text))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802  # Qt's name
        """Begin with the text as it is, and the word of the cursor chosen."""
        assert isinstance(editor, LineEditor)  # noqa: S101  # as made above
        line: Line = index.data(LINE)
        word = self._marks.cursor[1] if self._marks.cursor[0] == index.row() else 0
        editor.begin(line, max(0, min(word, len(line.words) - 1)))

    def setModelData(  # noqa: N802  # Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Take over what was written."""
        assert isinstance(editor, LineEditor)  # noqa: S101  # as made above
        if editor.is_changed:
            model.setData(index, editor.toPlainText(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(  # noqa: N802  # Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Lay the editor over the words."""
        assert isinstance(editor, LineEditor)  # noqa: S101  # as made above
        editor.lay_over(option.rect.adjusted(self.left - _BESIDE, 0, -MARGIN + _BESIDE, 0))

    def _commit(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, hint)

    def _leave(self, editor: QWidget) -> None:
        self.closeEditor.emit(editor, self.EndEditHint.RevertModelCache)

    def _split(self, editor: QWidget, row: int, first: str, second: str) -> None:
        self._leave(editor)
        self.split_requested.emit(row, first, second)

    def _join(self, editor: QWidget, row: int, text: str) -> None:
        if row > 0:
            self._leave(editor)
            self.join_requested.emit(row, text)
