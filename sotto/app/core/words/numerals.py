"""Number words of a language and the figures they make, by its table.

A number is read as a sequence of parts: values ("twenty", "three"), powers, which multiply what
is said before them ("hundred", "thousand"), and links ("and", "point"). A part may follow where
the parts before it left room: after "twenty" there is room for units, after "two hundred" for
what is less than a hundred.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sotto.app.core.words.spoken import NumberTable


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

_LARGE = 1_000_000  # from here on the word is kept: "5 million"
_HUNDRED, _THOUSAND, _MYRIAD = 100, 1000, 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What is written for number words so far; a number that is not whole needs more of them."""

    text: str
    is_whole: bool = True


@dataclass(slots=True)
class _Sum:
    """The value of parts, added one by one.

    Attributes:
        powers: what multiplies a unit before it, within a group.
        group_room: what a group between two thousands is less than.
        teens_after: see `NumberTable`.
    """

    powers: frozenset[int]
    group_room: int
    teens_after: frozenset[int]
    groups: list[tuple[int, int]] = field(default_factory=list)  # scale, how many of it
    group: int = 0
    last: int = 0  # the part before; 0 at the start
    outer: int = 0  # the room before that part
    room: int = 0

    def __post_init__(self) -> None:
        self.outer = self.room = self.group_room

    @property
    def value(self) -> int:
        return sum(scale * n for scale, n in self.groups) + self.group

    def add(self, part: int) -> bool:
        """Add a part; false if it cannot follow."""
        if part >= self.group_room:
            fits = self._scale(part)
        elif part in self.powers:
            fits = self._power(part)
        else:
            fits = 0 < part < self.room
            self.group += part
            self.outer, self.room = self.room, self._room_after(part)
        self.last = part
        return fits

    def _scale(self, scale: int) -> bool:
        n = self.group
        while self.groups and self.groups[-1][0] < scale:  # "mil millones"
            smaller, count = self.groups.pop()
            n += smaller * count
        fits = not self.groups or self.groups[-1][0] > scale
        if not n:
            fits = fits and scale == _THOUSAND
        self.groups.append((scale, n or 1))
        self.group, self.outer, self.room = 0, self.group_room, self.group_room
        return fits

    def _power(self, power: int) -> bool:
        if 1 <= self.last <= 9:
            fits = power < self.outer
            self.group += self.last * (power - 1)
        elif 11 <= self.last <= 19 and power == _HUNDRED:
            fits = self.value == self.last  # "neunzehnhundert"
            self.group = self.last * power
        else:
            fits = power < self.room
            self.group += power
        self.outer = self.room = power
        return fits

    def _room_after(self, part: int) -> int:
        if part in self.teens_after:
            return 20
        return 1 if part < 20 or part % 10 else 10 if part < _HUNDRED else _HUNDRED


