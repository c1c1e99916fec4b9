"""A line's text is corrected: words that stay keep their times, new ones get those of the old."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import regex  # type: ignore[import-untyped]  # it publishes no types

from sotto.app.core.projects.document import Line, Word

# Scripts whose words have no spaces between them: what can be told apart there are characters, or
# for those of South East Asia, runs of them.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(
    r"\s*(?:[\p{Han}\p{Hiragana}\p{Katakana}]\p{P}*|[^\s\p{Han}\p{Hiragana}\p{Katakana}]+)"
)
_IS_UNSPACED = regex.compile(f"[{_UNSPACED}]")


def corrected(line: Line, text: str) -> Line | None:
    """Return the line with another text; None where nothing is left of it.

    Words that are as before keep their times. Those that took as many others' places have theirs,
    else they share their time by length; those that came between two words, the pause there, or the
    time of the word before.
    """
    new = _as_written(line, text)
    if not new.strip():
        return None
    if new == line.text:
        return line
    old = line.words
    n_before = _n_common(old, new)
    rest = new[sum(len(word.text) for word in old[:n_before]) :]
    n_after = _n_common_at_end(old[n_before:], rest)
    middle = _without_end(rest, old, n_after)
    if middle and not middle.strip():  # the space before the first of them, which is no word
        n_after -= 1
        middle = _without_end(rest, old, n_after)
    words = tuple(_replaced(line, n_before, len(old) - n_after, split_words(middle)))
    return replace(line, words=words)


def _without_end(text: str, words: Sequence[Word], n_after: int) -> str:
    """Return a text without the last `n_after` of the words that it ends with."""
    return text[: len(text) - sum(len(word.text) for word in words[len(words) - n_after :])]


def split_words(text: str) -> list[str]:
    """Return the words of a text, each with the space before it."""
    found = _WORD.findall(text)
    return [*found[:-1], found[-1] + _rest(text, found)] if found else []


def spread(texts: Sequence[str], start: float, end: float) -> tuple[Word, ...]:
    """Return words that share the time from `start` to `end` by their lengths."""
    lengths = [max(1, len(text.strip())) for text in texts]
    total, done, words = sum(lengths), 0, []
    for text, length in zip(texts, lengths, strict=True):
        began, done = done, done + length
        # Rounded, the last would end behind the end now and then.
        places = (min(end, start + (end - start) * share / total) for share in (began, done))
        words.append(Word(text, *places))
    return tuple(words)


def _as_written(line: Line, text: str) -> str:
    """Return the text in one row, with a space before it where the line has one."""
    space = " " if line.words[0].text[:1].isspace() else ""
    return space + " ".join(text.split())


def _rest(text: str, found: list[str]) -> str:
    return text[sum(map(len, found)) :]


def _n_common(words: Sequence[Word], text: str) -> int:
    """Count the words that a text begins with."""
    n_words = at = 0
    for number, word in enumerate(words, start=1):
        if not text.startswith(word.text, at):
            break
        at += len(word.text)
        if _parts(text[:at], text[at:]):
            n_words = number
    return n_words


def _n_common_at_end(words: Sequence[Word], text: str) -> int:
    """Count the words that a text ends with."""
    n_words, at = 0, len(text)
    for number, word in enumerate(reversed(words), start=1):
        if not text.endswith(word.text, 0, at):
            break
        at -= len(word.text)
        if _parts(text[:at], text[at:]):
            n_words = number
    return n_words


def is_unspaced(text: str) -> bool:
    """Tell whether a text begins in a script whose words have no spaces between them."""
    return bool(_IS_UNSPACED.match(text))


def _parts(before: str, after: str) -> bool:
    """Tell whether a word may end here."""
    if not (before and after) or after[0].isspace():
        return True
    return is_unspaced(before[-1]) or is_unspaced(after[0])


def _replaced(line: Line, first: int, last: int, texts: list[str]) -> Iterator[Word]:
    """Yield the line's words with `texts` in the place of those from `first` up to `last`."""
    old = line.words
    words = list(old[:first])
    matcher = SequenceMatcher(None, [word.text for word in old[first:last]], texts, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            words += old[first + i1 : first + i2]
        elif kind == "insert":
            _insert(line, words, first + i1, texts[j1:j2])
        elif kind == "replace":
            words += _in_place_of(old[first + i1 : first + i2], texts[j1:j2])
    yield from words
    yield from old[last:]


def _in_place_of(gone: Sequence[Word], texts: list[str]) -> tuple[Word, ...]:
    """Return words with the times of others: each its own where they are as many."""
    if len(gone) != len(texts):
        return spread(texts, gone[0].start, gone[-1].end)
    return tuple(Word(text, word.start, word.end) for text, word in zip(texts, gone, strict=True))


_SHORTEST_S = 0.08  # a word; the shortest that people say


def _insert(line: Line, words: list[Word], at: int, texts: list[str]) -> None:
    """Append words that came before the one at `at`."""
    start = words[-1].end if words else line.start
    end = line.words[at].start if at < len(line.words) else line.end
    if words and end - start < _SHORTEST_S * len(texts):
        start, shared = words[-1].start, words.pop()
        kept = spread([shared.text, *texts], start, shared.end)
        words += (replace(shared, start=kept[0].start, end=kept[0].end), *kept[1:])
    else:
        words += spread(texts, start, max(start, end))


def untimed_words(text: str, start: float, end: float) -> tuple[Word, ...]:
    """Return the words of a text whose words were not timed, spread over its time."""
    return spread(split_words(text), start, end)
