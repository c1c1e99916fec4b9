"""A box with drawn key caps, which takes the keyboard while it records."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sotto.app.desktop.hotkeys import Modifier
from sotto.app.ui.widgets.chord import chord_keys
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

_WIDTH = 260  # pixels; room for four caps, so that what stands beside it does not move
_INSET = 7  # between the box and its caps
_CAP_PADDING = 9  # beside the words on a cap
_CAP_GAP = 6
_CAP_DEPTH = 2.0  # the edge that one sees below a cap
_SHOWN = {
    "darwin": {"Ctrl": "Control", "Alt": "Option", "Super": "Command"},
    "win32": {"Super": "Win"},
}.get(sys.platform, {})


class KeyCaps(QWidget):
    """Shows names of keys as caps, or a hint. While it records it has the focus and every key."""

    clicked = Signal()
    pressed = Signal(str, frozenset)  # name of the key or "", and the modifiers held
    tapped = Signal(str)  # a modifier, pressed and let go with no other key between
    left = Signal()  # recording, and the focus went elsewhere

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colours = LIGHT
        self._names: tuple[str, ...] = ()
        self._hint = ""
        self._is_recording = False
        self._is_lit = False
        self._alone: str | None = None  # the modifier that was pressed last, with no key since
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def is_recording(self) -> bool:
        """Whether it takes keys."""
        return self._is_recording

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours."""
        self._colours = colours
        self.update()

    def show_names(self, names: Sequence[str], hint: str) -> None:
        """Show a cap for each name, or `hint` where there are none."""
        self._names = tuple(_SHOWN.get(name, name) for name in names)
        self._hint = hint
        self._is_lit = False
        self.setAccessibleName(" ".join(self._names) or hint)
        self.updateGeometry()
        self.update()

    def light(self, is_lit: bool) -> None:
        """Show the caps pressed."""
        self._is_lit = is_lit
        self.update()

    def record(self, is_recording: bool) -> None:
        """Take the focus and all keys, those of the window manager too, or give them back."""
        if is_recording == self._is_recording:
            return
        self._is_recording = is_recording
        self._alone = None
        if is_recording:
            self.setFocus()
            self.grabKeyboard()
        else:
            self.releaseKeyboard()
        self.update()

    # Keys ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Take keys before shortcuts of the window and the Tab order do."""
        if self._is_recording and isinstance(event, QKeyEvent):
            event.accept()
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._press(event)
            elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._release(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        """Without the focus no key would come."""
        super().focusOutEvent(event)
        if self._is_recording:
            self.left.emit()

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """As if the button beside it were pressed."""
        self.clicked.emit()

    def _press(self, event: QKeyEvent) -> None:
        modifier = chord_keys.modifier_of(event)
        if modifier is None:
            self._alone = None
            self.pressed.emit(chord_keys.key_of(event) or "", chord_keys.held(event))
            return
        is_first = chord_keys.held(event) == {modifier}
        self._alone = (chord_keys.key_of(event) or modifier.value) if is_first else None
        self._show_held(event)

    def _release(self, event: QKeyEvent) -> None:
        if chord_keys.modifier_of(event) is None:
            return
        alone, self._alone = self._alone, None
        self._show_held(event)
        if alone is not None:
            self.tapped.emit(alone)

    def _show_held(self, event: QKeyEvent) -> None:
        held = chord_keys.held(event)
        self.show_names([modifier.value for modifier in Modifier if modifier in held], self._hint)

    # Painting ------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return room for the caps."""
        wanted = sum(self._cap_width(name) + _CAP_GAP for name in self._names) - _CAP_GAP
        return QSize(max(_WIDTH, wanted + 2 * _INSET), self._cap_height() + 2 * _INSET)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return the same: half a cap says nothing."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the box and what is in it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_box(painter)
        left = float(_INSET)
        for name in self._names:
            width = self._cap_width(name)
            self._paint_cap(painter, QRectF(left, _INSET, width, self._cap_height()), name)
            left += width + _CAP_GAP
        if not self._names:
            painter.setPen(QColor(self._colours.secondary))
            room = self.rect().adjusted(_INSET + 4, 0, 0, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._hint)

    def _paint_box(self, painter: QPainter) -> None:
        colours = self._colours
        width = 2.0 if self._is_recording else 1.0
        painter.setPen(
            QPen(QColor(colours.accent if self._is_recording else colours.hairline), width)
        )
        painter.setBrush(QColor(colours.control))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 9, 9)

    def _paint_cap(self, painter: QPainter, place: QRectF, name: str) -> None:
        colours = self._colours
        edge, face, ink = colours.outline, colours.menu, colours.text
        if self._is_lit:
            edge, face, ink = colours.accent, colours.accent, colours.on_accent
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(edge))
        painter.drawRoundedRect(place, 6, 6)
        depth = 1.0 if self._is_lit else _CAP_DEPTH
        painter.setBrush(QColor(face))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -depth), 5, 5)
        painter.setPen(QColor(ink))
        painter.drawText(place.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignCenter, name)

    def _cap_width(self, name: str) -> int:
        return max(
            self._cap_height(), self.fontMetrics().horizontalAdvance(name) + 2 * _CAP_PADDING
        )

    def _cap_height(self) -> int:
        return self.fontMetrics().height() + 7
