"""From number words to the parts of a number, by a language's table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from sotto.app.core.words.numbers.sums import HUNDRED, Sum
from sotto.app.core.words.spoken_table import NumberTable


class Link(Enum):
    """What is said between the parts of a number, or before it."""

    AND = auto()
    POINT = auto()
    MINUS = auto()


@dataclass(frozen=True, slots=True)
class Fraction:
    """What is said after decimals: the last of them are `denominator`-ths."""

    denominator: int


Part = int | Link | Fraction


class NumberParts:
    """Knows the parts that words are."""

    def __init__(self, table: NumberTable) -> None:
        forms = {way: value for value, ways in table.words.items() for way in ways}
        and_words = table.and_words if table.and_after else ()
        known: dict[str, Part] = {
            **dict.fromkeys(and_words, Link.AND),
            **dict.fromkeys(table.minus, Link.MINUS),
            **dict.fromkeys(table.decimal, Link.POINT),
            **{word: Fraction(denominator) for word, denominator in table.fractions.items()},
            **{form: value for form, value in forms.items() if not form.endswith("-")},
        }
        self._known = {form.casefold().replace("-", " "): part for form, part in known.items()}
        self._longest = max((form.count(" ") + 1 for form in self._known), default=0)
        self._joined = _JoinedParts(table) if table.is_joined else None

    def get(self, word: str) -> Part | None:
        """Return the part that one word is."""
        return self._known.get(word)

    def of(self, words: Sequence[str]) -> list[Part] | None:
        """Return the parts of words; None if there is a word that is none."""
        parts: list[Part] = []
        at = 0
        while at < len(words):
            n, found = self._first(words[at:])
            if not found:
                return None
            parts += found
            at += n
        return parts

    def _first(self, words: Sequence[str]) -> tuple[int, Sequence[Part]]:
        """Return how many words are the first part, and the part or parts that they are."""
        for n in range(min(self._longest, len(words)), 0, -1):
            part = self._known.get(" ".join(words[:n]))
            if part is not None:
                return n, [part]
        return 1, self._joined.of(words[0]) if self._joined else ()


class _JoinedParts:
    """Takes numbers apart that are written as one word: "dreihundertfünf"."""

    def __init__(self, table: NumberTable) -> None:
        self._is_units_first = table.is_units_first
        parts: dict[str, Part] = {}
        if table.is_units_first:
            parts |= dict.fromkeys(table.and_words, Link.AND)
        for value, ways in table.words.items():
            parts |= {way.casefold(): value for way in ways}
        self._parts = dict(sorted(parts.items(), key=lambda item: len(item[0]), reverse=True))

    def of(self, word: str) -> Sequence[Part]:
        """Return the parts of a word; none if it is no number."""
        parts = self._segments(word) or ()
        if self._is_units_first:
            parts = list(_with_units_first(parts))
        return parts if Sum.of(parts) else ()

    def _segments(self, word: str) -> list[Part] | None:
        """Take the longest part first, and a shorter one where the rest makes no sense."""
        if not word:
            return []
        for form, part in self._parts.items():
            begins_only, form = form.endswith("-"), form.rstrip("-")  # noqa: PLW2901
            if word.startswith(form) and not (begins_only and word == form):
                rest = self._segments(word.removeprefix(form))
                if rest is not None:
                    return [part, *rest]
        return None


def _with_units_first(parts: Sequence[Part]) -> Iterator[Part]:
    """Return 21 for "ein und zwanzig"."""
    rest = list(parts)
    while rest:
        match rest[:3]:
            case [int(unit), Link.AND, int(tens)] if unit < 10 <= tens < HUNDRED:
                yield unit + tens
                del rest[:3]
            case [Link.AND, *_]:
                del rest[0]  # "hundertundeins"
            case _:
                yield rest.pop(0)