class Numerals:
    """Reads the number words of one language."""

    def __init__(self, table: NumberTable) -> None:
        self._table = table
        forms = {
            way.casefold().replace("-", " ").strip(): value
            for value, ways in table.words.items()
            for way in ways
            if not way.endswith("-")
        }
        self._parts: dict[str, Part] = {
            **{word.casefold(): Link.AND for word in table.and_words if table.and_after},
            **{word.casefold(): Link.MINUS for word in table.minus},
            **{word.casefold(): Link.POINT for word in table.decimal},
            **{word.casefold(): Fraction(value) for word, value in table.fractions.items()},
            **forms,
        }
        self._marks = {word.casefold(): mark for word, mark in table.decimal.items()}
        self._longest = max((form.count(" ") + 1 for form in self._parts), default=0)
        self._large = {
            way.casefold(): way
            for value, ways in table.words.items()
            for way in ways
            if value >= _LARGE
        }
        self._ordinal_beginnings = tuple(w[:-1] for w in table.ordinals if w.endswith("-"))
        self._ordinal_ends = tuple(w[1:] for w in table.ordinals if w.startswith("-"))
        self._stay = {word.casefold() for word in table.stay_words}
        self._joined = _Joined(table) if table.is_joined else None

    def may_follow(self, words: Sequence[str], word: str) -> bool:
        """True if `word` may go on a number that begins with `words`; they may be none."""
        return self._figure((*words, word)) is not None

    def may_end(self, words: Sequence[str]) -> bool:
        """True if `words`, each of which may follow the ones before, are a whole number."""
        found = self._figure(words)
        return found is not None and found.is_whole

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
        return fits and word not in self._parts

    def takes_unit(self, words: Sequence[str]) -> bool:
        """True if a unit may stand behind the whole number."""
        return bool(words)

    def stays_words(self, words: Sequence[str]) -> bool:
        """True if the number is hardly ever meant as figures where it stands alone."""
        return " ".join(words) in self._stay or self.figure(words) == "1"

    def figure(self, words: Sequence[str]) -> str:
        """Return a whole number as digits."""
        found = self._figure(words)
        assert found  # noqa: S101  (the words are a number)
        return found.text

    def _figure(self, words: Sequence[str]) -> Figure | None:
        *before, last = words
        if before and last in self._large and self._large.keys().isdisjoint(before):
            count = self._figure(before)
            # "Eine Million" is as much "a million" as "one million".
            if count and count.is_whole and self._is_kept(count.text):
                return Figure(f"{count.text} {self._large[last]}")
        parts = self._parts_of(words)
        return self._signed(parts, words) if parts else None

    @staticmethod
    def _is_kept(count: str) -> bool:
        return count.lstrip("-") != "1" and not count[-1].isalpha() and " " not in count

    def _signed(self, parts: list[Part], words: Sequence[str]) -> Figure | None:
        if parts[0] is not Link.MINUS:
            return self._decimal(parts, words)
        if parts == [Link.MINUS]:
            return Figure("", is_whole=False)
        found = self._decimal(parts[1:], words)
        return found and Figure(f"-{found.text}", found.is_whole)

    def _decimal(self, parts: list[Part], words: Sequence[str]) -> Figure | None:
        if Link.POINT not in parts:
            return self._whole(parts) or self._code(parts)
        at = parts.index(Link.POINT)
        whole, decimals = self._whole(parts[:at]), parts[at + 1 :]
        if not (whole and whole.is_whole):
            return None
        mark = next(self._marks[word] for word in words if word in self._marks)
        found = self._decimals(decimals) if decimals else Figure("", is_whole=False)
        return found and Figure(f"{whole.text}{mark}{found.text}", found.is_whole)

    def _decimals(self, parts: list[Part]) -> Figure | None:
        """Read "one four" as well as "fourteen", and "fourteen hundredths"."""
        *said, last = parts
        if isinstance(last, Fraction):
            found = self._whole(said)
            n_digits = len(str(last.denominator)) - 1
            return found and Figure(found.text.zfill(n_digits), found.is_whole)
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
        total = self._new_sum()
        is_linked = False
        for part in parts:
            if part is Link.AND and not is_linked and self._takes_and(total.last):
                is_linked = True
            elif (
                isinstance(part, int) and self._fits(part, is_linked=is_linked) and total.add(part)
            ):
                is_linked = False
            else:
                return None
        if not parts:
            return None
        return Figure(str(total.value), not (is_linked or _is_bare_large(total, parts)))

    def _new_sum(self) -> _Sum:
        return _Sum(frozenset({_HUNDRED}), _THOUSAND, frozenset(self._table.teens_after))

    def _fits(self, part: int, *, is_linked: bool) -> bool:
        return not (is_linked and self._table.and_before) or part in self._table.and_before

    def _takes_and(self, last: int) -> bool:
        place = "thousands" if last >= _THOUSAND else "hundreds" if last >= _HUNDRED else "tens"
        return last >= 20 and place in self._table.and_after

    def _code(self, parts: list[Part]) -> Figure | None:
        """Read digits one by one: a telephone number or a code."""
        if not all(isinstance(part, int) and 0 <= part <= 9 for part in parts):
            return None
        between = "" if len(parts) > 2 or parts[0] == 0 else " "
        return Figure(between.join(map(str, parts)))

    def _parts_of(self, words: Sequence[str]) -> list[Part] | None:
        parts: list[Part] = []
        rest = list(words)
        while rest:
            for n in range(min(self._longest, len(rest)), 0, -1):
                part = self._parts.get(" ".join(rest[:n]))
                if part is not None:
                    parts.append(part)
                    del rest[:n]
                    break
            else:
                joined = self._joined and self._joined.parts(rest.pop(0))
                if not joined or not self._whole(joined):
                    return None
                parts += joined
        return parts


def _is_bare_large(total: _Sum, parts: list[Part]) -> bool:
    """True for "eine Million", which is read with what comes behind it or not at all."""
    return total.value >= _LARGE and total.groups == [(parts[-1], 1)]


class _Joined:
    """Takes numbers apart that are written as one word: "dreihundertfünf"."""

    def __init__(self, table: NumberTable) -> None:
        self._is_units_first = table.is_units_first
        parts: dict[str, Part] = {}
        if table.is_units_first:
            parts |= {word.casefold(): Link.AND for word in table.and_words}
        for value, ways in table.words.items():
            parts |= {way.casefold(): value for way in ways}
        self._parts = dict(sorted(parts.items(), key=lambda item: len(item[0]), reverse=True))

    def parts(self, word: str) -> list[Part] | None:
        """Return the parts of a word; None if it has others than number words."""
        parts = self._segments(word)
        return list(_with_units_first(parts)) if parts and self._is_units_first else parts

    def _segments(self, word: str) -> list[Part] | None:
        """Take the longest part first, and a shorter one where the rest makes no sense."""
        if not word:
            return []
        for form, part in self._parts.items():
            length = len(form.rstrip("-"))
            if word.startswith(form.rstrip("-")) and not (form[-1] == "-" and word[length:] == ""):
                rest = self._segments(word[length:])
                if rest is not None:
                    return [part, *rest]
        return None


