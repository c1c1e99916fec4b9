"""Windows that float over everything and leave the focus where it is."""

from PySide6.QtCore import QObject, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QGuiApplication, QPainterPath, QRegion, QScreen
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from sotto.app.ui.widgets.floating.x11_root import XRoot, screen_at

FADE_MS = 350

_FLAGS = (
    Qt.WindowType.Tool  # not in the task bar; window managers don't hand such windows the focus
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.NoDropShadowWindowHint
    # A managed window's frame would take the clicks, and full-screen windows would cover it.
    | Qt.WindowType.X11BypassWindowManagerHint
)


class Desktop(QObject):
    """What floating windows must know: whether the desktop blends, and where the focus is."""

    compositor_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._x_root = XRoot(self) if QGuiApplication.platformName() == "xcb" else None
        if self._x_root is not None:
            self._x_root.compositor_changed.connect(self.compositor_changed)

    @property
    def has_compositor(self) -> bool:
        """Whether windows may be translucent; everywhere but on a bare X server they may."""
        return self._x_root is None or self._x_root.has_compositor

    def active_screen(self) -> QScreen:
        """Return the screen with the focused window, or the main one where that is not known."""
        middle = self._x_root.active_window() if self._x_root else None
        screen = screen_at(middle) if middle else None
        return screen or QGuiApplication.primaryScreen()


def desktop() -> Desktop:
    """Return the one of this application."""
    app = QApplication.instance()
    assert app is not None, "windows need an application"  # noqa: S101  # Qt ends the process else
    return app.findChild(Desktop) or Desktop(app)


class Floating(QWidget):
    """A window above all others; what it shows fades in place and comes back at once.

    Without a compositor a translucent window is black where it should be clear: it is cut to the
    shape of what is painted instead, and whoever paints it does so opaquely.
    """

    gone = Signal()  # it vanished, at once or after fading
    blending_changed = Signal()  # `is_translucent` changed

    def __init__(self, *, takes_clicks: bool = False, takes_keys: bool = False) -> None:
        """Make the window; it is hidden.

        Args:
            takes_clicks: whether clicks reach it, or what lies below.
            takes_keys: whether it may get the focus.
        """
        super().__init__(None, _FLAGS)
        # Decided once: Qt on X11 keeps a window's former size as the area that takes clicks.
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput, not takes_clicks)
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus, not takes_keys)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not takes_keys)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._shape = QPainterPath()
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.setDuration(FADE_MS)
        self._fade.valueChanged.connect(self.setWindowOpacity)
        self._fade.finished.connect(self._go)
        self._desktop = desktop()
        self._desktop.compositor_changed.connect(self._cut)
        self._desktop.compositor_changed.connect(self.blending_changed)

    @property
    def is_translucent(self) -> bool:
        """Whether what lies below may shine through."""
        return self._desktop.has_compositor

    def set_shape(self, shape: QPainterPath) -> None:
        """Tell which part of the window is painted, in pixels."""
        if shape != self._shape:
            self._shape = shape
            self._cut()
        self.update()

    def appear(self) -> None:
        """Show the window, at once and in full, above all others."""
        self._fade.stop()
        self.setWindowOpacity(1.0)
        if not self.isVisible():
            self.show()
            self.raise_()

    def vanish(self) -> None:
        """Fade out, or just go where fading is impossible or unwanted."""
        if self.isVisible() and self.is_translucent and wants_motion():
            self._fade.start()
        else:
            self._go()

    @property
    def is_vanishing(self) -> bool:
        """Whether it is fading out."""
        return self._fade.state() is QVariantAnimation.State.Running

    def _go(self) -> None:
        self._fade.stop()
        self.hide()
        self.gone.emit()

    def _cut(self) -> None:
        if self.is_translucent:
            self.clearMask()
        else:
            self.setMask(QRegion(self._shape.toFillPolygon().toPolygon()))
        self.update()


def wants_motion() -> bool:
    """Tell whether the desktop's animations are on."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return QApplication.style().styleHint(hint) > 0
