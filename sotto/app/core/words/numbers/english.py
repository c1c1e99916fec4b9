"""English number words and the figures they make.

text2num knows the words; what stands here is which of them go together, and how dictated figures
are read: years, times, telephone numbers.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from text_to_num import alpha2digit

_ZEROS = frozenset({"oh", "o"})  # as in "nineteen oh five", never at the start
_ROUND = frozenset({"hundred", "thousand"})
_LARGE = frozenset({"million", "billion", "trillion"})

# "One of them", "first of all", "a second": alone these are hardly ever meant as figures.
_PROSE = ({"one"}, {"first"}, {"second"}, {"third"})

_LETTERS = re.compile(r"[a-z]+(-[a-z]+)*")  # text2num finds "os" in what stands beside it, too
_YEAR = re.compile(r"(1[3-9]|20) (\d\d)")
_TIME = re.compile(r"([1-9]|1[0-2]) ([0-5]\d)")


def may_follow(words: Sequence[str], word: str) -> bool:
    """True if `word` may go on a number that begins with `words`; they may be none."""
    if not words:
        return word == "a" or (_is_number(word) and word not in _ROUND | _LARGE)
    if words[-1] == "a":
        return word in _ROUND
    return _may_connect(words, word) or _may_add(words, word)


def may_end(words: Sequence[str]) -> bool:
    """True if `words`, each of which may follow the ones before, are a whole number."""
    return _is_number(words[-1]) or (words[-1] in _ZEROS and words[-2] == "point")


def is_cardinal(word: str) -> bool:
    """True for "five", not for "fifth"."""
    return _is_number(word) and _as_digits(word).isdigit()


def figure(words: Sequence[str]) -> str:
    """Return a whole number as digits."""
    if words.count("point") > 1:
        return ".".join(map(figure, _parted(words)))  # a version or a section
    said = ["zero" if w in _ZEROS else "one" if w == "a" else w for w in words]
    digits = [_as_digits(word) for word in said]
    if len(said) > 2 and all(len(digit) == 1 for digit in digits):
        return "".join(digits)  # a telephone number or a code
    if len(said) > 1 and said[-1] in _LARGE and not _LARGE.intersection(said[:-1]):
        return f"{figure(said[:-1])} {said[-1]}"
    return _as_year_or_time(_as_digits(" ".join(said)))


def _parted(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Return what stands between the points."""
    for is_point, part in groupby(words, "point".__eq__):
        if not is_point:
            yield tuple(part)


def _as_year_or_time(text: str) -> str:
    if year := _YEAR.fullmatch(text):
        return f"{year[1]}{year[2]}"
    if time := _TIME.fullmatch(text):
        return f"{time[1]}:{time[2]}"
    return text


def _as_digits(words: str) -> str:
    digits: str = alpha2digit(words, "en", threshold=0.0)
    return digits


def _is_number(word: str) -> bool:
    """True for cardinals and ordinals, not for "hundreds"."""
    is_singular = _LETTERS.fullmatch(word) is not None and word[-1:] != "s"
    return is_singular and _as_digits(word)[:1].isdigit()


def _may_connect(words: Sequence[str], word: str) -> bool:
    last = words[-1]
    if word == "and":
        return last in _ROUND | _LARGE
    if word == "point":
        return is_cardinal(last)
    return word in _ZEROS and (last == "point" or last in _ZEROS or is_cardinal(last))


def _may_add(words: Sequence[str], word: str) -> bool:
    if is_cardinal(word):
        return is_cardinal(words[-1]) or not _is_number(words[-1])
    # An ordinal ends the figure before it: "twenty second", not "one second".
    return _is_number(word) and " " not in figure([*words, word])


class EnglishNumerals:
    """English, as `numbers.Grammar` has it."""

    may_follow = staticmethod(may_follow)
    may_end = staticmethod(may_end)
    is_cardinal = staticmethod(is_cardinal)
    figure = staticmethod(figure)

    @staticmethod
    def is_sign(_word: str) -> bool:
        """True for what makes a number negative."""
        return False

    @staticmethod
    def is_and(_word: str) -> bool:
        """True for what is said between the parts of a number, and may precede an ordinal."""
        return False

    @staticmethod
    def is_ordinal(_word: str) -> bool:
        """False: English ordinals are figures, too."""
        return False

    @staticmethod
    def takes_unit(words: Sequence[str]) -> bool:
        """True if a unit may stand behind the whole number."""
        return is_cardinal(words[-1])

    @staticmethod
    def stays_words(words: Sequence[str]) -> bool:
        """True if the number is hardly ever meant as figures where it stands alone."""
        return set(words) in _PROSE
