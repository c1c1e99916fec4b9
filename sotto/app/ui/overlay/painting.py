"""Draws the box and the lines of captions."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from sotto.app.ui.overlay.caption_lines import Line
from sotto.app.ui.overlay.look import Look, Measures

_RADIUS = 0.45  # of the height of a line
_ROUNDEST = 24.0  # pixels


def radius_of(measures: Measures) -> float:
    """Return the radius of the box's corners in pixels."""
    return min(_ROUNDEST, _RADIUS * measures.line_height)


def box_path(box: QRectF, measures: Measures) -> QPainterPath:
    """Return the shape of the box."""
    path = QPainterPath()
    path.addRoundedRect(box, radius_of(measures), radius_of(measures))
    return path


def draw_box(
    painter: QPainter, box: QRectF, look: Look, measures: Measures, *, is_translucent: bool
) -> None:
    """Draw what is behind the lines; the window's shape cuts its corners where it is opaque."""
    colour = QColor(look.background)
    if is_translucent:
        colour.setAlphaF(look.opacity)
        painter.fillPath(box_path(box, measures), colour)
    else:
        painter.fillRect(box, colour)


def draw_lines(
    painter: QPainter, box: QRectF, lines: Sequence[Line], look: Look, measures: Measures
) -> None:
    """Draw the lines from the top of the box on."""
    room = box.adjusted(measures.padding, measures.padding, -measures.padding, -measures.padding)
    for number, line in enumerate(lines):
        top_left = room.topLeft() + QPointF(0, number * measures.line_height)
        draw_line(painter, QRectF(top_left, room.size()), line, look, measures)


def draw_line(painter: QPainter, room: QRectF, line: Line, look: Look, measures: Measures) -> None:
    """Draw a line at the top of `room`, with an outline that sets it off from any background.

    Words that may change differ in colour and by a dotted line under them; their letters take the
    same room as those of certain words, so that nothing moves when they become certain.
    """
    everything = (0, _utf_16(line.text))
    committed = (0, _utf_16(line.committed))
    n_spaces = len(line.tentative) - len(line.tentative.lstrip())  # no line under a gap
    tentative = (committed[1] + n_spaces, _utf_16(line.tentative.strip()))
    for formats in (
        [_format_range(everything, _outline(look, measures))],
        [
            _format_range(committed, _words(look.text)),
            _format_range(tentative, _unsure_words(look.tentative)),
        ],
    ):
        layout = _laid_out(line.text, formats, room.width(), measures)
        gap = (measures.line_height - layout.boundingRect().height()) / 2
        layout.draw(painter, room.topLeft() + QPointF(0, gap))


def _laid_out(
    text: str, formats: list[QTextLayout.FormatRange], width: float, measures: Measures
) -> QTextLayout:
    """Return the text as one line; right-to-left scripts begin at the right."""
    layout = QTextLayout(text, measures.font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.beginLayout()
    layout.createLine().setLineWidth(width)
    layout.endLayout()
    return layout


def _format_range(span: tuple[int, int], form: QTextCharFormat) -> QTextLayout.FormatRange:
    """Give a span (start and length, as Qt counts) this format."""
    result = QTextLayout.FormatRange()
    result.start, result.length = span
    result.format = form
    return result


def _words(colour: str) -> QTextCharFormat:
    result = QTextCharFormat()
    result.setForeground(QColor(colour))
    return result


def _unsure_words(colour: str) -> QTextCharFormat:
    result = _words(colour)
    result.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    return result


def _outline(look: Look, measures: Measures) -> QTextCharFormat:
    result = _words(look.background)
    pen = QPen(QColor(look.background), 2 * measures.outline)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    result.setTextOutline(pen)
    return result


def _utf_16(text: str) -> int:
    """Return the length as Qt counts it."""
    return len(text.encode("utf-16-le")) // 2
