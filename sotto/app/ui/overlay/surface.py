"""What captions are painted on."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QScreen

from sotto.app.ui.widgets.floating.floating import Floating

Paint = Callable[[QPainter], None]


class Surface(QObject):
    """An area over everything that lets clicks through; each kind of desktop has its own."""

    gone = Signal()  # it vanished, at once or after fading
    blending_changed = Signal()  # `is_translucent` changed

    is_translucent = True

    def present(self, screen: QScreen, place: QRect, shape: QPainterPath, paint: Paint) -> None:
        """Show a picture at once.

        Args:
            screen: what `place` lies on.
            place: in Qt's coordinates.
            shape: the part of `place` that is painted, counted from its corner.
            paint: paints it; called again whenever the surface needs it.
        """
        raise NotImplementedError

    def vanish(self) -> None:
        """Fade out; `gone` tells when that is done."""
        raise NotImplementedError

    def hide(self) -> None:
        """Go at once."""
        raise NotImplementedError


class WindowSurface(Surface):
    """A window on X11, or on a Wayland desktop's X server."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = _Window()
        self._window.gone.connect(self.gone)
        self._window.blending_changed.connect(self.blending_changed)

    @property
    def is_translucent(self) -> bool:  # type: ignore[override]  # read-only, as it is used
        """Whether what lies below may shine through."""
        return self._window.is_translucent

    def present(self, screen: QScreen, place: QRect, shape: QPainterPath, paint: Paint) -> None:
        """See `Surface.present`."""
        self._window.paint = paint
        self._window.setScreen(screen)
        self._window.setGeometry(place)
        self._window.set_shape(shape)
        self._window.appear()

    def vanish(self) -> None:
        """See `Surface.vanish`."""
        self._window.vanish()

    def hide(self) -> None:
        """See `Surface.hide`."""
        self._window.hide()


class _Window(Floating):
    def __init__(self) -> None:
        super().__init__()
        self.paint: Paint = lambda _painter: None
        self.setWindowTitle("Sotto captions")
        self.setAccessibleName("Captions")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
