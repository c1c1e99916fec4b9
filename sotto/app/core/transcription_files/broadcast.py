"""Subtitles as broadcasters ask for them: short lines, enough time to read, breaks that make sense.

The numbers are those of Netflix's Timed Text Style Guide (general requirements, and those of each
language) and of the EBU's and the BBC's guidelines, which differ little. Which words make a cue is
the cheapest of all ways to cut the text, found by dynamic programming as TeX breaks paragraphs.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, starmap

from sotto.app.core.transcription_files.cue_times import (
    GAP_S,
    MAX_SHOWN_S,
    SLIP_S,
    Limits,
    hurry,
    shown_times,
)
from sotto.app.core.transcription_files.cues import Cue
from sotto.app.core.transcription_files.line_breaks import SENTENCE, break_cost, in_lines
from sotto.app.core.transcription_files.shape import Shape
from sotto.app.core.transcription_files.timed_words import (
    TimedWord,
    columns,
    timed_words,
)
from sotto.inference.decoding import Transcription

LONG_PAUSE_S = 1.5
"""No cue goes on after such a silence."""
_CUE = 1.0  # what any cue costs: fewer are calmer
_SENTENCE_INSIDE = 2.5  # and a sentence that ends within one: two cues are better, if there is time

_LIMITS = {
    "ja": Limits(13, 2, 4.0),
    "ko": Limits(16, 2, 12.0),
    "yue": Limits(16, 2, 9.0),
    "zh": Limits(16, 2, 9.0),
}


def limits(language: str, shape: Shape) -> Limits:
    """Return the limits of a language, with what else is asked for."""
    usual = _LIMITS.get(language, Limits())
    width, lines = shape.max_line_width, shape.max_line_count
    return replace(usual, width=width or usual.width, lines=lines or usual.lines)


def broadcast_cues(transcription: Transcription, shape: Shape) -> Iterator[Cue]:
    """Cut, time and lay out all words.

    Lines are never too long, cues never overlap, and all words are there in order. Cues are as long
    as reading takes where the next words leave the time for it.
    """
    within = limits(transcription.language, shape)
    words = timed_words(transcription, within.width)
    parts = _Cutting(words, within).parts()
    for part, (start, end) in zip(parts, shown_times(parts, within), strict=True):
        yield Cue(start, end, in_lines(part, within.width).replace("-->", "->"))


class _Cutting:
    """Finds where to cut words into cues, at the least cost in all."""

    def __init__(self, words: list[TimedWord], within: Limits) -> None:
        self._words = words
        self._within = within
        self._columns = [columns(word.text) for word in words]
        self._breaks = [SENTENCE, *starmap(break_cost, pairwise(words)), SENTENCE]  # before each
        self._costs = [0.0]  # of all words before each
        self._cuts = [0]  # where the last cue of these begins

    def parts(self) -> list[list[TimedWord]]:
        """Return the words of each cue."""
        for last in range(1, len(self._words) + 1):
            cost, first = min(self._beginnings(last))
            self._costs.append(cost)
            self._cuts.append(first)
        places = [len(self._words)]
        while places[-1] > 0:
            places.append(self._cuts[places[-1]])
        return [self._words[first:last] for first, last in pairwise(reversed(places))]

    def _beginnings(self, last: int) -> Iterator[tuple[float, int]]:
        """Yield the cost of all words up to `last` for each place where their last cue may begin.

        Lines are filled from below, which takes as few as from above.
        """
        n_lines, used, length, n_sentences = 1, 0, 0, 0
        for first in range(last - 1, -1, -1):
            n_columns = self._columns[first]
            if first < last - 1:
                if self._is_parted(first + 1, last):
                    return
                space = self._words[first + 1].has_space
                length += space
                n_sentences += self._breaks[first + 1] == SENTENCE
                is_full = used + space + n_columns > self._within.width
                n_lines, used = (n_lines + 1, 0) if is_full else (n_lines, used + space)
            used, length = used + n_columns, length + n_columns
            if n_lines > self._within.lines:
                return
            cost = _CUE + self._breaks[last] + _SENTENCE_INSIDE * n_sentences
            yield self._costs[first] + cost + self._haste(first, last, length), first

    def _is_parted(self, at: int, last: int) -> bool:
        """Tell whether a cue of words up to `last` must not have the word before `at` as well."""
        before, word = self._words[at - 1], self._words[at]
        is_long = self._words[last - 1].end - before.start > MAX_SHOWN_S
        return word.is_turn or is_long or word.start - before.end >= LONG_PAUSE_S

    def _haste(self, first: int, last: int, length: int) -> float:
        """Return what it costs that the next words do not leave the time to read these."""
        if last == len(self._words):
            return 0.0
        time_s = self._words[last].start - GAP_S - self._words[first].start + SLIP_S
        return hurry(length, time_s, self._within)
