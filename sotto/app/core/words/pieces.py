"""What recognised words mean, piece by piece."""

from dataclasses import dataclass

from sotto.app.core.words.marks import Mark
from sotto.app.core.words.phrases import Command


@dataclass(frozen=True, slots=True)
class Word:
    """Text that stands between spaces, and the model's punctuation after it.

    `joins_before`: no space is put before it. `is_verbatim`: its first letter stays as it is.
    """

    text: str
    stop: str = ""
    joins_before: bool = False
    is_verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark that was spoken, and what the model wrote after it that is more than a pause."""

    mark: Mark
    stop: str = ""


Piece = Word | Sign | Command


@dataclass(frozen=True, slots=True)
class Reading:
    """What the next `n` chunks of recognised text mean."""

    n: int
    pieces: tuple[Piece, ...]
