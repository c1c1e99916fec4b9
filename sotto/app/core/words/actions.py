"""What is to be done in the application that is dictated into."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Insert:
    """Write `text` at the caret."""

    text: str


@dataclass(frozen=True, slots=True)
class Scratch:
    """Delete `text`, which dictation wrote and which stands right before the caret."""

    text: str


@dataclass(frozen=True, slots=True)
class StopListening:
    """End the dictation."""


Action = Insert | Scratch | StopListening

_NOTHING = (Insert(""), Scratch(""))


def merged(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the fewest actions to the same end: one paste is quicker than a paste a word."""
    result: list[Action] = []
    for action in actions:
        result[-1:] = _joined(result[-1], action) if result else [action]
    return tuple(action for action in result if action not in _NOTHING)


def _joined(first: Action, second: Action) -> list[Action]:
    match first, second:
        case Insert(a), Insert(b):
            return [Insert(a + b)]
        case Insert(a), Scratch(b) if a.endswith(b):
            return [Insert(a.removesuffix(b))]
        case Insert(a), Scratch(b) if b.endswith(a):
            return [Scratch(b.removesuffix(a))]
    return [first, second]
