"""The figures that the number words of a language make, by its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.app.core.words.numbers.parts import Fraction, Link, NumberParts, Part
from sotto.app.core.words.numbers.sums import HUNDRED, THOUSAND, Sum
from sotto.app.core.words.spoken_table import NumberTable

_LARGE = 1_000_000  # from here on the word is kept: "5 million"


@dataclass(frozen=True, slots=True)
class Figure:
    """What is written for number words so far; a number that is not whole needs more of them."""

    text: str
    is_whole: bool = True


class Numerals:
    """Reads the number words of one language; `grammars.Grammar` says more of its methods."""

    def __init__(self, table: NumberTable) -> None:
        self._table = table
        self._parts = NumberParts(table)
        self._points = {word.casefold(): mark for word, mark in table.decimal.items()}
        large = (ways for value, ways in table.words.items() if value >= _LARGE)
        self._large = {way.casefold(): way for ways in large for way in ways}
        self._stay = frozenset(word.casefold() for word in table.stay_words)
        self._ordinal_beginnings = tuple(w[:-1] for w in table.ordinals if w.endswith("-"))
        self._ordinal_ends = tuple(w[1:] for w in table.ordinals if w.startswith("-"))

    def may_follow(self, words: Sequence[str], word: str) -> bool:
        """True if `word` may go on a number that begins with `words`; they may be none."""
        return self._figure((*words, word)) is not None

    def may_end(self, words: Sequence[str]) -> bool:
        """True if `words`, each of which may follow the ones before, are a whole number."""
        found = self._figure(words)
        return found is not None and found.is_whole

    def figure(self, words: Sequence[str]) -> str:
        """Return a whole number as digits."""
        found = self._figure(words)
        assert found  # noqa: S101  (the words are a number)
        return found.text

    def is_cardinal(self, word: str) -> bool:
        """True for what is a number alone."""
        return self.may_end((word,))

    def is_sign(self, word: str) -> bool:
        """True for "minus"."""
        return self._parts.get(word) is Link.MINUS

    def is_and(self, word: str) -> bool:
        """True for what is said between the parts of a number."""
        return self._parts.get(word) is Link.AND

    def is_ordinal(self, word: str) -> bool:
        """True for what makes an ordinal of the number before it: "vingt et unième"."""
        fits = word.startswith(self._ordinal_beginnings) or word.endswith(self._ordinal_ends)
        return fits and self._parts.get(word) is None

    def takes_unit(self, words: Sequence[str]) -> bool:
        """True if a unit may stand behind the whole number."""
        return bool(words)

    def stays_words(self, words: Sequence[str]) -> bool:
        """True if the number is hardly ever meant as figures where it stands alone."""
        return " ".join(words) in self._stay or self.figure(words) == "1"

    def _figure(self, words: Sequence[str]) -> Figure | None:
        parts = self._parts.of(words)
        if not parts:
            return None
        if parts[0] is not Link.MINUS:
            return self._with_large_word(words) or self._decimal(parts, words)
        if len(words) == 1:
            return Figure("", is_whole=False)
        found = self._figure(words[1:]) if parts[1] is not Link.MINUS else None
        return found and Figure(f"-{found.text}", found.is_whole)

    def _with_large_word(self, words: Sequence[str]) -> Figure | None:
        """Read "fünf Millionen", but not "eine Million", which may be "a million" as well."""
        *before, last = words
        if not before or last not in self._large or not self._large.keys().isdisjoint(before):
            return None
        count = self._figure(before)
        if not (count and count.is_whole) or count.text == "1" or " " in count.text:
            return None
        return Figure(f"{count.text} {self._large[last]}")

    def _decimal(self, parts: list[Part], words: Sequence[str]) -> Figure | None:
        if Link.POINT not in parts:
            return self._whole(parts) or _code(parts)
        at = parts.index(Link.POINT)
        whole, decimals = self._whole(parts[:at]), parts[at + 1 :]
        if not (whole and whole.is_whole):
            return None
        mark = next(self._points[word] for word in words if word in self._points)
        found = self._decimals(decimals) if decimals else Figure("", is_whole=False)
        return found and Figure(f"{whole.text}{mark}{found.text}", found.is_whole)

    def _decimals(self, parts: list[Part]) -> Figure | None:
        """Read "one four" as well as "fourteen", and "fourteen hundredths"."""
        *said, last = parts
        if isinstance(last, Fraction):
            found = self._whole(said)
            return found and Figure(found.text.zfill(len(str(last.denominator)) - 1))
        for n in range(len(parts), 0, -1):
            first = self._whole(parts[:n])
            if first and n == len(parts):
                return first
            if first and first.is_whole:
                rest = self._decimals(parts[n:])
                return rest and Figure(first.text + rest.text, rest.is_whole)
        return None

    def _whole(self, parts: list[Part]) -> Figure | None:
        """Read a whole number of parts that belong together."""
        if parts == [0]:
            return Figure("0")
        total = Sum(teens_after=self._table.teens_after)
        is_linked = False
        for part in parts:
            if part is Link.AND and not is_linked and self._takes_and(total.last):
                is_linked = True
            elif self._fits(part, is_linked=is_linked) and total.add(part):
                is_linked = False
            else:
                return None
        is_open = is_linked or _is_bare_large(total, parts)
        return Figure(str(total.value), not is_open) if parts else None

    def _fits(self, part: Part, *, is_linked: bool) -> bool:
        return not (is_linked and self._table.and_before) or part in self._table.and_before

    def _takes_and(self, last: int) -> bool:
        place = "thousands" if last >= THOUSAND else "hundreds" if last >= HUNDRED else "tens"
        return last >= 20 and place in self._table.and_after


def _code(parts: list[Part]) -> Figure | None:
    """Read digits one by one: a telephone number or a code; "een een" is none yet."""
    if not all(isinstance(part, int) and 0 <= part <= 9 for part in parts):
        return None
    is_code = len(parts) > 2 or parts[0] == 0
    return Figure(("" if is_code else " ").join(map(str, parts)), is_code or 1 not in parts)


def _is_bare_large(total: Sum, parts: list[Part]) -> bool:
    """True for "eine Million", which is read with what comes behind it or not at all."""
    return total.value >= _LARGE and total.groups == [(parts[-1], 1)]
