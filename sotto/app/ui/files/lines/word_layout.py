"""Where the words of a line stand: broken into rows by widths that are measured once a word."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from sotto.app.core.projects.correction import is_unspaced
from sotto.app.core.projects.document import Line

_MOST_WIDTHS = 50_000  # words that are remembered: more than a language uses in a day
_LEADING = 1.35  # from row to row, in heights of the font: lines that are easy to follow


@dataclass(frozen=True, slots=True)
class Placed:
    """The words of a line, and where each is drawn.

    Attributes:
        texts: The words without the space before them.
        lefts, widths: Pixels from the left edge of the text.
        rows: Of each word, growing.
        n_rows: How many rows there are.
    """

    texts: tuple[str, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    rows: tuple[int, ...]
    n_rows: int


class WordLayout:
    """Lays lines out in one font."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        metrics = QFontMetricsF(font)
        self.space = metrics.horizontalAdvance(" ")
        self.row_height = round(metrics.height() * _LEADING)
        self.height = metrics.height()
        self.ascent = metrics.ascent()
        self._width_of = lru_cache(_MOST_WIDTHS)(metrics.horizontalAdvance)

    def place(self, line: Line, width: float) -> Placed:
        """Break a line into rows of at most `width` pixels; a longer word has a row of its own."""
        texts = tuple(word.text.strip() for word in line.words)
        widths = [self._width_of(text) for text in texts]
        needed = _kept_together(line, widths)
        lefts, rows = [], []
        x, row = 0.0, 0
        for word, text_width, room in zip(line.words, widths, needed, strict=True):
            if x and word.text[:1].isspace():
                x += self.space
            if x and x + room > width:
                x, row = 0.0, row + 1
            lefts.append(x)
            rows.append(row)
            x += text_width
        if line.text.lstrip()[:1] and _is_right_to_left(line.text):
            lefts = [width - left - own for left, own in zip(lefts, widths, strict=True)]
        return Placed(texts, tuple(lefts), tuple(widths), tuple(rows), row + 1)

    def height_of(self, placed: Placed) -> int:
        """Return the height of all rows."""
        return self.row_height * placed.n_rows

    def rect(self, placed: Placed, word: int) -> QRectF:
        """Return where a word is, from the top left of the text."""
        top = placed.rows[word] * self.row_height + (self.row_height - self.height) / 2
        return QRectF(placed.lefts[word], top, placed.widths[word], self.height)

    def word_at(self, placed: Placed, point: QPointF) -> int:
        """Return the word at a point, or the nearest one in its row; -1 below and above all."""
        row = int(point.y() // self.row_height)
        if not 0 <= row < placed.n_rows or not placed.rows:
            return -1
        first, last = bisect_right(placed.rows, row - 1), bisect_right(placed.rows, row)
        distances = [
            max(placed.lefts[at] - point.x(), point.x() - placed.lefts[at] - placed.widths[at])
            for at in range(first, last)
        ]
        return first + distances.index(min(distances))


def _kept_together(line: Line, widths: list[float]) -> list[float]:
    """Return what each word needs in a row: its width, with those that no space parts from it.

    As “-fattened” behind “flower”; languages that have no spaces are broken anywhere.
    """
    needed = list(widths)
    for at in range(len(widths) - 1, 0, -1):
        text = line.words[at].text
        if not (text[:1].isspace() or is_unspaced(text)):
            needed[at - 1] += needed[at]
            needed[at] = widths[at]
    return needed


def _is_right_to_left(text: str) -> bool:
    """Tell whether the first letter that has a direction goes from right to left."""
    for letter in text:
        if letter.isalpha():
            return "\u0590" <= letter <= "\u08ff" or "\ufb1d" <= letter <= "\ufefc"
    return False
