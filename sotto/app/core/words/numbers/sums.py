"""The value of a number that is said part by part.

A part is a value ("twenty", "three") or a power, which multiplies what is said before it
("hundred", "thousand"). It may follow where the parts before it left room: after "twenty" there is
room for units, after "two hundred" for what is less than a hundred.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Self

HUNDRED, THOUSAND = 100, 1000


@dataclass(slots=True)
class Sum:
    """The value of parts, added one by one; a number of the reader's own, used by one thread.

    Attributes:
        powers: what multiplies a unit before it, within a group.
        group_room: what a group between two larger powers is less than.
        teens_after: tens that 10 to 19 may follow.
        groups: the powers from `group_room` on that were said, and how many of each.
        group: the value since then.
        last: the part before; 0 at the start.
        outer: what the part before had to be less than.
        room: what the next part must be less than.
    """

    powers: Collection[int] = frozenset({HUNDRED})
    group_room: int = THOUSAND
    teens_after: Collection[int] = ()
    groups: list[tuple[int, int]] = field(default_factory=list)
    group: int = 0
    last: int = 0
    outer: int = field(init=False)
    room: int = field(init=False)

    def __post_init__(self) -> None:
        self.outer = self.room = self.group_room

    @classmethod
    def of(cls, parts: Sequence[object]) -> Self | None:
        """Return the sum of parts that belong together, or None."""
        total = cls()
        return total if parts and all(total.add(part) for part in parts) else None

    @property
    def value(self) -> int:
        """The value so far."""
        return sum(power * n for power, n in self.groups) + self.group

    def add(self, part: object) -> bool:
        """Add a part; false if it cannot follow, and then the sum is of no more use."""
        if not isinstance(part, int):
            return False
        if part >= self.group_room:
            fits = self._end_group(part)
        elif part in self.powers:
            fits = self._multiply(part)
        else:
            fits = self._add_value(part)
        self.last = part
        return fits

    def _add_value(self, value: int) -> bool:
        fits = 0 < value < self.room
        self.group += value
        self.outer, self.room = self.room, self._room_after(value)
        return fits

    def _room_after(self, value: int) -> int:
        if value in self.teens_after:
            return 20
        if value < 20 or value % 10:
            return 1
        return 10 if value < HUNDRED else HUNDRED

    def _multiply(self, power: int) -> bool:
        if 1 <= self.last <= 9:
            fits = power < self.outer
            self.group += self.last * (power - 1)
        elif 11 <= self.last <= 19 and power == HUNDRED:
            fits = self.value == self.last  # "neunzehnhundert"
            self.group = self.last * power
        else:
            fits = power < self.room
            self.group += power
        self.outer = self.room = power
        return fits

    def _end_group(self, power: int) -> bool:
        n = self.group
        while self.groups and self.groups[-1][0] < power:  # "mil millones"
            smaller, count = self.groups.pop()
            n += smaller * count
        fits = bool(n) or power == THOUSAND
        fits = fits and not (self.groups and self.groups[-1][0] == power)
        self.groups.append((power, n or 1))
        self.group, self.outer, self.room = 0, self.group_room, self.group_room
        return fits
