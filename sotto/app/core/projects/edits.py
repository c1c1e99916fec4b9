"""Corrections that can be undone and done again."""

from dataclasses import dataclass, replace
from typing import Self

from sotto.app.core.projects.correction import corrected
from sotto.app.core.projects.document import Document, Line


@dataclass(frozen=True, slots=True)
class Change:
    """At `number`, `before` gave way to `after`; None where there is no line."""

    number: int
    before: Line | None
    after: Line | None


@dataclass(frozen=True, slots=True)
class Edits:
    """A document, what led to it, and what was undone."""

    document: Document
    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()

    def correct(self, number: int, text: str) -> Self:
        """Give a line another text; an empty one takes the line out."""
        before = self.document.lines[number]
        after = corrected(before, text)
        if after == before:
            return self
        document = self.document.with_line(number, after)
        return replace(
            self, document=document, done=(*self.done, Change(number, before, after)), undone=()
        )

    def undo(self) -> Self:
        """Take the last correction back; nothing happens where there is none."""
        if not self.done:
            return self
        *done, change = self.done
        document = _put(self.document, change.number, change.after, change.before)
        return replace(self, document=document, done=tuple(done), undone=(*self.undone, change))

    def redo(self) -> Self:
        """Do again what was undone last; nothing happens where there is none."""
        if not self.undone:
            return self
        *undone, change = self.undone
        document = _put(self.document, change.number, change.before, change.after)
        return replace(self, document=document, done=(*self.done, change), undone=tuple(undone))


def _put(document: Document, number: int, gone: Line | None, line: Line | None) -> Document:
    """Put `line` where `gone` is, or where there was none, before what is there now."""
    if gone is not None:
        return document.with_line(number, line)
    assert line is not None  # noqa: S101  # a change leaves something before or after
    lines = document.lines
    return Document((*lines[:number], line, *lines[number:]))
