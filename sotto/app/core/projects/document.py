"""The text of a recording as words with times, in lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from sotto.app.core.sides import SIDES, label


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its leading space and its punctuation; seconds from the recording's start.

    `probability` is the mean of its tokens'; 1 for what the user wrote.
    """

    text: str
    start: float
    end: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What the model said about a line, under openai-whisper's names; kept for its JSON."""

    seek: int = 0
    temperature: float = 0.0
    avg_logprob: float = 0.0
    compression_ratio: float = 1.0
    no_speech_prob: float = 0.0


@dataclass(frozen=True)
class Line:
    """A piece of text, usually a sentence; `start` and `end` in seconds. It has a word at least.

    `speaker` is what the program calls who says it; empty where it tells nobody apart.
    """

    start: float
    end: float
    words: tuple[Word, ...]
    figures: Figures = Figures()
    speaker: str = ""

    @cached_property
    def text(self) -> str:
        """The words joined, with the space before the first."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True)
class Document:
    """All lines of a recording, in order of time. A change gives another document.

    `names` are those that the user gave to speakers.
    """

    lines: tuple[Line, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def with_lines(self, number: int, n_gone: int, lines: tuple[Line, ...]) -> Self:
        """Put lines in the place of `n_gone` from `number` on; of none, before what is there."""
        return replace(self, lines=(*self.lines[:number], *lines, *self.lines[number + n_gone :]))

    def name_of(self, speaker: str) -> str:
        """Return what a speaker is called, by the user if he gave a name."""
        return self.names.get(speaker, speaker)

    def spoken(self, number: int) -> str:
        """Return the text of a line, behind the name of who says it."""
        line = self.lines[number]
        return " ".join(filter(None, (label(self.name_of(line.speaker)), line.text.strip())))

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """All who are told apart, in the order in which they begin to speak; then who is silent."""
        heard = dict.fromkeys(line.speaker for line in self.lines if line.speaker)
        return tuple(heard | dict.fromkeys(SIDES)) if heard else ()

    @cached_property
    def n_words(self) -> int:
        """How many words there are."""
        return sum(len(line.words) for line in self.lines)
