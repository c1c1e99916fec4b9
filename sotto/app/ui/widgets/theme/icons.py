"""Our own drawings (`sotto/assets/icons`), painted in the colour that the theme asks for."""

from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sotto.app.ui.widgets.theme.sizes import scaled

_DRAWN_IN = "#000000"  # the colour in the files, which is replaced
_SIZE = 24
_DENSITY = 2  # pixels painted a pixel of the layout, so that drawings stay sharp on dense screens


def icon(name: str, colour: str) -> QIcon:
    """Return the drawing `name` in `colour`."""
    return QIcon(pixmap(name, colour, scaled(_SIZE)))


@lru_cache(maxsize=128)
def pixmap(name: str, colour: str, size: int = _SIZE) -> QPixmap:
    """Return the drawing `name` in `colour`, `size` logical pixels square."""
    result = _painted(_drawing(name).replace(_DRAWN_IN, colour), size * _DENSITY)
    result.setDevicePixelRatio(_DENSITY)
    return result


def app_icon() -> QIcon:
    """Return the icon of the application."""
    return coloured_icon("sotto")


def coloured_icon(name: str) -> QIcon:
    """Return the drawing `name` in colours of its own, in all sizes that desktops ask for."""
    result = QIcon()
    for size in (16, 22, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_painted(_drawing(name), size))
    return result


def _drawing(name: str) -> str:
    return (files("sotto") / "assets" / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _painted(drawing: str, size: int) -> QPixmap:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return QPixmap.fromImage(image)


@cache
def icon_file(name: str, colour: str) -> str:
    """Return the path of the drawing in `colour`, for style sheets, which only take files."""
    path = Path(_colour_folder().name) / f"{name}-{colour[1:]}.svg"
    path.write_text(_drawing(name).replace(_DRAWN_IN, colour), encoding="utf-8")
    return path.as_posix()


@lru_cache(maxsize=1)
def _colour_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="sotto-icons-")


def remove_files() -> None:
    """Remove the files of `icon_file`, where Python's own clearing up is not to be waited for."""
    if _colour_folder.cache_info().currsize:
        _colour_folder().cleanup()
