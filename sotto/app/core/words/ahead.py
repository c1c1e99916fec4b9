"""The words that have not been read yet, and which phrase they begin with."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from sotto.app.core.words.chunks import Chunk
from sotto.app.core.words.lexicon import Entry, Lexicon

_POSSESSIVE = "'s"


class Wait(Enum):
    """More words are needed to decide."""

    WAIT = auto()


WAIT = Wait.WAIT


@dataclass(frozen=True, slots=True)
class Match:
    """`n` chunks that are the phrase of `entry`, but for the `suffix` of the last one."""

    n: int
    entry: Entry
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """An utterance from its chunk `at` on; unless it `has_ended`, more will come."""

    chunks: tuple[Chunk, ...]
    at: int
    has_ended: bool
    lexicon: Lexicon

    @property
    def head(self) -> Chunk:
        """The chunk that is next."""
        return self.chunks[self.at]

    @property
    def previous(self) -> Chunk | None:
        """The chunk before, if this utterance has one."""
        return self.chunks[self.at - 1] if self.at else None

    def peek(self, n: int) -> Chunk | Wait | None:
        """Return the chunk `n` after the next one; None after the end."""
        if self.at + n < len(self.chunks):
            return self.chunks[self.at + n]
        return None if self.has_ended else WAIT

    def take(self, n: int) -> tuple[Chunk, ...]:
        """Return the next `n` chunks."""
        return self.chunks[self.at : self.at + n]

    def after(self, n: int) -> "Ahead":
        """Return what comes after the next `n` chunks."""
        return replace(self, at=self.at + n)

    def match(self) -> Match | Wait | None:
        """Return the longest phrase that begins here."""
        best: Match | None = None
        spoken = ""
        n = 0
        while not isinstance(chunk := self.peek(n), Wait):
            if chunk is None or (n and chunk.lead):
                return best
            n += 1
            spoken = f"{spoken} {chunk.spoken}".lstrip()
            best = self._whole(n, spoken) or best
            if chunk.trail or spoken not in self.lexicon.beginnings:
                return best
        return WAIT

    def _whole(self, n: int, spoken: str) -> Match | None:
        """Return the phrase that `spoken` is; names may be possessive ("Björk's")."""
        entries = self.lexicon.entries
        if spoken in entries:
            return Match(n, entries[spoken])
        stem = entries.get(spoken.removesuffix(_POSSESSIVE))
        if stem and isinstance(stem.does, str) and spoken.endswith(_POSSESSIVE):
            return Match(n, stem, self.chunks[self.at + n - 1].core[-len(_POSSESSIVE) :])
        return None
