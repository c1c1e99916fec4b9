"""The last words of what is being said, on one line."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from sotto.app.ui.overlay.caption_lines import Line, Measure, pieces
from sotto.app.ui.overlay.look import Look, Measures
from sotto.app.ui.overlay.painting import draw_line
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

_ELLIPSIS = "… "


class LastWords(QWidget):
    """Shows as many of the last words as fit, or a hint while there are none."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = Line()
        self._hint = ""
        self._colours = LIGHT
        self.setFixedWidth(width)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.update()

    def set_hint(self, hint: str) -> None:
        """Say this where there are no words."""
        self._hint = hint
        self._tell()

    def clear(self) -> None:
        """Forget the words."""
        self._line = Line()
        self._tell()

    def show_words(self, committed: str, tentative: str) -> None:
        """Show the end of these words; what may change is told apart."""
        self._line = Line(committed.lstrip(), tentative if committed else tentative.lstrip())
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(self._line.text or self._hint)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """One line."""
        return QSize(self.width(), round(self._measures().line_height))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the words at the left, in the middle of the height."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        measures = self._measures()
        top = (self.height() - measures.line_height) / 2
        room = QRectF(0, top, self.width(), measures.line_height)
        text = self._colours.text if self._line.text else self._colours.secondary
        look = Look(text, self._colours.secondary, self._colours.menu, opacity=1.0)
        measure = QFontMetricsF(measures.font).horizontalAdvance
        line = end_of(self._line, measure, room.width()) if self._line.text else Line(self._hint)
        draw_line(painter, room, line, look, measures)

    def _measures(self) -> Measures:
        height = QFontMetricsF(self.font()).height()
        return Measures(self.font(), line_height=height * 1.3, padding=0.0, outline=0.5)


def end_of(line: Line, measure: Measure, width: float) -> Line:
    """Return the line, shortened at its beginning until it is no wider than `width`."""
    if measure(line.text) <= width:
        return line
    start = 0
    for piece in pieces("", line.text):
        start += len(piece)
        if measure(_ELLIPSIS + line.text[start:]) <= width:
            break
    n_committed = len(line.committed)
    return Line(_ELLIPSIS + line.committed[start:], line.tentative[max(0, start - n_committed) :])
