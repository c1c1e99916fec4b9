"""Who says a line: kept beside its words, before which the name stands in files alone."""

from collections.abc import Sequence
from dataclasses import replace

from sotto.app.core.projects.document import Word
from sotto.app.core.sides import SIDES, label

LONGEST_NAME = 40
"""Letters: a line of subtitles has no room for more."""


def plain_name(name: str) -> str:
    """Return a name in one row, without the brackets that it stands in."""
    return " ".join(name.translate(_NO_BRACKETS).split())[:LONGEST_NAME].rstrip()


_NO_BRACKETS = {ord(bracket): None for bracket in "[]"}


def unlabelled(words: Sequence[Word], speaker: str) -> tuple[Word, ...]:
    """Return words without the name of the speaker before the first of them."""
    if not speaker or not words:
        return tuple(words)
    text = words[0].text.replace(label(speaker), "", 1)
    text = text[1:] if text.startswith("  ") else text
    return (replace(words[0], text=text), *words[1:]) if text.strip() else tuple(words[1:])


def told_apart(words: tuple[Word, ...]) -> tuple[str, tuple[Word, ...]]:
    """Return the speaker, and the words of a line that has his name among them.

    So were they kept before speakers could have names.
    """
    begins = words[0].text.lstrip() if words else ""
    for side in SIDES:
        if begins.startswith(label(side)) and (rest := unlabelled(words, side)):
            return side, rest
    return "", words