def _with_units_first(parts: Sequence[Part]) -> Iterator[Part]:
    """Return 21 for "ein und zwanzig"."""
    rest = list(parts)
    while rest:
        match rest[:3]:
            case [int(unit), Link.AND, int(tens)] if unit < 10 <= tens < _HUNDRED:
                yield unit + tens
                del rest[:3]
            case [Link.AND, *_]:
                del rest[0]  # "hundertundeins"
            case _:
                yield rest.pop(0)


class Characters:
    """Reads the numbers of Chinese and Japanese, of which each character is a part."""

    def __init__(self, table: NumberTable) -> None:
        self._table = table
        self._parts = {way: value for value, ways in table.words.items() for way in ways}
        digits = "".join(way for way, value in self._parts.items() if value < 10)
        number = f"[{''.join(self._parts)}]+"  # behind a point it would be a time: "三点二十分"
        points = _any_of(table.decimal)
        # "三点一刻" is a quarter past three.
        decimals = (
            f"(?:(?P<point>{points})(?P<decimals>[{digits}]+)(?![刻分半{''.join(self._parts)}]))?"
        )
        befores, afters = _around(table.signs)
        self._pattern = re.compile(
            f"(?P<minus>{_any_of(table.minus)})?(?P<before>{befores})?"
            f"(?<![点點{''.join(self._parts)}])"
            f"(?P<number>{number}){decimals}(?P<after>{afters})?"
        )

    @property
    def pattern(self) -> str:
        """What a number looks like, as a regular expression without groups that have names."""
        return re.sub(r"\(\?P<\w+>", "(?:", self._pattern.pattern)

    def written(self, text: str, following: str) -> str | None:
        """Return a number as it is written; None for what is none, or better stays as it is."""
        match = self._pattern.fullmatch(text)
        if not match:
            return None
        sign = (match["before"] or "") + "#" + (match["after"] or "")
        is_signed = sign != "#" or match["minus"] or match["decimals"]
        has_unit = is_signed or following.startswith(self._table.units)
        number = self._number(match["number"], is_bare=not has_unit)
        if number is None:
            return None
        if match["decimals"]:
            point = self._table.decimal[match["point"]]
            number += point + "".join(str(self._parts[c]) for c in match["decimals"])
        number = ("-" if match["minus"] else "") + number
        return self._table.signs.get(sign, "#").replace("#", number)

    def _number(self, text: str, *, is_bare: bool) -> str | None:
        values = [self._parts[character] for character in text]
        if is_bare and len(values) == 1:
            return None  # "三" stays, "三月" does not
        if all(value < 10 for value in values):
            return (
                "".join(map(str, values)) if len(values) != 2 else None
            )  # "二三" is "two or three"
        if values[-1] >= _MYRIAD and all(value < _MYRIAD for value in values[:-1]):
            count = self._number(text[:-1], is_bare=False)
            return count and count + text[-1]
        return self._sum(values)

    def _sum(self, values: Sequence[int]) -> str | None:
        total = _Sum(frozenset({10, _HUNDRED, _THOUSAND}), _MYRIAD, frozenset())
        is_linked = was_linked = False
        for value in values:
            if value and not (self._is_said_fully(value, total.last) and total.add(value)):
                return None
            was_linked, is_linked = is_linked, value == 0
        is_short = total.last < 10 < total.outer and total.value > total.last
        # "一百二" is 120, and "一百零二" is 102.
        if is_linked or not values[0] or (self._table.needs_and and is_short and not was_linked):
            return None
        return str(total.value)

    def _is_said_fully(self, value: int, last: int) -> bool:
        """False for "百" where it should be "一百"."""
        is_power = value in {_HUNDRED, _THOUSAND}
        return not (self._table.needs_and and is_power) or 1 <= last <= 9


def _any_of(texts: Iterable[str]) -> str:
    ordered = sorted(texts, key=len, reverse=True)
    return "|".join(map(re.escape, ordered)) if ordered else "(?!)"


def _around(signs: Iterable[str]) -> tuple[str, str]:
    """Return what stands before and behind numbers, as regular expressions."""
    pairs = [sign.partition("#") for sign in signs]
    return (
        _any_of(before for before, _, _ in pairs if before),
        _any_of(after for _, _, after in pairs if after),
    )
