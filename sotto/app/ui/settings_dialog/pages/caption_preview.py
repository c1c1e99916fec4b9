"""What captions look like with the present settings."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sotto.app.core.settings import SettingsStore
from sotto.app.service.qt_settings import follow
from sotto.app.ui.overlay.caption_lines import CaptionLines
from sotto.app.ui.overlay.look import LOOK_NAMES, look_of, measures_of
from sotto.app.ui.overlay.painting import draw_box, draw_lines

_HEIGHT = 150  # pixels
_MARGIN = 16
_RADIUS = 10
_CERTAIN = "The lighthouse keeper counted the ships and wrote down "
_UNSURE = "their names"
# A bright and a dark place, as there are behind captions.
_SKY, _SEA = "#d9e4e8", "#23454f"


class CaptionPreview(QWidget):
    """Captions over a picture, painted as the overlay paints them."""

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        self._settings = settings
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview of the captions")
        follow(settings, LOOK_NAMES, lambda _: self.update(), self)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As wide as the page, and high enough for two large lines."""
        return QSize(2 * _HEIGHT, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the picture, then the captions at its foot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_picture(painter)
        self._draw_captions(painter)

    def _draw_picture(self, painter: QPainter) -> None:
        ground = QLinearGradient(0, 0, self.width(), 0)
        ground.setColorAt(0, QColor(_SKY))
        ground.setColorAt(1, QColor(_SEA))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), _RADIUS, _RADIUS)

    def _draw_captions(self, painter: QPainter) -> None:
        settings = self._settings.current
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        look = look_of(settings)
        measures = measures_of(settings, room.size().toSize(), room.width())
        text_width = room.width() - 2 * measures.padding
        roll = CaptionLines(
            QFontMetricsF(measures.font).horizontalAdvance,
            text_width,
            measures.padding,
            settings.overlay_lines,
        )
        roll.settle(_CERTAIN)
        lines = roll.shown(_UNSURE)
        height = measures.height(len(lines))
        box = QRectF(room.left(), room.bottom() - height, room.width(), height)
        draw_box(painter, box, look, measures, is_translucent=True)
        draw_lines(painter, box, lines, look, measures)
