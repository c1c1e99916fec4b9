"""The numbers of Chinese and Japanese, which stand in running text without spaces."""

import re
from collections.abc import Iterable, Sequence

from sotto.app.core.words.numbers.sums import HUNDRED, THOUSAND, Sum
from sotto.app.core.words.spoken_table import NumberTable

_MYRIAD = 10_000


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
        total = Sum(powers={10, HUNDRED, THOUSAND}, group_room=_MYRIAD)
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
        is_power = value in {HUNDRED, THOUSAND}
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
