"""The words of a recording: read along, clicked to be heard, corrected."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QListView, QWidget

from sotto.app.core.projects.search import Found
from sotto.app.ui.files.lines.line_editor import LineEditor
from sotto.app.ui.files.lines.line_parting import LineParting
from sotto.app.ui.files.lines.names_column import shown_name
from sotto.app.ui.files.lines.pointing import Pointing
from sotto.app.ui.files.lines.reading_along import ReadingAlong
from sotto.app.ui.files.lines.text_model import TextModel
from sotto.app.ui.files.lines.text_painting import NOWHERE, Marks, Place, TextDelegate
from sotto.app.ui.widgets.theme.colours import Colours

_RESIZED_MS = 40  # after the last change of width: thousands of lines are broken anew
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class TextList(QListView):
    """Lines of words. Only those that are to be seen are painted."""

    word_chosen = Signal(float)  # seconds: a word that is to be heard
    menu_requested = Signal(QPoint)  # for the line of the cursor, at this place of the screen
    name_chosen = Signal()  # of who says the line of the cursor: it is to be another one
    correcting = Signal()  # a line begins to be corrected

    def __init__(self, model: TextModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = model
        self.marks = Marks()
        self._delegate = TextDelegate(self, self.marks)
        self.reading = ReadingAlong(self, self.marks)
        self.parting = LineParting(self, model)
        self.pointing = Pointing(self, self.marks, self._delegate)
        self._resized = QTimer(self, singleShot=True, interval=_RESIZED_MS)
        self._resized.timeout.connect(self._fit_width)
        self._set_up()
        model.modelReset.connect(self._begin)
        model.named.connect(self._show_names)
        model.corrected.connect(lambda: self.reading.measure(model.document))
        model.changed_line.connect(self.go_to_line)
        model.dataChanged.connect(lambda index, _last: self._delegate.sizeHintChanged.emit(index))
        self._delegate.split_requested.connect(self.parting.split_at)
        self._delegate.join_requested.connect(self.parting.join_text)
        self.verticalScrollBar().sliderMoved.connect(lambda _: self.reading.stop())

    def _set_up(self) -> None:
        self.setModel(self._text)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Text")
        self.setAccessibleDescription(
            "Left and right go from word to word, Enter plays from there, F2 corrects the line, "
            "Shift and Enter part it before the word, Backspace joins it with the one before, "
            "Shift and F2 name the speakers."
        )

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._delegate.set_colours(colours)
        self.viewport().update()

    def set_text_font(self, font: QFont) -> None:
        """Write in this font."""
        self._delegate.set_font(font)
        if not self._fit_width():
            self._break_lines()

    # The cursor ----------------------------------------------------------------------------

    @property
    def speaker(self) -> str:
        """Who says the line of the cursor; empty where nobody is told apart."""
        line = self.marks.cursor[0]
        return self._text.document.lines[line].speaker if line >= 0 else ""

    def copy_line(self) -> None:
        """Put the line of the cursor on the clipboard."""
        line = self.marks.cursor[0]
        QGuiApplication.clipboard().setText(self._text.document.spoken(line))

    def go_to(self, place: Place) -> None:
        """Put the cursor on a word, and show it."""
        line, word = place
        if not 0 <= line < self._text.rowCount():
            return
        n_words = len(self._text.document.lines[line].words)
        before = self.marks.cursor
        self.marks.cursor = (line, min(max(0, word), n_words - 1))
        index = self._text.index(line)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        for each in {before[0], line}:
            self.update_line(each)
        if line == before[0] and self.marks.cursor != before:
            self._announce()

    def _announce(self) -> None:
        """Have a screen reader speak the word of the cursor; lines it speaks by itself."""
        if QAccessible.isActive():
            line, word = self.marks.cursor
            text = self._text.document.lines[line].words[word].text.strip()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def go_to_line(self, line: int) -> None:
        """Put the cursor into a line; on its first word if it was elsewhere."""
        self.go_to((line, self.marks.cursor[1] if self.marks.cursor[0] == line else 0))

    def correct(self) -> None:
        """Begin to correct the line of the cursor."""
        if self.marks.cursor[0] >= 0:
            index = self._text.index(self.marks.cursor[0])
            self.setCurrentIndex(index)
            self.correcting.emit()
            self.edit(index)

    def correct_at(self, place: Place, character: int) -> None:
        """Begin to correct the line of a word, with the cursor before a character of the line."""
        self.go_to(place)
        self.correct()
        editor = self.indexWidget(self.currentIndex())
        if isinstance(editor, LineEditor):
            editor.place_cursor(character)

    def end_correcting(self) -> None:
        """Take over what is being written, as Enter does."""
        for editor in self.findChildren(LineEditor):
            if editor.isVisible():
                editor.committed.emit(QAbstractItemDelegate.EndEditHint.NoHint)

    def show_found(self, found: tuple[Found, ...], shown: Found | None) -> None:
        """Mark what a search has found, and go to one of it."""
        self.marks.set_found(found)
        self.marks.shown = shown
        if shown is not None:
            self.reading.stop()
            self.go_to((shown.line, shown.first))
        self.viewport().update()

    def _begin(self) -> None:
        self._show_names()
        self.reading.measure(self._text.document)
        self.marks.pointed = NOWHERE
        self.marks.pointed_name = -1
        self.marks.cursor = NOWHERE
        self.marks.set_found(())
        self.marks.shown = None
        self.reading.follow()
        if self._text.rowCount():
            self.go_to((0, 0))
        self.scrollToTop()

    def update_line(self, line: int) -> None:
        """Paint a line anew, if there is such a one."""
        if 0 <= line < self._text.rowCount():
            self.update(self._text.index(line))

    # Mouse and keys ------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Hear a word that is clicked; ask for a name where one is."""
        place, name = (
            self.pointing.word_at(event.position()),
            self.pointing.name_at(event.position()),
        )
        if event.button() is not Qt.MouseButton.LeftButton or (place == NOWHERE and name < 0):
            super().mousePressEvent(event)
            return
        self.setFocus()
        if name >= 0:
            self.go_to((name, 0))
            self.name_chosen.emit()
            return
        self.go_to(place)
        self.hear_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Correct a line that is clicked twice."""
        place = self.pointing.word_at(event.position())
        if place != NOWHERE:
            self.go_to(place)
            self.correct()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Show which word would be heard."""
        self.pointing.point_at(event.position())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Show no word as pointed at."""
        self.pointing.leave()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Who scrolls wants to look elsewhere than where it plays."""
        self.reading.stop()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """From word to word and line to line; Enter plays. The rest is Qt's or the window's."""
        line, word = self.marks.cursor
        steps = {
            Qt.Key.Key_Left: self._beside(-1),
            Qt.Key.Key_Right: self._beside(1),
            Qt.Key.Key_Up: (line - 1, word),
            Qt.Key.Key_Down: (line + 1, word),
            Qt.Key.Key_Home: (0, 0),
            Qt.Key.Key_End: (self._text.rowCount() - 1, 1 << 30),
        }
        key = Qt.Key(event.key())
        if key in steps and not event.modifiers():
            self.reading.stop()
            self.go_to(steps[key])
        elif key in _ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.parting.split()
        elif key == Qt.Key.Key_Backspace:
            self.parting.join()
        elif key in _ENTER and line >= 0:
            self.hear_cursor()
        elif event.matches(QKeySequence.StandardKey.Copy) and line >= 0:
            self.copy_line()
        elif key in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            super().keyPressEvent(event)
            self.go_to((self.currentIndex().row(), 0))
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  # Qt's name
        """Offer what can be done with the line that is clicked, or with that of the cursor."""
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            place = self.pointing.word_at(event.pos().toPointF())
            name = self.pointing.name_at(event.pos().toPointF())
            if place == NOWHERE and name < 0:
                return
            self.go_to(place if name < 0 else (name, 0))
        else:
            below = self.visualRect(self.currentIndex()).bottomLeft()
            at = self.viewport().mapToGlobal(below + QPoint(self._delegate.left, 0))
        self.menu_requested.emit(at)

    def focusInEvent(self, event: "QEvent") -> None:  # noqa: N802  # Qt's name
        """Show the cursor."""
        super().focusInEvent(event)  # type: ignore[arg-type]  # it is Qt's own
        self.update_line(self.marks.cursor[0])

    def _beside(self, step: int) -> Place:
        """Return the word before or after the cursor, over the ends of lines."""
        line, word = self.marks.cursor
        if line < 0:
            return NOWHERE
        word += step
        if word < 0:
            return line - 1, 1 << 30
        if word >= len(self._text.document.lines[line].words):
            return line + 1, 0
        return line, word

    def hear_cursor(self) -> None:
        """Have the word of the cursor heard, and what follows."""
        line, word = self.marks.cursor
        self.reading.follow()
        self.word_chosen.emit(self._text.document.lines[line].words[word].start)

    # Breaking lines ------------------------------------------------------------------------

    def _show_names(self) -> None:
        """Make room for what speakers are called."""
        document = self._text.document
        self._delegate.names.set_names([shown_name(document, each) for each in document.speakers])
        self._fit_width()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Break lines anew, once the width stays."""
        super().resizeEvent(event)
        if event.oldSize().width() == event.size().width():
            return
        if self.isVisible():
            self._resized.start()
        else:
            self._fit_width()

    def _fit_width(self) -> bool:
        # With a scroll bar and without one, so that its coming and going breaks no line anew.
        if self._delegate.set_width(self.width() - self.verticalScrollBar().sizeHint().width()):
            self._break_lines()
            return True
        return False

    def _break_lines(self) -> None:
        top = self.indexAt(QPoint(20, 1))
        self.doItemsLayout()
        if top.isValid() and top.row() > 0:
            self.scrollTo(QModelIndex(top), QAbstractItemView.ScrollHint.PositionAtTop)
