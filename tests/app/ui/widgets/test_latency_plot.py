"""The picture of latency: valid, and what it shows is where it should be."""

import pytest
from PySide6.QtCore import QByteArray, QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from sotto.app.ui.widgets.latency_plot import (
    ENCODER_COLOUR,
    PIXELS_PER_UNIT,
    SIZE,
    UTTERANCE_COLOUR,
    Scale,
    ticks,
    to_png,
    to_svg,
)
from tests.helpers.bench_report import made_up_report

WINDOWS_S = (1, 2, 3, 5, 7, 10, 15, 20, 30)
# The greatest median is 210 ms, above which 250 ms is the next round number.
SCALE = Scale(30, 250)


@pytest.fixture(params=["png", "svg"])
def picture(request: pytest.FixtureRequest, qapp: QApplication) -> QImage:
    report = made_up_report(WINDOWS_S)
    if request.param == "png":
        return QImage.fromData(to_png(report))
    renderer = QSvgRenderer(QByteArray(to_svg(report)))
    assert renderer.isValid()
    image = QImage(SIZE * PIXELS_PER_UNIT, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def colour_at(picture: QImage, place: QPointF) -> QColor:
    return picture.pixelColor((place * PIXELS_PER_UNIT).toPoint())


def distance(first: QColor, second: QColor) -> int:
    return max(
        abs(first.red() - second.red()),
        abs(first.green() - second.green()),
        abs(first.blue() - second.blue()),
    )


def test_it_has_the_size_and_a_light_ground(picture: QImage) -> None:
    assert picture.size() == SIZE * PIXELS_PER_UNIT
    assert picture.pixelColor(3, 3).lightnessF() > 0.95


@pytest.mark.parametrize("window_s", WINDOWS_S)
def test_each_timing_is_a_dot_at_its_place(picture: QImage, window_s: int) -> None:
    encoder = colour_at(picture, SCALE.at(window_s, 4 * window_s))
    utterance = colour_at(picture, SCALE.at(window_s, 4 * window_s + 20))
    assert distance(encoder, ENCODER_COLOUR) < 8
    assert distance(utterance, UTTERANCE_COLOUR) < 8


def test_axes_and_names_are_written(picture: QImage) -> None:
    def ink(left: int, top: int, right: int, bottom: int) -> int:
        ground = picture.pixelColor(3, 3)
        return sum(
            distance(picture.pixelColor(x, y), ground) > 60
            for x in range(left * PIXELS_PER_UNIT, right * PIXELS_PER_UNIT)
            for y in range(top * PIXELS_PER_UNIT, bottom * PIXELS_PER_UNIT)
        )

    area_left, area_bottom = round(SCALE.at(0, 0).x()), round(SCALE.at(0, 0).y())
    area_right = round(SCALE.at(30, 0).x())
    assert ink(20, 20, area_right, 50) > 500  # title
    assert ink(20, 90, area_left - 6, area_bottom + 8) > 200  # milliseconds
    assert ink(area_left, area_bottom + 8, area_right, area_bottom + 26) > 200  # seconds
    assert ink(area_right + 10, 90, SIZE.width() - 4, area_bottom) > 200  # names of the lines
    assert ink(SIZE.width() - 4, 0, SIZE.width(), SIZE.height()) == 0  # nothing is cut off


@pytest.mark.parametrize("largest", [0.3, 1.0, 7.2, 99.9, 100.0, 210.0, 12345.0])
def test_ticks_are_few_and_round_and_reach_the_largest(largest: float) -> None:
    found = ticks(largest)
    assert found[0] == 0
    assert found[-2] < largest <= found[-1] + 1e-9
    assert 3 <= len(found) <= 8
    assert len({f"{tick:.1e}" for tick in found}) == len(found)
