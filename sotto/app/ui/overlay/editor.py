"""The captions while the user places them: a frame with handles, sample words and "Done"."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QScreen,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from sotto.app.core.settings import SettingsStore
from sotto.app.ui.overlay import painting, placement
from sotto.app.ui.overlay.caption_lines import CaptionLines, Line
from sotto.app.ui.overlay.look import look_of, measures_of
from sotto.app.ui.overlay.placement import Placement
from sotto.app.ui.widgets.floating.floating import Floating
from sotto.app.ui.widgets.theme.colours import AA_CONTROL, readable_on

_SURE = "Captions stand here. Drag them where you want them. Certain words look like this,"
_UNSURE = " and words that may change like this."
_GRIP = 28  # pixels at either side that change the width
_SNAP = 12  # pixels from the middle of the screen that count as the middle
_STEP = 10  # thousandths of the screen that an arrow key moves by
_FRAME = 3  # pixels
_HANDLE = QSizeF(6, 34)
_HANDLE_INSET = 10  # pixels from a side to the middle of its handle
_GAP = 8  # pixels between the box and the strip with the button
_VEIL = QColor(0, 0, 0, 70)  # over the rest of the screen, which waits meanwhile
_STRIP_RADIUS = 12
_STRIP_SHEET = (
    "#strip { background: palette(window); border: 1px solid palette(mid); "
    f"border-radius: {_STRIP_RADIUS}px; }}"
)
_ENDING_KEYS = {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_KEYS = {
    Qt.Key.Key_Left: (-_STEP, 0, 0),
    Qt.Key.Key_Right: (_STEP, 0, 0),
    Qt.Key.Key_Up: (0, -_STEP, 0),
    Qt.Key.Key_Down: (0, _STEP, 0),
    Qt.Key.Key_Minus: (0, 0, -_STEP),
    Qt.Key.Key_Plus: (0, 0, _STEP),
}


class _Part(Enum):
    BOX = auto()
    LEFT = auto()
    RIGHT = auto()


_CURSORS = {
    _Part.BOX: Qt.CursorShape.SizeAllCursor,
    _Part.LEFT: Qt.CursorShape.SizeHorCursor,
    _Part.RIGHT: Qt.CursorShape.SizeHorCursor,
}


class Editor(Floating):
    """Takes the captions' place while they are edited. Lives on Qt's thread.

    The window covers the screen and stands still while the box in it is dragged: XWayland tells
    wrong places of the pointer while a window moves under it.

    Takes keys, too: arrows move it, + and - change its width, Enter and Escape end.
    """

    moved = Signal(int, int, int, str)  # overlay_x, overlay_y, overlay_width, overlay_screen
    done = Signal()

    def __init__(self, settings: SettingsStore, screen: QScreen) -> None:
        super().__init__(takes_clicks=True, takes_keys=True)
        self.setWindowTitle("Place the captions")
        self.setAccessibleName("Place the captions")
        self.setAccessibleDescription(
            "Arrow keys move the captions, plus and minus change their width, Enter ends."
        )
        self._settings = settings
        self._dragged: _Dragged | None = None
        self._strip = _Strip(self.end, self)
        self._on = self._began_on = screen
        self._placement = placement.placement_of(settings.current)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.look_anew()

    def look_anew(self) -> None:
        """Look as the settings say now; the place stays where the user dragged it."""
        self._look = look_of(self._settings.current)
        self._put(self._placement)

    def start(self) -> None:
        """Show it."""
        self.appear()

    def end(self) -> None:
        """Put the editor away."""
        self.hide()
        self.done.emit()

    def _put(self, where: Placement) -> None:
        """Show the box at a place of the screen, with the strip beside it."""
        screen = self._on.geometry()
        self._placement = where
        self._measures = measures_of(
            self._settings.current, screen.size(), placement.box_width(where, screen)
        )
        height = round(self._measures.height(self._settings.current.overlay_lines))
        box = placement.box_on(screen, where, height)
        strip = _beside(screen, box, self._strip.sizeHint())
        if self.geometry() != screen:
            self.setScreen(self._on)
            self.setGeometry(screen)
        self._box = box.translated(-screen.topLeft())
        self._strip.setGeometry(strip.translated(-screen.topLeft()))
        self._outline()

    def _outline(self) -> None:
        box = painting.box_path(QRectF(self._box), self._measures)
        strip = QPainterPath()
        strip.addRoundedRect(QRectF(self._strip.geometry()), _STRIP_RADIUS, _STRIP_RADIUS)
        self.set_shape(box.united(strip))

    def _tell(self) -> None:
        """Tell the place; a screen that was not changed keeps its name, which may be none."""
        where, is_same = self._placement, self._on is self._began_on
        name = self._settings.current.overlay_screen if is_same else self._on.name()
        self.moved.emit(where.x, where.y, where.width, name)

    def _part_at(self, point: QPoint) -> _Part | None:
        if not self._box.contains(point):
            return None
        if point.x() < self._box.left() + _GRIP:
            return _Part.LEFT
        return _Part.RIGHT if point.x() > self._box.right() - _GRIP else _Part.BOX

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Begin to drag what lies under the pointer."""
        part = self._part_at(event.position().toPoint())
        if part is not None and event.button() is Qt.MouseButton.LeftButton:
            box = self._box.translated(self._on.geometry().topLeft())
            self._dragged = _Dragged(part, event.globalPosition().toPoint(), box)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Follow the pointer, onto another screen as well."""
        if self._dragged is None:
            part = self._part_at(event.position().toPoint())
            self.setCursor(_CURSORS[part] if part else Qt.CursorShape.ArrowCursor)
            return
        pointer = event.globalPosition().toPoint()
        if self._dragged.part is _Part.BOX:
            self._on = QGuiApplication.screenAt(pointer) or self._on
        screen = self._on.geometry()
        box = snapped(screen, placement.inside(screen, self._dragged.box_at(pointer)))
        self._put(placement.placement_from(screen, box))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Leave the box where it is."""
        if self._dragged is not None:
            self._dragged = None
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Move by the arrow keys, and end."""
        key = Qt.Key(event.key())
        if key in _ENDING_KEYS:
            self.end()
        elif (step := _KEYS.get(key)) is not None:
            self._put(placement.moved_by(self._placement, *step))
            self._tell()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Take the keys: who edits means this window."""
        super().showEvent(event)
        self.activateWindow()
        self.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the sample, and around it the frame with a handle at either side."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self._box)
        if self.is_translucent:
            painter.fillRect(self.rect(), _VEIL)
        else:
            painter.fillRect(self._strip.geometry(), self.palette().window())
        painting.draw_box(
            painter, box, self._look, self._measures, is_translucent=self.is_translucent
        )
        painting.draw_lines(painter, box, self._sample(), self._look, self._measures)
        self._draw_frame(painter, box)

    def _sample(self) -> tuple[Line, ...]:
        metrics = QFontMetricsF(self._measures.font)
        padding = self._measures.padding
        room = self._box.width() - 2 * padding
        n_lines = self._settings.current.overlay_lines
        roll = CaptionLines(metrics.horizontalAdvance, room, padding, n_lines)
        roll.settle(_SURE)
        return roll.shown(_UNSURE)

    def _draw_frame(self, painter: QPainter, box: QRectF) -> None:
        wanted = self.palette().color(QPalette.ColorRole.Highlight)
        accent = QColor(readable_on(self._look.background, wanted, AA_CONTROL))
        radius = painting.radius_of(self._measures) - _FRAME / 2
        half = _FRAME / 2
        painter.setPen(QPen(accent, _FRAME))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        handle = QRectF(0, 0, _HANDLE.width(), _HANDLE.height())
        for x in (box.left() + _HANDLE_INSET, box.right() - _HANDLE_INSET):
            handle.moveCenter(QPointF(x, box.center().y()))
            painter.drawRoundedRect(handle, _HANDLE.width() / 2, _HANDLE.width() / 2)


