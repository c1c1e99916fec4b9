"""All words of a transcription with their times, for whoever cuts it in a way of his own."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from sotto.app.core.sides import label
from sotto.inference.decoding import Segment, Transcription


class TimedWord(NamedTuple):
    """A word without the white space around it; `start` and `end` in seconds.

    Attributes:
        has_space: A space stands before it, if it does not begin a line.
        is_turn: Another speaker begins to speak.
    """

    start: float
    end: float
    text: str
    has_space: bool = True
    is_turn: bool = False


def timed_words(transcription: Transcription, longest: int) -> list[TimedWord]:
    """Return the words in order of time; those over `longest` columns are in pieces.

    The name of a speaker stands where he begins, not at each of his segments.
    """
    words: list[TimedWord] = []
    now_s, side = 0.0, ""
    for segment in transcription.segments:
        before, side = side, label(segment.speaker)
        for word in _words_of(segment, words[-1].text if words else "", side, before):
            start = max(word.start, now_s)
            timed = word._replace(start=start, end=max(word.end, start))
            words.extend(piece for piece in _pieces(timed, longest) if piece.text)
            now_s = start
    return words


def joined(words: list[TimedWord]) -> str:
    """Return the words as one line."""
    spaced = (f" {word.text}" if word.has_space else word.text for word in words)
    return "".join(spaced).lstrip()


def columns(text: str) -> int:
    """Return how many characters are seen: marks above and below another one take no place."""
    if text.isascii():
        return len(text)
    return sum(unicodedata.category(each) not in {"Mn", "Me", "Cf"} for each in text)


def needs_space(before: str, text: str) -> bool:
    """Tell whether a space stands between two pieces of text, of which the second is as it came."""
    return text[:1].isspace() or not _is_wide(before[-1:])


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in {"W", "F"}


def _words_of(segment: Segment, last: str, side: str, side_before: str) -> Iterator[TimedWord]:
    """Yield the words that have letters; times are told, or guessed by the length of words."""
    has_space = needs_space(last, segment.text)
    is_turn = side != side_before
    named = "" if is_turn else side
    for start, end, word in _told(segment) if segment.words is not None else _guessed(segment):
        text = " ".join(word.split()).removeprefix(named).lstrip()
        named = ""
        if text:
            yield TimedWord(start, end, text, has_space or word[0].isspace(), is_turn)
            has_space = is_turn = False


def _told(segment: Segment) -> Iterator[tuple[float, float, str]]:
    return ((word.start, word.end, word.word) for word in segment.words or ())


def _guessed(segment: Segment) -> Iterator[tuple[float, float, str]]:
    texts = segment.text.split()
    n_letters = sum(map(len, texts))
    n_before = 0
    for text in texts:
        start, end = (
            segment.start + (segment.end - segment.start) * n / n_letters
            for n in (n_before, n_before + len(text))
        )
        yield start, end, f" {text}"
        n_before += len(text)


def _pieces(word: TimedWord, longest: int) -> Iterator[TimedWord]:
    """Cut a word that no line can hold into pieces: a name at its spaces, an address anywhere."""
    if len(word.text) <= longest:
        yield word
        return
    n, first = len(word.text), 0
    while first < n:
        last = _end_of_piece(word.text, first, longest)
        start, end = (word.start + (word.end - word.start) * at / n for at in (first, last))
        piece = word.text[first:last]
        has_space = piece[0].isspace() if first else word.has_space
        yield TimedWord(start, end, piece.strip(), has_space, not first and word.is_turn)
        first = last


def _end_of_piece(text: str, first: int, longest: int) -> int:
    """Return where a piece ends that begins at `first`, maybe with a space."""
    last = first + longest
    if last >= len(text):
        return len(text)
    space = text.rfind(" ", first + 1, last + 1)
    return space if space > 0 else last
