"""Words that sound the same, though one ends and the next begins elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from sotto.inference.streaming.recogniser import Word
from sotto.spelling import end_of_letters, letters


def grouped_as(heard: Sequence[Word], head: Sequence[Word]) -> tuple[Word, ...] | None:
    """Return `heard` divided as `head` is; None unless it begins with the same letters.

    What was first heard as "wood cutters" and "there for" is often "woodcutters" and "therefore"
    once more is heard: then the first two words returned are " wood" and "cutters". A word of
    `head` that goes on in `heard` ("with", "withheld") is followed by its rest ("held").

    Args:
        heard: words of a decode.
        head: words that it should begin with.
    """
    groups: list[Word] = []
    rest = list(heard)
    for word in head:
        group, rest = _take(rest, letters(word.text))
        if group is None:
            return None
        groups.append(group)
    return (*groups, *rest)


def _take(words: list[Word], sounds: str) -> tuple[Word | None, list[Word]]:
    """Take words, or the beginning of one, that together have these letters."""
    taken: list[Word] = []
    while words and (sounds or not letters(words[0].text)):
        word, words = words[0], words[1:]
        has = letters(word.text)
        if not sounds.startswith(has):
            word, rest = _divided(word, len(sounds))
            has, words = letters(word.text), [rest, *words]
        if not sounds.startswith(has):
            return None, words
        taken, sounds = [*taken, word], sounds[len(has) :]
    return (reduce(_joined, taken) if taken and not sounds else None), words


def _divided(word: Word, n_letters: int) -> tuple[Word, Word]:
    """Divide a word behind so many letters and the marks that follow them."""
    text = word.text
    at = end_of_letters(text, n_letters)
    while at < len(text) and not letters(text[at]):
        at += 1
    middle_s = word.start_s + (word.end_s - word.start_s) * at / max(1, len(text))
    return replace(word, text=text[:at], end_s=middle_s), replace(
        word, text=text[at:], start_s=middle_s
    )


def _joined(one: Word, other: Word) -> Word:
    likely = min(one.probability, other.probability)
    return Word(one.text + other.text, one.start_s, other.end_s, likely)
