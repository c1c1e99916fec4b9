"""Corrections that can be undone and done again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from sotto.app.core.projects.correction import corrected
from sotto.app.core.projects.document import Document, Line
from sotto.app.core.projects.speakers import plain_name
from sotto.app.core.projects.splitting import joined_lines, split_line


@dataclass(frozen=True, slots=True)
class Change:
    """From `number` on, the lines `before` gave way to `after`; either may be none."""

    number: int
    before: tuple[Line, ...]
    after: tuple[Line, ...]

    @property
    def reversed(self) -> "Change":
        """What takes it back."""
        return Change(self.number, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Naming:
    """Speakers got other names."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def reversed(self) -> "Naming":
        """What takes it back."""
        return Naming(self.after, self.before)


Step = Change | Naming


@dataclass(frozen=True, slots=True)
class Edits:
    """A document, what led to it, and what was undone."""

    document: Document
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    def correct(self, number: int, text: str) -> Self:
        """Give a line another text; an empty one takes the line out."""
        before = self.document.lines[number]
        after = corrected(before, text)
        return self._change(number, (before,), () if after is None else (after,))

    def split(self, number: int, first: str, second: str) -> Self:
        """Make two lines of one, with these texts; one where either of them is empty."""
        before = self.document.lines[number]
        return self._change(number, (before,), split_line(before, first, second))

    def join(self, number: int, text: str) -> Self:
        """Give a line another text, and make one of it and the line before it."""
        first, second = self.document.lines[number - 1 : number + 1]
        after = corrected(second, text)
        joined = first if after is None else joined_lines(first, after)
        return self._change(number - 1, (first, second), (joined,))

    def give(self, number: int, speaker: str) -> Self:
        """Let another one have said a line."""
        before = self.document.lines[number]
        return self._change(number, (before,), (replace(before, speaker=speaker),))

    def name(self, names: Mapping[str, str]) -> Self:
        """Give speakers these names; whoever has none in it has his own again."""
        known = {speaker: plain for speaker, name in names.items() if (plain := plain_name(name))}
        if known == self.document.names:
            return self
        return self._with(Naming(self.document.names, known))

    def undo(self) -> Self:
        """Take the last correction back; nothing happens where there is none."""
        if not self.done:
            return self
        *done, change = self.done
        document = _changed(self.document, change.reversed)
        return replace(self, document=document, done=tuple(done), undone=(*self.undone, change))

    def redo(self) -> Self:
        """Do again what was undone last; nothing happens where there is none."""
        if not self.undone:
            return self
        *undone, change = self.undone
        document = _changed(self.document, change)
        return replace(self, document=document, done=(*self.done, change), undone=tuple(undone))

    def _change(self, number: int, before: tuple[Line, ...], after: tuple[Line, ...]) -> Self:
        if after == before:
            return self
        return self._with(Change(number, before, after))

    def _with(self, step: Step) -> Self:
        document = _changed(self.document, step)
        return replace(self, document=document, done=(*self.done, step), undone=())


def _changed(document: Document, step: Step) -> Document:
    if isinstance(step, Naming):
        return replace(document, names=step.after)
    return document.with_lines(step.number, len(step.before), step.after)
