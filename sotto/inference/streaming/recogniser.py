"""The seam between streaming and recognition: what a recogniser of a growing window must do."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NO_SPEECH = "no speech"
"""The reason of a hypothesis without text."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, with its leading space and trailing punctuation.

    `start_s` and `end_s` are seconds from the start of the segment. `probability` is that of its
    least likely token, punctuation aside.
    """

    text: str
    start_s: float
    end_s: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a recogniser makes of the audio it holds.

    `words` begins with the words of the prefix it was given, perhaps with other marks, capitals
    and times. `reason` is set when the audio was judged to hold no speech (`words` is then just
    the prefix). `language` is the code of the language that is spoken, after `go_on` in what
    follows; empty where the recogniser does not say. Without `is_settled` all of it may change,
    such as when the language is not clear yet. `is_doubtful` where some of it was probably not
    said: it tells nothing about what comes next. `end_probability` is that of the mark at its end.
    """

    words: tuple[Word, ...]
    reason: str | None = None
    language: str = ""
    is_settled: bool = True
    is_doubtful: bool = False
    end_probability: float = 0.0


class NotRecognisedError(Exception):
    """The audio that is held cannot be recognised; with more of it, or the next, it may work."""


class Recogniser(Protocol):
    """Recognises one segment of speech while it grows. Owned by the engine thread."""

    def begin(self, context: str = "") -> None:
        """Forget the last segment; a new one starts at 0 s.

        Args:
            context: what was said before it.
        """
        ...

    def append(self, pcm: NDArray[np.float32]) -> None:
        """Add samples (n,), 16 kHz, [-1, 1], to the end of the segment."""
        ...

    def trim(self, until_s: float, context: str = "") -> None:
        """Forget the audio before `until_s` (seconds from the segment's start).

        Args:
            until_s: where the audio goes on.
            context: what was said before that.
        """
        ...

    def go_on(self, from_s: float) -> None:
        """Take what follows for speech of its own, to be heard with what was said before.

        It may be in another language, which its hypotheses name.

        Args:
            from_s: where it begins, in seconds from the segment's start.
        """
        ...

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        """Decode all audio that is held.

        Args:
            prefix: committed words that lie in the audio held; the hypothesis begins with them,
                as they sound (`commit.spoken`).
            final: whether the segment is complete, so that accuracy goes before speed.

        Raises:
            NotRecognisedError: nothing came of it; what was recognised before still holds.
        """
        ...
