"""Which parts of a recording cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_TOLD = 5
"""Places that are named one by one; a message is one line."""
JOINED_S = 0.1
"""Damage this close to the damage before it is one place for a listener."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of a recording, in seconds from its start; the end may not be known."""

    start_s: float
    end_s: float | None

    def __str__(self) -> str:
        if self.end_s is None:
            return f"from {self.start_s:.1f} s on"
        return f"{self.start_s:.1f}–{self.end_s:.1f} s"  # noqa: RUF001 (a range)


def added(places: Sequence[Missing], new: Missing) -> list[Missing]:
    """Return the places, in order of time, with one that lies behind them."""
    if not places or places[-1].end_s is None or new.start_s > places[-1].end_s + JOINED_S:
        return [*places, new]
    return [*places[:-1], Missing(places[-1].start_s, new.end_s)]


def told(places: Sequence[Missing]) -> str:
    """Name them: `1.0–2.0 s, 5.0–7.5 s and from 9.0 s on`."""  # noqa: RUF002 (a range)
    if len(places) > MAX_TOLD:
        named = ", ".join(map(str, places[:MAX_TOLD]))
        return f"{named} and {len(places) - MAX_TOLD} more places"
    *others, last = map(str, places)
    return f"{', '.join(others)} and {last}" if others else last
