"""A line while it is corrected."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QAbstractItemDelegate, QTextEdit, QWidget

from sotto.app.core.projects.document import Line

PADDING = 7  # pixels above and below the text, with the border: as in the list
_HINT = QAbstractItemDelegate.EndEditHint
_ENDINGS = {
    Qt.Key.Key_Return: _HINT.NoHint,
    Qt.Key.Key_Enter: _HINT.NoHint,
    Qt.Key.Key_Tab: _HINT.EditNextItem,
    Qt.Key.Key_Backtab: _HINT.EditPreviousItem,
}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_TABS = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}


class LineEditor(QTextEdit):
    """Enter keeps what is written, Tab goes on to the next line, Escape leaves all as it was.

    Where nothing was written, Enter parts the line at the cursor; with Shift it always does.
    Backspace at the start makes one of it and the line before.
    """

    committed = Signal(QAbstractItemDelegate.EndEditHint)
    given_up = Signal()
    split_requested = Signal(str, str)  # the texts before and behind the cursor
    join_requested = Signal(str)  # all of the text

    def __init__(self, parent: QWidget, font: QFont, row_height: int) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self.setObjectName("line")
        self.setAcceptRichText(False)
        self.document().setDocumentMargin(0)
        self._before = ""
        self._room = QRect()
        self.setFont(font)
        self.setAccessibleName("Correct this line")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())

    @property
    def is_changed(self) -> bool:
        """Whether there is another text than at the beginning."""
        return self.toPlainText() != self._before

    def begin(self, line: Line, word: int) -> None:
        """Show a line with one of its words chosen, so that typing replaces it."""
        self._before = line.text.strip()
        self.setPlainText(self._before)
        self._set_row_height()
        self.document().clearUndoRedoStacks()
        start = _utf16("".join(each.text for each in line.words[:word]).lstrip())
        text = line.words[word].text
        if word:
            start += _utf16(text) - _utf16(text.lstrip())
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + _utf16(text.strip()), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def place_cursor(self, at: int) -> None:
        """Put the cursor before a letter, counted from 0, with nothing chosen."""
        cursor = self.textCursor()
        cursor.setPosition(_utf16(self.toPlainText()[:at]))
        self.setTextCursor(cursor)

    def lay_over(self, room: QRect) -> None:
        """Take the place of the line, and what is below it if the text needs that."""
        self._room = room
        self.setGeometry(room)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """End with Enter, Tab or Escape; part or join lines."""
        hint = _ENDINGS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in _ENTER and self._parts(event):
            self.split_requested.emit(*self._around_cursor())
        elif event.key() == Qt.Key.Key_Backspace and self._is_at_start():
            self.join_requested.emit(self.toPlainText())
        elif hint is not None:
            self.committed.emit(hint)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Tab before Qt moves the focus, and keys of the window that are keys of a text."""
        if not isinstance(event, QKeyEvent):
            return super().event(event)
        if event.type() == QEvent.Type.KeyPress and event.key() in _TABS:
            self.keyPressEvent(event)
            return True
        is_letter = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.type() == QEvent.Type.ShortcutOverride and is_letter:
            event.accept()  # Space, plus and minus are letters here
            return True
        return super().event(event)

    def _parts(self, event: QKeyEvent) -> bool:
        """Tell whether Enter means two lines: who put the cursor somewhere and wrote nothing."""
        is_placed = not (self.is_changed or self.textCursor().hasSelection())
        is_asked = is_placed or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return is_asked and all(map(str.strip, self._around_cursor()))

    def _around_cursor(self) -> tuple[str, str]:
        """Return the text before the cursor, or before what is chosen, and the rest."""
        text = self.toPlainText().encode("utf-16-le")
        at = 2 * self.textCursor().selectionStart()
        return text[:at].decode("utf-16-le"), text[at:].decode("utf-16-le")

    def _is_at_start(self) -> bool:
        is_first = not self._around_cursor()[0].strip()
        return is_first and not self.textCursor().hasSelection()

    def _set_row_height(self) -> None:
        """Let rows be as high as those of the list, so that words stay where they are."""
        rows = QTextBlockFormat()
        rows.setLineHeight(self._row_height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(rows)

    def _fit(self) -> None:
        if self._room.isNull():
            return
        height = round(self.document().size().height()) + 2 * PADDING
        self.resize(self.width(), max(self._room.height(), height))


def _utf16(text: str) -> int:
    """Return the length of a text as Qt counts it."""
    return len(text.encode("utf-16-le")) // 2
