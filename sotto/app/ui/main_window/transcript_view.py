"""The text on screen: paragraphs with their times, and the utterance being spoken."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPushButton, QTextEdit, QToolTip, QWidget

from sotto.app.core.transcript import Paragraph, Transcript, n_same_paragraphs
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours

_MEASURE_EM = 34  # a line of about 70 characters is easiest to read
_GUTTER_EM = 3.6  # room for "59:59" and a gap
_LINE_HEIGHT = 145.0  # per cent
_BOTTOM_SLACK = 8  # pixels from the end that still count as "at the end"


class TranscriptView(QTextEdit):
    """Read-only live text. Its last block is always the utterance being spoken."""

    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paragraphs: tuple[Paragraph, ...] = ()
        self._live = ("", "")
        self._colours: Colours | None = None
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Transcript")
        self.setAccessibleDescription(
            "What was said. Text in italics with a dotted underline may still change."
        )
        self._newest = _newest_button(self)
        self._newest.clicked.connect(self.scroll_to_newest)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self._newest.setIcon(icons.icon("newest", colours.text))
        self._write_live()
        self._paint_gaps()
        self.viewport().update()

    def set_font_size(self, points: int) -> None:
        """Set the size of the text; line length and margins follow it."""
        with _FollowsEnd(self):
            # A style sheet of its own: the application's would reset a font set with setFont().
            self.setStyleSheet(f"TranscriptView {{ font-size: {points}pt; }}")
            self.ensurePolished()
            self._lay_out()

    def show_transcript(self, transcript: Transcript) -> None:
        """Show this text; only what differs from the text shown before is touched."""
        with _FollowsEnd(self):
            n_same = n_same_paragraphs(transcript.paragraphs, self._paragraphs)
            if n_same < len(self._paragraphs):
                self._remove_after(n_same)
            for paragraph in transcript.paragraphs[n_same:]:
                self._append(paragraph)
            self._paragraphs = transcript.paragraphs
            if (transcript.committed, transcript.tentative) != self._live:
                self._live = (transcript.committed, transcript.tentative)
                self._write_live()

    def announce(self, text: str) -> None:
        """Have a screen reader speak `text` when it has nothing more urgent to say."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def scroll_to_newest(self) -> None:
        """Go to the end and follow the text from there."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    @property
    def follows_end(self) -> bool:
        """Whether the newest text is in view, so that new text should stay in view."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - _BOTTOM_SLACK

    def _remove_after(self, n_kept: int) -> None:
        """Remove the live text and all but so many paragraphs."""
        removed = self._paragraphs[n_kept:]
        if n_kept:
            n_blocks = sum(1 + paragraph.text.count("\n") for paragraph in removed)
            cursor = self._live_cursor()
            cursor.movePosition(
                QTextCursor.MoveOperation.PreviousBlock, QTextCursor.MoveMode.KeepAnchor, n_blocks
            )
            cursor.removeSelectedText()
        else:
            self.clear()
            self._lay_out()  # Qt has cleared the margins, too
        self._live = ("", "")

    def _append(self, paragraph: Paragraph) -> None:
        cursor = self._live_cursor()
        cursor.insertText(paragraph.text, self._text_format(paragraph))
        cursor.insertBlock(self._block_format(), QTextCharFormat())
        self._live = ("", "")

    def _text_format(self, paragraph: Paragraph) -> QTextCharFormat:
        result = QTextCharFormat()
        if paragraph.is_gap:  # nobody said it: it must not look like speech
            result.setFontItalic(True)
            if self._colours is not None:
                result.setForeground(QColor(self._colours.secondary))
        return result

    def _paint_gaps(self) -> None:
        for number, paragraph in enumerate(self._paragraphs):
            if paragraph.is_gap:
                cursor = QTextCursor(self.document().findBlockByNumber(number))
                cursor.movePosition(
                    QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
                )
                cursor.setCharFormat(self._text_format(paragraph))

    def _write_live(self) -> None:
        committed, tentative = self._live
        gap = " " if committed and tentative.startswith(" ") else ""
        cursor = self._live_cursor()
        cursor.insertText(committed.strip() + gap, QTextCharFormat())
        cursor.insertText(tentative.strip(), self._tentative_format())

    def _live_cursor(self) -> QTextCursor:
        """Return a cursor that has removed the live text, to write in its place."""
        cursor = QTextCursor(self.document().lastBlock())
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.setBlockFormat(self._block_format())
        return cursor

    def _tentative_format(self) -> QTextCharFormat:
        # Italics and a dotted line besides the lighter colour: colour alone tells nobody enough.
        result = QTextCharFormat()
        result.setFontItalic(True)
        result.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        if self._colours is not None:
            result.setForeground(QColor(self._colours.secondary))
            result.setUnderlineColor(QColor(self._colours.outline))
        return result

    def _block_format(self) -> QTextBlockFormat:
        result = QTextBlockFormat()
        proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        result.setLineHeight(_LINE_HEIGHT, proportional)
        result.setBottomMargin(self._em() * 0.75)
        return result

    def _em(self) -> float:
        return QFontMetricsF(self.font()).height() * 0.86

    def _shows_times(self) -> bool:
        return self.viewport().width() > (_MEASURE_EM * 0.5 + 2 * _GUTTER_EM) * self._em()

    def _lay_out(self) -> None:
        """Centre a column of readable width; times stand to its left where there is room."""
        em, width = self._em(), self.viewport().width()
        least = (_GUTTER_EM if self._shows_times() else 1.2) * em
        side = max(least, (width - _MEASURE_EM * em) / 2)
        frame = self.document().rootFrame()
        shape = frame.frameFormat()
        shape.setLeftMargin(side)
        shape.setRightMargin(max(1.2 * em, side if side > least else 1.2 * em))
        shape.setTopMargin(1.4 * em)
        shape.setBottomMargin(1.0 * em)
        frame.setFrameFormat(shape)

    def _scrolled(self) -> None:
        self._newest.setVisible(not self.follows_end)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Keep the column centred and the end in view."""
        with _FollowsEnd(self):
            super().resizeEvent(event)
            self._lay_out()
        size = self._newest.sizeHint()
        self._newest.setGeometry(
            (self.width() - size.width()) // 2,
            self.height() - size.height() - 12,
            size.width(),
            size.height(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Leave Space to the window, and copy everything where nothing is selected."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the text, then the times beside it."""
        super().paintEvent(event)
        if self._colours is None or not self._shows_times():
            return
        painter = QPainter(self.viewport())
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.72)
        painter.setFont(font)
        painter.setPen(QColor(self._colours.secondary))
        for number in self._in_view():
            block = self.document().findBlockByNumber(number)
            self._paint_time(painter, block, self._paragraphs[number])

    def _in_view(self) -> range:
        """Return the numbers of the paragraphs that are in view, at least in part.

        Found by their places: for `cursorForPosition` Qt shapes a whole paragraph, and holds what
        it found, some kilobytes, for as long as the text is there.
        """
        numbers = range(min(len(self._paragraphs), self.document().blockCount()))
        top = float(self.verticalScrollBar().value())
        bottom = top + self.viewport().height()
        first = bisect_left(numbers, top, key=lambda number: self._box(number).bottom())
        return range(
            first, bisect_right(numbers, bottom, key=lambda number: self._box(number).top())
        )

    def _box(self, number: int) -> QRectF:
        """Return where a paragraph is in the whole text, in pixels."""
        block = self.document().findBlockByNumber(number)
        return self.document().documentLayout().blockBoundingRect(block)

    def _paint_time(self, painter: QPainter, block: QTextBlock, paragraph: Paragraph) -> None:
        box = self.document().documentLayout().blockBoundingRect(block)
        box.translate(0, -self.verticalScrollBar().value())
        if paragraph.end <= 0:  # from an earlier day, without times
            return
        baseline = box.top() + block.layout().lineAt(0).ascent()
        width = painter.fontMetrics().horizontalAdvance(time_text(paragraph.start))
        gap = 1.1 * self._em()
        painter.drawText(int(box.left() - gap - width), int(baseline), time_text(paragraph.start))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Tell the exact time of the paragraph under the pointer."""
        if event.type() is not QEvent.Type.ToolTip:
            return super().viewportEvent(event)
        index = self.cursorForPosition(event.pos()).blockNumber()  # type: ignore[attr-defined]  # a QHelpEvent
        if index < len(self._paragraphs) and self._paragraphs[index].end > 0:
            heard = self._paragraphs[index]
            words = f"{time_text(heard.start)} to {time_text(heard.end)}"
            QToolTip.showText(event.globalPos(), words, self)  # type: ignore[attr-defined]  # a QHelpEvent
        return True


class _FollowsEnd:
    """Keeps the end in view over a change, if it was in view before."""

    def __init__(self, view: TranscriptView) -> None:
        self._view = view

    def __enter__(self) -> None:
        self._follows = self._view.follows_end

    def __exit__(self, *_: object) -> None:
        if self._follows:
            self._view.scroll_to_newest()


def time_text(seconds: float) -> str:
    """Return a time in the transcript as `0:07` or `1:02:03`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _newest_button(view: TranscriptView) -> QPushButton:
    button = QPushButton("Newest text", view)
    button.setObjectName("newest")
    button.setAccessibleName("Scroll to the newest text")
    button.setToolTip("Follow the newest text (Ctrl+End)")
    button.hide()
    return button