@dataclass(frozen=True, slots=True)
class _Dragged:
    """What is dragged: a part of the box, and where pointer and box were at first."""

    part: _Part
    pointer: QPoint
    box: QRect

    def box_at(self, pointer: QPoint) -> QRect:
        """Return the box once the pointer is there."""
        way = pointer - self.pointer
        if self.part is _Part.BOX:
            return self.box.translated(way)
        if self.part is _Part.LEFT:
            return self.box.adjusted(min(way.x(), self.box.width() - 1), 0, 0, 0)
        return self.box.adjusted(0, 0, max(way.x(), 1 - self.box.width()), 0)


def snapped(screen: QRect, box: QRect) -> QRect:
    """Return the box in the middle of the screen if it is nearly there."""
    off = screen.center().x() - box.center().x()
    return box.translated(off, 0) if abs(off) <= _SNAP else box


def _beside(screen: QRect, box: QRect, size: QSize) -> QRect:
    """Return where the strip goes: above the box, or below, or into it where there is no room."""
    top = box.top() - size.height() - _GAP
    if top < screen.top():
        top = box.bottom() + 1 + _GAP
    if top + size.height() > screen.bottom() + 1:
        top = box.top() + _GAP
    left = box.center().x() - size.width() // 2
    return placement.inside(screen, QRect(QPoint(left, top), size))


class _Strip(QFrame):
    """What to do, in words, and the button that ends it."""

    def __init__(self, end: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setStyleSheet(_STRIP_SHEET)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        button = QPushButton("&Done")
        button.setAccessibleName("Done")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(end)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(16)
        layout.addWidget(QLabel("Drag the captions; pull a side to change their width."))
        layout.addWidget(button)
