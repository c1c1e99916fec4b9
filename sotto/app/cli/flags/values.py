"""Values of flags: read as openai-whisper reads them, checked, refused in one clear line.

As there, `None` may be given where nothing is a value, and truths are `True` and `False`.
"""

import math
import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from sotto.nearest import did_you_mean

Read = TypeVar("Read")

_TRUTHS = dict.fromkeys(("true", "on", "yes"), True) | dict.fromkeys(("false", "off", "no"), False)


def truth(word: str) -> bool:
    """Read True or False, on or off, yes or no."""
    if word.lower() not in _TRUTHS:
        raise ArgumentTypeError(f"{word!r} is neither True nor False")
    return _TRUTHS[word.lower()]


def is_truth(word: str) -> bool:
    """Tell whether `truth` can read a word."""
    return word.lower() in _TRUTHS


def whole(low: int, high: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number from `low` to `high`, both included."""

    def read(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            raise ArgumentTypeError(f"{word!r} is not a whole number") from None
        return _within(number, word, low, high)

    return read


def number(low: float | None = None, high: float | None = None) -> Callable[[str], float]:
    """Return what reads a number from `low` to `high`, both included."""

    def read(word: str) -> float:
        return _within(_number(word), word, low, high)

    return read


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ArgumentTypeError(f"{word!r} is not a number")
    return number


_Number = TypeVar("_Number", int, float)


def _within(number: _Number, word: str, low: float | None, high: float | None) -> _Number:
    if (low is None or number >= low) and (high is None or number <= high):
        return number
    if high is None:
        raise ArgumentTypeError(f"must be at least {low:g}, not {word}")
    raise ArgumentTypeError(f"must be between {low:g} and {high:g}, not {word}")


def optional(read: Callable[[str], Read]) -> Callable[[str], Read | None]:
    """Return what reads `None`, or else as `read` does."""
    return lambda word: None if word == "None" else read(word)


def seconds_in_pairs(word: str) -> tuple[float, ...]:
    """Read start,end,start,end… in seconds, ascending; the last end may be left out."""
    points = tuple(_number(part) for part in word.split(",")) if word else ()
    if any(later < earlier for earlier, later in pairwise((0.0, *points))):
        raise ArgumentTypeError(f"start,end,start,end… must ascend from 0, unlike {word}")
    return points


def token_ids(word: str) -> tuple[int, ...]:
    """Read ids of tokens with commas between them; -1 stands for symbols that nobody speaks."""
    try:
        ids = tuple(int(part) for part in word.split(",")) if word else ()
    except ValueError:
        raise ArgumentTypeError(f"{word!r} is not a list of token ids, such as -1,50") from None
    if min(ids, default=0) < -1:
        raise ArgumentTypeError(f"{min(ids)} is no token; ids are from 0 on, and -1 for symbols")
    return ids


def pattern(word: str) -> str:
    """Read a regular expression."""
    try:
        re.compile(word)
    except re.error as error:
        raise ArgumentTypeError(f"{word!r} is no regular expression: {error}") from None
    return word


def text(word: str) -> str | None:
    """Read a text; `None` is none."""
    return None if word == "None" else word


def one_of(choices: Sequence[str], *, several: bool = False) -> Callable[[str], str]:
    """Return what reads one of the choices, or several with commas between them."""

    def read(word: str) -> str:
        for part in word.split(",") if several else [word]:
            if part not in choices:
                known = ", ".join(choices)
                raise ArgumentTypeError(
                    f"{part!r} is not one of {known}{did_you_mean(part, choices)}"
                )
        return word

    return read
