"""The waveform of a recording: seen whole or in part, clicked to hear a place."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sotto.app.core.projects.peaks import Peaks
from sotto.app.ui.files.clock_words import clock
from sotto.app.ui.files.view.span import Span
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.app.ui.widgets.theme.sizes import scaled

BAR, PITCH = 2, 3  # pixels: a bar, and from one to the next
_RULER = 20  # pixels below the bars, for times; more where text is larger
_HEIGHT = 96  # of the bars
_SMALL = 0.85  # of the font, for times
_LEAST_BAR = 1.5  # pixels: silence is a thin line
_ZOOM = 1.5  # a step of the keys; a step of the wheel
_STEP_S = 5.0  # of the arrow keys
_WHEEL_STEP = 120  # Qt's eighths of a degree
_TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_TICK_PIXELS = 84  # that times keep apart, where text is not larger than usual
_NO_PEAKS = Peaks(np.zeros((0, 2), np.int8))


class Waveform(QWidget):
    """Draws peaks that were measured once, never samples: a bar looks at a handful of them."""

    seek_requested = Signal(float)  # seconds
    zoomed = Signal(bool, bool)  # whether there is more to zoom in, and out

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._peaks = _NO_PEAKS
        self._span = Span.whole(0.0)
        self._place_s = 0.0
        self._colours = LIGHT
        self._drawn: tuple[QPixmap, QPixmap] | None = None  # still to come, and heard
        self._loudest = 1.0
        self._small = self.font()
        self._small.setPointSizeF(self._small.pointSizeF() * _SMALL)
        self._ruler = max(_RULER, QFontMetrics(self._small).height() + 4)
        self.setFixedHeight(_HEIGHT + self._ruler)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Waveform")
        self.setAccessibleDescription("Left and right go back and on, plus and minus zoom.")
        self.setToolTip("Click to go there; turn the wheel to zoom")

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return a height; the width is whatever there is."""
        return QSize(600, self.height())

    @property
    def span(self) -> Span:
        """What is shown."""
        return self._span

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self._redraw()

    def show_peaks(self, peaks: Peaks, length_s: float) -> None:
        """Show a recording whole."""
        self._peaks = peaks
        whole = peaks.levels[-1] if len(peaks.bins) else peaks.bins
        self._loudest = max(0.05, float(np.abs(whole.astype(np.float32)).max(initial=0)) / 127)
        self._place_s = 0.0
        self._show(Span.whole(length_s))

    def show_place(self, place_s: float, *, follows: bool) -> None:
        """Mark what is heard; move there if it would be outside and `follows`."""
        before, self._place_s = self._place_s, place_s
        if follows and self._span.showing(place_s) != self._span:
            self._show(self._span.showing(place_s))
            return
        left, right = sorted(self._span.x_of(each, self.width()) for each in (before, place_s))
        self.update(QRect(int(left) - 4, 0, int(right - left) + 9, self.height()))

    def zoom_in(self) -> None:
        """Show less, of what is around the place that is heard."""
        self._zoom(1 / _ZOOM, self._middle())

    def zoom_out(self) -> None:
        """Show more."""
        self._zoom(_ZOOM, self._middle())

    # What the user does --------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Zoom around the pointer; sideways, or with Shift, move."""
        along, steps = event.angleDelta().x(), event.angleDelta().y() / _WHEEL_STEP
        if along or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            by = (along / _WHEEL_STEP) or steps
            self._show(self._span.moved(-by * 0.1 * self._span.width_s))
        elif steps:
            around_s = self._span.place_of(event.position().x(), self.width())
            self._zoom(_ZOOM**-steps, around_s)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Go there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Go where the pressed pointer goes."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Arrows, Home and End; leave the rest to the window."""
        places = {
            Qt.Key.Key_Left: self._place_s - _STEP_S,
            Qt.Key.Key_Right: self._place_s + _STEP_S,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._span.length_s,
        }
        place_s = places.get(Qt.Key(event.key()))
        if place_s is None or event.modifiers():
            super().keyPressEvent(event)
        else:
            self.seek_requested.emit(min(max(0.0, place_s), self._span.length_s))

    def _seek(self, x: float) -> None:
        self.seek_requested.emit(self._span.place_of(x, self.width()))

    def _middle(self) -> float:
        """Return the place that is heard if it is to be seen, else the middle."""
        span = self._span
        if span.start_s <= self._place_s <= span.end_s:
            return self._place_s
        return (span.start_s + span.end_s) / 2

    def _zoom(self, factor: float, around_s: float) -> None:
        self._show(self._span.zoomed(factor, around_s))

    def _show(self, span: Span) -> None:
        self._span = span
        closer = span.zoomed(1 / _ZOOM, span.start_s) != span
        self.zoomed.emit(closer, not span.is_whole)
        self._redraw()

    # Painting ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Draw anew for the new width."""
        super().resizeEvent(event)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Show that it has, or has not, the keyboard."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Put the drawings together: what was heard up to the place, what is to come after it."""
        if self._drawn is None:
            self._drawn = (
                self._drawing(self._colours.outline),
                self._drawing(self._colours.accent),
            )
        to_come, heard = self._drawn
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        x = self._span.x_of(self._place_s, self.width())
        at = round(min(max(0.0, x), self.width()))
        height = self.height()
        ratio = heard.devicePixelRatio()
        left = QRectF(0, 0, at, height)
        painter.drawPixmap(left, heard, QRectF(0, 0, at * ratio, height * ratio))
        right = QRectF(at, 0, self.width() - at, height)
        source = QRectF(at * ratio, 0, (self.width() - at) * ratio, height * ratio)
        painter.drawPixmap(right, to_come, source)
        self._paint_place(painter, x)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)

    def _paint_place(self, painter: QPainter, x: float) -> None:
        if not 0 <= x <= self.width():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self._colours.text)
        painter.setPen(QPen(colour, 1.5))
        x = min(max(1.0, x), self.width() - 1.0)
        painter.drawLine(QPointF(x, 3), QPointF(x, self.height() - self._ruler))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, 4), 3, 3)

    def _redraw(self) -> None:
        self._drawn = None
        self.update()

    def _drawing(self, colour: str) -> QPixmap:
        ratio = self.devicePixelRatioF()
        drawing = QPixmap(self.size() * ratio)
        drawing.setDevicePixelRatio(ratio)
        drawing.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_bars(painter, colour)
        self._draw_ruler(painter)
        painter.end()
        return drawing

    def _draw_bars(self, painter: QPainter, colour: str) -> None:
        n_bars = max(1, self.width() // PITCH)
        span = self._span
        end_s = span.start_s + span.width_s * n_bars * PITCH / max(1, self.width())
        columns = self._peaks.columns(span.start_s, end_s, n_bars)
        middle = (self.height() - self._ruler) / 2
        heights = np.maximum(np.abs(columns).max(axis=1) / self._loudest * (middle - 6), _LEAST_BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        for number, height in enumerate(heights.tolist()):
            bar = QRectF(number * PITCH, middle - height, BAR, 2 * height)
            painter.drawRoundedRect(bar, BAR / 2, BAR / 2)

    def _draw_ruler(self, painter: QPainter) -> None:
        span, width = self._span, self.width()
        wanted_s = span.width_s * scaled(_TICK_PIXELS) / max(1, width)
        every_s = next((tick for tick in _TICKS_S if tick >= wanted_s), _TICKS_S[-1])
        painter.setFont(self._small)
        painter.setPen(QColor(self._colours.secondary))
        top = self.height() - self._ruler
        tick_s = every_s * -(-span.start_s // every_s)
        while tick_s <= span.end_s:
            words = clock(tick_s)
            room = painter.fontMetrics().horizontalAdvance(words)
            x = min(max(0.0, span.x_of(tick_s, width) - room / 2), width - room)
            painter.drawText(
                QRectF(x, top, room + 2, self._ruler), Qt.AlignmentFlag.AlignBottom, words
            )
            tick_s += every_s
