"""A picture of latency by window length, as SVG or PNG. Needs no screen."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)
from PySide6.QtSvg import QSvgGenerator

from sotto.app.core.bench.report import Report
from sotto.app.core.bench.timing import Timing
from sotto.app.ui.widgets.theme.colours import LIGHT

SIZE = QSize(880, 500)
AREA = QRectF(92, 104, 624, 322)  # inside the axes; on its right the names of the lines
PIXELS_PER_UNIT = 2  # of a PNG, for screens of high density
FAMILIES = ["Inter", "Cantarell", "Noto Sans", "Open Sans", "Liberation Sans"]
X_TICKS_S = (1, 2, 3, 5, 7, 10, 15, 20, 30)
UTTERANCE_COLOUR, ENCODER_COLOUR = QColor(LIGHT.accent), QColor("#b06a1c")
BAND_OPACITY = 0.16
DOT_RADIUS = 3.5
NAME_HEIGHT = 19.0  # from one line's name to the next


@dataclass(frozen=True, slots=True)
class Line:
    """Timings by window length in seconds; drawn from the least, shaded up to the median."""

    name: str
    colour: QColor
    points: Sequence[tuple[float, Timing]]


@dataclass(frozen=True, slots=True)
class Scale:
    """From seconds and milliseconds, both from zero, to places in the picture."""

    x_max_s: float
    y_max_ms: float

    def at(self, x_s: float, y_ms: float) -> QPointF:
        """Return the place of a point."""
        return QPointF(
            AREA.left() + AREA.width() * x_s / self.x_max_s,
            AREA.bottom() - AREA.height() * y_ms / self.y_max_ms,
        )


def to_svg(report: Report) -> bytes:
    """Draw a report; letters become outlines, so that the picture is the same everywhere."""

    def paint(buffer: QBuffer) -> None:
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(SIZE)
        generator.setViewBox(QRectF(0, 0, SIZE.width(), SIZE.height()))
        generator.setTitle(_title(report))
        _paint(QPainter(generator), report)

    return _bytes_of(paint)


def to_png(report: Report) -> bytes:
    """Draw a report, with two pixels a unit."""

    def paint(buffer: QBuffer) -> None:
        image = QImage(SIZE * PIXELS_PER_UNIT, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT)
        _paint(painter, report)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # stub forgets devices

    return _bytes_of(paint)


def ticks(largest: float, about: int = 6) -> list[float]:
    """Return round numbers from 0 to the first that is not below `largest`, `about` of them."""
    magnitude: float = 10 ** math.floor(math.log10(largest / about))
    step = next(n * magnitude for n in (1, 2, 5, 10) if n * magnitude * about >= largest)
    return [step * n for n in range(math.ceil(largest / step) + 1)]


def _bytes_of(paint: Callable[[QBuffer], None]) -> bytes:
    # Fonts need an application; this one looks for no screen.
    app = QGuiApplication.instance() or QGuiApplication(["sotto", "-platform", "offscreen"])
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    paint(buffer)
    del app
    return bytes(buffer.data().data())


def _paint(painter: QPainter, report: Report) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, SIZE.width(), SIZE.height()), QColor(LIGHT.paper))
    lines = _lines(report)
    y_ticks = ticks(max(timing.median_ms for line in lines for _, timing in line.points))
    scale = Scale(max(x_s for line in lines for x_s, _ in line.points), y_ticks[-1])
    _paint_heading(painter, report)
    _paint_axes(painter, scale, y_ticks)
    for line in lines:
        _paint_band(painter, scale, line)
    for line in lines:
        _paint_line(painter, scale, line)
    _paint_names(painter, scale, lines)
    painter.end()


def _lines(report: Report) -> list[Line]:
    windows = report.windows
    return [
        Line("utterance", UTTERANCE_COLOUR, [(each.window_s, each.utterance) for each in windows]),
        Line("encoder", ENCODER_COLOUR, [(each.window_s, each.encoder) for each in windows]),
    ]


def _title(report: Report) -> str:
    return f"Latency by length of speech: {report.model}, {report.compute_type}"


def _paint_heading(painter: QPainter, report: Report) -> None:
    machine = report.machine
    where = (
        f"{machine.cpu}, {machine.threads} of {machine.cores} cores, {machine.instructions.upper()}"
    )
    left = 28
    _write(painter, QPointF(left, 42), _title(report), size=19, weight=QFont.Weight.DemiBold)
    words = f"{where}. Least of several runs, shaded up to the median."
    _write(painter, QPointF(left, 66), words, colour=LIGHT.secondary)


def _paint_axes(painter: QPainter, scale: Scale, y_ticks: Sequence[float]) -> None:
    painter.setPen(QPen(QColor(LIGHT.hairline), 1))
    for tick in y_ticks:
        painter.drawLine(scale.at(0, tick), scale.at(scale.x_max_s, tick))
    painter.setPen(QPen(QColor(LIGHT.outline), 1))
    painter.drawLine(scale.at(0, 0), scale.at(scale.x_max_s, 0))
    for tick in y_ticks:
        place = scale.at(0, tick) + QPointF(-10, 4.5)
        words = f"{tick:g} ms" if tick == y_ticks[-1] else f"{tick:g}"
        _write(painter, place, words, colour=LIGHT.secondary, align=1.0)
    for tick in (each for each in X_TICKS_S if each <= scale.x_max_s):
        place = scale.at(tick, 0)
        painter.drawLine(place, place + QPointF(0, 5))
        below = place + QPointF(0, 21)
        _write(painter, below, f"{tick}", colour=LIGHT.secondary, align=0.5)
    bottom = QPointF(AREA.center().x(), AREA.bottom() + 48)
    _write(painter, bottom, "seconds of speech", colour=LIGHT.secondary, align=0.5)


def _paint_band(painter: QPainter, scale: Scale, line: Line) -> None:
    least = [scale.at(x_s, timing.min_ms) for x_s, timing in line.points]
    median = [scale.at(x_s, timing.median_ms) for x_s, timing in line.points]
    colour = QColor(line.colour)
    colour.setAlphaF(BAND_OPACITY)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([*least, *reversed(median)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_line(painter: QPainter, scale: Scale, line: Line) -> None:
    places = [scale.at(x_s, timing.min_ms) for x_s, timing in line.points]
    painter.setPen(QPen(line.colour, 2.2, j=Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF(places))
    painter.setPen(QPen(QColor(LIGHT.paper), 1.5))
    painter.setBrush(line.colour)
    for place in places:
        painter.drawEllipse(place, DOT_RADIUS, DOT_RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_names(painter: QPainter, scale: Scale, lines: Sequence[Line]) -> None:
    """Write the name and last value of each line beside its end, from the lowest upwards."""
    free_above = AREA.bottom() + NAME_HEIGHT
    for line in sorted(lines, key=lambda line: line.points[-1][1].min_ms):
        last_s, timing = line.points[-1]
        place = scale.at(last_s, timing.min_ms) + QPointF(14, 4.5)
        place.setY(min(place.y(), free_above - NAME_HEIGHT))
        free_above = place.y()
        words = f"{line.name} {timing.min_ms:.0f} ms"
        _write(painter, place, words, colour=line.colour.name(), weight=QFont.Weight.DemiBold)


def _write(  # noqa: PLR0913 (how a text looks)
    painter: QPainter,
    place: QPointF,
    text: str,
    *,
    size: float = 13,
    colour: str = LIGHT.text,
    weight: QFont.Weight = QFont.Weight.Normal,
    align: float = 0.0,
) -> None:
    """Fill the letters' outlines; `align` of the text's width lies left of `place`."""
    font = QFont(FAMILIES)
    font.setPixelSize(round(size))
    font.setWeight(weight)
    letters = QPainterPath()
    letters.addText(QPointF(0, 0), font, text)
    ink = letters.boundingRect()
    letters.translate(place.x() - ink.left() - align * ink.width(), place.y())
    painter.fillPath(letters, QColor(colour))
