"""Captions on a Wayland desktop that lets programs paint above all windows."""

from math import ceil

from PySide6.QtCore import QObject, QRect, Qt, QVariantAnimation
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPainterPath, QScreen

from sotto.app.desktop.wayland.layer_surface import LayerSurface, Picture, layer_shell_is_there
from sotto.app.ui.overlay.surface import Paint, Surface
from sotto.app.ui.widgets.floating.floating import FADE_MS, wants_motion


class Layer(Surface):
    """See `Surface`. Qt has no such windows: the picture is painted here and handed over.

    Raises:
        WaylandError: the desktop has no layer shell, as GNOME's has none.
    """

    def __init__(self, screen: QScreen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layer = LayerSurface(screen.name())
        self._on = screen.name()
        self._place = QRect()
        self._screen = screen
        self._paint: Paint = lambda _painter: None
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.setDuration(FADE_MS)
        self._fade.valueChanged.connect(self._hand_over)
        self._fade.finished.connect(self._go)

    def present(self, screen: QScreen, place: QRect, _shape: QPainterPath, paint: Paint) -> None:
        """See `Surface.present`; what is not painted is clear."""
        self._fade.stop()
        self._move_to(screen)
        self._place, self._paint = place, paint
        self._hand_over(1.0)

    def vanish(self) -> None:
        """See `Surface.vanish`."""
        if wants_motion():
            self._fade.start()
        else:
            self._go()

    def hide(self) -> None:
        """See `Surface.hide`."""
        self._fade.stop()
        self._layer.hide()

    def _go(self) -> None:
        self.hide()
        self.gone.emit()

    def _move_to(self, screen: QScreen) -> None:
        if screen.name() != self._on:
            self._layer.close()
            self._layer, self._on = LayerSurface(screen.name()), screen.name()
        self._screen = screen

    def _hand_over(self, opacity: float) -> None:
        scale = ceil(self._screen.devicePixelRatio())
        corner = self._place.topLeft() - self._screen.geometry().topLeft()
        image = QImage(self._place.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(opacity)
        self._paint(painter)
        painter.end()
        self._layer.show(
            Picture(
                bytes(image.constBits()),
                self._place.width(),
                self._place.height(),
                corner.x(),
                corner.y(),
                scale,
            )
        )


class Nowhere(Surface):
    """A Wayland desktop without a layer shell, whose windows would take the focus: shows nothing.

    There Sotto runs through XWayland (QT_QPA_PLATFORM=xcb), where it can be had.
    """

    def present(self, *_: object) -> None:
        """See `Surface.present`."""

    def vanish(self) -> None:
        """See `Surface.vanish`."""
        self.gone.emit()

    def hide(self) -> None:
        """See `Surface.hide`."""


def layer_on(screen: QScreen, parent: QObject) -> Surface | None:
    """Return what shows pictures over everything on Wayland, and None on X11.

    XWayland's windows would swallow clicks where the compositor does not heed their input shape;
    so the layer is taken on such a desktop even where Qt itself runs on XWayland.
    """
    if layer_shell_is_there():
        return Layer(screen, parent)
    return Nowhere(parent) if QGuiApplication.platformName() == "wayland" else None
