"""Cues as openai-whisper cuts them: `SubtitlesWriter.iterate_result` in `whisper/utils.py`.

Its rules are followed to the letter, odd ones too, so that files are the same byte for byte.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sotto.app.core.transcription_files.shape import Shape
from sotto.inference.decoding import Segment, Transcription, WordTiming

LONG_PAUSE_S = 3.0
UNLIMITED = 1000  # openai-whisper's characters a line and words a chunk where none are given
# A word with the space or the line break before it; what has breaks inside is left alone.
_WORD = re.compile(r"^(\s*)(.*)$")

Words = Sequence[WordTiming]


class Cue(NamedTuple):
    """What is shown from `start` to `end`, seconds; `text` may have several lines."""

    start: float
    end: float
    text: str


def whisper_cues(transcription: Transcription, shape: Shape) -> Iterator[Cue]:
    """Cut at segments, or where the shape wants it if words have times."""
    segments = transcription.segments
    if not segments or segments[0].words is None:
        yield from map(_cue_of_segment, segments)
        return
    for words in _Lines(shape).cut(segments):
        yield from _highlighted(words) if shape.highlight_words else [cue_of_words(words)]


def cue_of_words(words: Words) -> Cue:
    """Return the cue of words whose text has its spaces and line breaks."""
    return Cue(words[0].start, words[-1].end, "".join(word.word for word in words))


def _cue_of_segment(segment: Segment) -> Cue:
    return Cue(segment.start, segment.end, segment.text.strip().replace("-->", "->"))


def _highlighted(words: Words) -> Iterator[Cue]:
    """Show all words for as long as they last, one after another underlined."""
    whole = cue_of_words(words)
    shown_to = whole.start
    for number, word in enumerate(words):
        if round(1000 * word.start) != round(1000 * shown_to):
            yield Cue(shown_to, word.start, whole.text)
        marked = [each.word for each in words]
        marked[number] = _WORD.sub(r"\1<u>\2</u>", word.word)
        yield Cue(word.start, word.end, "".join(marked))
        shown_to = word.end


class _Lines:
    """Takes words one after another, and breaks lines and cues between them."""

    def __init__(self, shape: Shape) -> None:
        self._width = shape.max_line_width or UNLIMITED
        self._max_lines = shape.max_line_count or None
        self._chunk = shape.max_words_per_line or UNLIMITED
        self._keeps_segments = not (shape.max_line_width and shape.max_line_count)
        self._cue: list[WordTiming] = []
        self._length, self._n_lines = 0, 1
        self._last_start = 0.0

    def cut(self, segments: Sequence[Segment]) -> Iterator[Words]:
        """Yield the words of each cue."""
        self._last_start = _first_start(segments)
        for chunk in self._chunks(segments):
            for number, word in enumerate(chunk):
                yield from self._take(word, is_first=number == 0)
        if self._cue:
            yield self._cue

    def _chunks(self, segments: Sequence[Segment]) -> Iterator[Words]:
        for segment in segments:
            words = segment.words or ()
            for first in range(0, len(words), self._chunk):
                yield words[first : first + self._chunk]

    def _take(self, word: WordTiming, *, is_first: bool) -> Iterator[Words]:
        is_late = not self._keeps_segments and word.start - self._last_start > LONG_PAUSE_S
        is_new = is_first and bool(self._cue) and self._keeps_segments
        has_room = self._length + len(word.word) <= self._width
        self._last_start = word.start
        if self._length > 0 and has_room and not is_late and not is_new:
            self._length += len(word.word)
            self._cue.append(word)
            return
        text = word.word.strip()
        is_full = self._max_lines is not None and (is_late or self._n_lines >= self._max_lines)
        if (self._cue and is_full) or is_new:
            yield self._cue
            self._cue, self._n_lines = [], 1
        elif self._length > 0:
            self._n_lines += 1
            text = f"\n{text}"
        self._length = len(text.strip())
        self._cue.append(replace(word, word=text))


def _first_start(segments: Sequence[Segment]) -> float:
    starts = (word.start for segment in segments for word in segment.words or ())
    return next(starts, segments[0].start)
