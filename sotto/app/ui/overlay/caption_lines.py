"""Breaks captions into lines that roll: a word that is certain never changes its line."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QTextBoundaryFinder

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of captions: certain words, then words that may still change."""

    committed: str = ""
    tentative: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return self.committed + self.tentative


class CaptionLines:
    """Lines that grow at their end only.

    Text is settled piece by piece, each on the line that it reaches first, and stays there whatever
    follows. Lines are numbered from the first that ever was; only the newest are kept.

    Args:
        measure: width of a text in pixels.
        width: room for a line in pixels.
        hang: how far the end of a word may stand out at the right, in pixels, where the beginning
            of that word is settled already: a comma that comes late, say.
        n_lines: how many lines are shown at once.
    """

    def __init__(self, measure: Measure, width: float, hang: float, n_lines: int) -> None:
        self._measure = measure
        self._width = width
        self._hang = hang
        self._n_lines = n_lines
        self.clear()

    def clear(self) -> None:
        """Begin again with an empty line."""
        self._lines = [Line()]
        self._n_gone = 0
        self._top = 0

    def settle(self, text: str) -> None:
        """Add text that is certain."""
        for piece in self._pieces(self._lines[-1].committed, text):
            if self._fits(self._lines[-1], piece):
                self._lines[-1] = Line(self._lines[-1].committed + piece)
            else:
                self._lines.append(Line(piece.lstrip()))
        n_old = max(0, len(self._lines) - self._n_lines)
        self._n_gone += n_old
        del self._lines[:n_old]

    def shown(self, tentative: str = "") -> tuple[Line, ...]:
        """Return the lines to show, the oldest first, with `tentative` after what is settled.

        Lines that went up stay up, even if the tentative text gets shorter.
        """
        lines = list(self._lines)
        for piece in self._pieces(lines[-1].committed, tentative):
            last = lines[-1]
            if self._fits(last, piece):
                lines[-1] = Line(last.committed, last.tentative + piece)
            else:
                lines.append(Line("", piece.lstrip()))
        newest = self._n_gone + len(lines) - 1
        self._top = min(max(self._top, newest + 1 - self._n_lines), newest)
        return tuple(lines[max(0, self._top - self._n_gone) :][: self._n_lines])

    @property
    def top(self) -> int:
        """The number of the line that was shown at the top last."""
        return self._top

    def _pieces(self, before: str, text: str) -> Iterator[str]:
        """Cut text where a line may break, and anywhere in what is wider than a line."""
        for piece in pieces(before, text):
            yield from self._narrow(piece)

    def _narrow(self, piece: str) -> Iterator[str]:
        while len(piece) > 1 and self._measure(piece.rstrip()) > self._width:
            n = self._n_fitting(piece)
            yield piece[:n]
            piece = piece[n:]
        yield piece

    def _n_fitting(self, piece: str) -> int:
        n = bisect_right(range(len(piece)), self._width, key=lambda n: self._measure(piece[:n]))
        return max(1, n - 1)

    def _fits(self, line: Line, piece: str) -> bool:
        before = line.text
        if not before:
            return True
        continues_word = not may_break(before, piece)
        room = self._width + (self._hang if continues_word else 0)
        return self._measure((before + piece).rstrip()) <= room


def pieces(before: str, text: str) -> Iterator[str]:
    """Cut `text`, which follows `before`, at every place where a line may break (UAX 14)."""
    start = len(before)
    for end in _boundaries(before + text):
        if end > start:
            yield (before + text)[start:end]
            start = end


def may_break(before: str, after: str) -> bool:
    """Tell whether a line may break between two texts (UAX 14)."""
    return len(before) in _boundaries(before + after)


def _boundaries(text: str) -> Iterator[int]:
    utf_16 = text.encode("utf-16-le")  # Qt counts its units
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    while (unit := finder.toNextBoundary()) != -1:
        yield len(utf_16[: 2 * unit].decode("utf-16-le"))
