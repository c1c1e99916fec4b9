"""Where words stand in a document."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from operator import gt

from sotto.app.core.projects.document import Document, Line


@dataclass(frozen=True, slots=True)
class Found:
    """Words from `first` to `last` of a line."""

    line: int
    first: int
    last: int


def find(document: Document, wanted: str) -> tuple[Found, ...]:
    """Return every place where a text stands, whatever its capitals, in order."""
    folded = " ".join(wanted.casefold().split())
    if not folded:
        return ()
    return tuple(
        found for number, line in enumerate(document.lines) for found in _in(line, number, folded)
    )


def _in(line: Line, number: int, wanted: str) -> list[Found]:
    texts = [word.text.casefold() for word in line.words]
    whole = "".join(texts)
    if wanted not in whole:
        return []
    word_of = [at for at, text in enumerate(texts) for _ in text]
    found, at = [], whole.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        found.append(Found(number, word_of[at], word_of[end - 1]))
        at = whole.find(wanted, end)
    return found


DOUBTFUL = 0.5
"""Words below this probability are worth a look."""


def next_doubt(document: Document, place: tuple[int, int], step: int) -> tuple[int, int] | None:
    """Return the line and the word of the next doubtful word after a place; None without any.

    Args:
        document: Is looked through, around its end.
        place: A line and a word of it.
        step: 1 for the next one, -1 for the one before.
    """
    doubts = [
        (number, at)
        for number, line in enumerate(document.lines)
        for at, word in enumerate(line.words)
        if word.probability < DOUBTFUL
    ]
    if not doubts:
        return None
    if step > 0:
        return doubts[bisect_right(doubts, place) % len(doubts)]
    return doubts[bisect_left(doubts, place) - 1]


class WordTimes:
    """When each word of a document starts. Two people may speak at once."""

    def __init__(self, document: Document) -> None:
        starts = [word.start for line in document.lines for word in line.words]
        # Numbers alone: thousands of tuples would have Python look for garbage at each correction.
        self._order: Sequence[int] = range(len(starts))
        self._starts = starts
        if any(map(gt, starts, islice(starts, 1, None))):
            self._order = sorted(range(len(starts)), key=starts.__getitem__)
            self._starts = [starts[number] for number in self._order]
        self._firsts = list(accumulate((len(line.words) for line in document.lines), initial=0))

    def place_at(self, place_s: float) -> tuple[int, int] | None:
        """Return the line and the word that is said at a place, or the last one before it."""
        at = bisect_right(self._starts, place_s) - 1
        if at < 0:
            return None
        number = self._order[at]
        line = bisect_right(self._firsts, number) - 1
        return line, number - self._firsts[line]
