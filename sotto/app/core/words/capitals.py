"""Capital and small first letters."""

from collections.abc import Container

from sotto.app.core.words.chunks import APOSTROPHE, CLOSERS
from sotto.app.core.words.marks import Case

_ENDS = ".?!。？！"  # noqa: RUF001  (the ideographic ones are meant)
_ELLIPSES = ("...", "…")


def cased(text: str, case: Case, small_words: Container[str]) -> str:
    """Return `text` with its first word begun as `case` says.

    A model begins each utterance with a capital, even in the middle of a sentence. Words that are
    never names, `small_words`, can be written small again; with all others the model may be right.
    """
    start = next((at for at, character in enumerate(text) if character.isalnum()), len(text))
    word = text[start:].split(" ", 1)[0].rstrip(CLOSERS)
    if case is Case.CAPITAL and _takes_capital(word):
        return text[:start] + _titled(text[start]) + text[start + 1 :]
    if case is Case.SMALL and _as_small(word) in small_words:
        return text[:start] + text[start].lower() + text[start + 1 :]
    return text


def _takes_capital(word: str) -> bool:
    """False for what is written in a way of its own: iPhone, example.com, mp3."""
    return word.islower() and not any(c.isdigit() or c in "./:@_\\" for c in word)


def _as_small(word: str) -> str:
    return (word[:1].lower() + word[1:]).replace(APOSTROPHE, "'")


def _titled(letter: str) -> str:
    capital = letter.title()
    return capital if capital.lower() == letter else letter  # "µ" would become a Greek letter


def has_letter_or_digit(text: str) -> bool:
    """True if there is something that a capital could be asked of."""
    return any(character.isalnum() for character in text)


def case_after(text: str) -> Case:
    """Return how a word begins that follows `text` after a pause."""
    bare = text.rstrip(CLOSERS)
    if bare.endswith(_ELLIPSES):
        return Case.AS_IS
    return Case.CAPITAL if bare.endswith((*_ENDS, "\n")) else Case.SMALL
