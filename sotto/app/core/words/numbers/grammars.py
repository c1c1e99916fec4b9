"""How the numbers of each language are read and written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from sotto.app.core.words.numbers.chinese_japanese import Characters
from sotto.app.core.words.numbers.english import EnglishNumerals
from sotto.app.core.words.numbers.numerals import Numerals
from sotto.app.core.words.spoken_table import spoken


class Grammar(Protocol):
    """The number words of a language, and which of them go together."""

    def may_follow(self, words: Sequence[str], word: str, /) -> bool:
        """True if `word` may go on a number that begins with `words`; they may be none."""
        ...

    def may_end(self, words: Sequence[str], /) -> bool:
        """True if `words`, each of which may follow the ones before, are a whole number."""
        ...

    def is_cardinal(self, word: str, /) -> bool:
        """True for what is a number alone."""
        ...

    def is_sign(self, word: str, /) -> bool:
        """True for what makes a number negative."""
        ...

    def is_and(self, word: str, /) -> bool:
        """True for what is said between the parts of a number, and may precede an ordinal."""
        ...

    def is_ordinal(self, word: str, /) -> bool:
        """True for what makes an ordinal of the number before it, which then stays words."""
        ...

    def takes_unit(self, words: Sequence[str], /) -> bool:
        """True if a unit may stand behind the whole number."""
        ...

    def stays_words(self, words: Sequence[str], /) -> bool:
        """True if the number is hardly ever meant as figures where it stands alone."""
        ...

    def figure(self, words: Sequence[str], /) -> str:
        """Return a whole number as digits."""
        ...


@dataclass(frozen=True, slots=True)
class NumberRules:
    """How a language's numbers are read and written.

    Attributes:
        grammar: of its number words; None where numbers stay words.
        characters: the same for a language whose numbers are part of running text.
        signs: the words of a unit → how it is written with a number, which stands for "#".
    """

    grammar: Grammar | None = None
    characters: Characters | None = None
    signs: Mapping[tuple[str, ...], str] = field(default_factory=dict)


@cache
def rules(language: str) -> NumberRules:
    """Return the rules of a language, by its code."""
    table = spoken(language).numbers
    if not spoken(language).is_spaced:
        return NumberRules(characters=Characters(table) if table.words else None)
    signs = {tuple(unit.casefold().split()): written for unit, written in table.signs.items()}
    signs |= {tuple(unit.casefold().split()): "#" for unit in table.units}
    if language == "en":
        return NumberRules(EnglishNumerals(), signs=signs)
    return NumberRules(Numerals(table) if table.words else None, signs=signs)
