"""How a recording looks in the list: its name, how far it is, and a bar while it is at work."""

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from sotto.app.core.projects.queued import Queued, State
from sotto.app.ui.files.queue.queue_model import QUEUED, Index, state_words
from sotto.app.ui.widgets.row_ground import paint_row_ground
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.app.ui.widgets.theme.sizes import scaled

_MARGIN = 12  # pixels beside the text
_PADDING = 9  # above and below it
_GAP = 3  # between its lines
_BAR = 4  # the height of the bar
_ICON = 18  # beside text of the usual size
_ICONS = {
    State.WAITING: "recording",
    State.WORKING: "recording",
    State.DONE: "check",
    State.FAILED: "error",
    State.CANCELLED: "dismiss",
}


class QueueDelegate(QStyledItemDelegate):
    """Paints every recording in the same height."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._colours = LIGHT

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802  # Qt's
        """Return the height of two lines and a bar; the list gives the width."""
        lines = QFontMetrics(option.font).height() + QFontMetrics(_small(option.font)).height()
        return QSize(0, lines + 2 * _GAP + _BAR + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the recording."""
        row: Queued = index.data(QUEUED)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, self._colours)
        room = option.rect.adjusted(_MARGIN, _PADDING, -_MARGIN, -_PADDING)
        self._paint_icon(painter, room, row)
        room.setLeft(room.left() + scaled(_ICON) + 10)
        self._paint_lines(painter, option.font, room, row)
        if row.state is State.WORKING:
            self._paint_bar(painter, room, row)
        painter.restore()

    def _paint_icon(self, painter: QPainter, room: QRect, row: Queued) -> None:
        colours = self._colours
        colour = {State.DONE: colours.accent, State.FAILED: colours.recording}.get(
            row.state, colours.accent if row.state is State.WORKING else colours.outline
        )
        is_hurt = row.state is State.DONE and bool(row.message)
        size = scaled(_ICON)
        picture = icons.pixmap("warning" if is_hurt else _ICONS[row.state], colour, size)
        painter.drawPixmap(room.left(), room.top() + 1, picture)

    def _paint_lines(self, painter: QPainter, font: QFont, room: QRect, row: Queued) -> None:
        name, state = QRect(room), QRect(room)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        name.setHeight(metrics.height())
        painter.setPen(QColor(self._colours.text))
        middle = Qt.TextElideMode.ElideMiddle
        painter.drawText(name, 0, metrics.elidedText(row.source.name, middle, room.width()))
        painter.setFont(_small(font))
        metrics = painter.fontMetrics()
        state.setTop(name.bottom() + _GAP)
        is_wrong = row.state is State.FAILED
        painter.setPen(QColor(self._colours.recording if is_wrong else self._colours.secondary))
        right = Qt.TextElideMode.ElideRight
        painter.drawText(state, 0, metrics.elidedText(state_words(row), right, room.width()))

    def _paint_bar(self, painter: QPainter, room: QRect, row: Queued) -> None:
        whole = QRectF(room.left(), room.bottom() + 1 - _BAR, room.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(self._colours.outline)
        ground.setAlphaF(0.3)  # readable on a chosen row, too
        painter.setBrush(ground)
        painter.drawRoundedRect(whole, _BAR / 2, _BAR / 2)
        done = QRectF(whole)
        done.setWidth(max(_BAR, whole.width() * row.share) if row.share else 0)
        painter.setBrush(QColor(self._colours.accent))
        painter.drawRoundedRect(done, _BAR / 2, _BAR / 2)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.9)
    return small
