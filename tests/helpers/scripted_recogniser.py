"""A recogniser that knows what is said, and errs as real ones do."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.clock import Clock
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tests.helpers.marked_sound import positions

Spoken = tuple[str, float, float]  # a word with its start and end in the stream, in seconds

_MISHEARD = "~"


@dataclass(frozen=True)
class Errors:
    """How the recogniser errs."""

    jitter_s: float = 0.0  # of word times, either way
    wrong_last: bool = False  # the newest word of a partial is misheard
    flicker: float = 0.0  # how often each word of a partial is misheard
    compute_s: float = 0.0  # clock time of a decode
    longest: int | None = None  # words of a hypothesis, after which it hears nothing more
    seed: int = 0


class ScriptedRecogniser:
    """Hears the words of `script` in marked sound (`tests.helpers.marked_sound`).

    A word is heard when its middle is in the audio held. After a prefix the text goes on with
    the word that follows the prefix's last one, as a decoder's attention does.
    """

    def __init__(
        self, script: Sequence[Spoken], errors: Errors | None = None, clock: Clock | None = None
    ) -> None:
        self.script = script
        self._errors = errors or Errors()
        self._clock = clock
        self._random = random.Random(self._errors.seed)
        self.segments: list[list[Pcm]] = []
        self.contexts: list[str] = []  # of each segment
        self._from = self._start = 0
        self.decodes: list[tuple[bool, float]] = []  # (final, seconds of audio held)

    def begin(self, context: str = "") -> None:
        self.contexts.append(context)
        self.segments.append([])
        self._from = 0

    def append(self, pcm: NDArray[np.float32]) -> None:
        assert len(pcm)
        self.segments[-1].append(pcm)

    def trim(self, until_s: float, context: str = "") -> None:  # noqa: ARG002 (hears no worse without)
        assert until_s > self._from_s
        assert until_s <= self._held_until_s
        self._from = round(until_s * SAMPLE_RATE)

    def go_on(self, from_s: float) -> None:
        assert from_s >= self._held_until_s

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        self.decodes.append((final, self._held_until_s - self._from_s))
        if self._clock is not None:
            self._clock.sleep(self._errors.compute_s)
        heard = self._heard(prefix)
        if self._errors.longest is not None:
            heard = heard[: max(0, self._errors.longest - len(prefix))]
        words = [self._write(*spoken) for spoken in heard]
        if not final:
            words = [self._mishear(i, word, len(words)) for i, word in enumerate(words)]
        return Hypothesis(prefix + tuple(words))

    def samples(self, segment: int) -> NDArray[np.int64]:
        """Return the positions of all samples that a segment was given."""
        return positions(np.concatenate(self.segments[segment]))

    @property
    def _from_s(self) -> float:
        return self._from / SAMPLE_RATE

    @property
    def _held_until_s(self) -> float:
        return sum(map(len, self.segments[-1])) / SAMPLE_RATE

    @property
    def _segment_start_s(self) -> float:
        return int(positions(self.segments[-1][0][:1])[0]) / SAMPLE_RATE

    def _heard(self, prefix: tuple[Word, ...]) -> list[Spoken]:
        if not self.segments[-1]:
            return []
        start = self._segment_start_s
        first = self._after(prefix) if prefix else 0
        return [
            (text, word_start - start, word_end - start)
            for text, word_start, word_end in self.script[first:]
            if (word_start + word_end) / 2 < start + self._held_until_s
            and (prefix or (word_start + word_end) / 2 >= start + self._from_s)
        ]

    def _after(self, prefix: tuple[Word, ...]) -> int:
        said = spoken_word(prefix[-1].text)
        return next(i for i, (text, *_) in enumerate(self.script) if text == said) + 1

    def _write(self, text: str, start_s: float, end_s: float) -> Word:
        jitter = self._errors.jitter_s
        return Word(
            f" {text}",
            start_s + self._random.uniform(-jitter, jitter),
            end_s + self._random.uniform(-jitter, jitter),
        )

    def _mishear(self, i: int, word: Word, n_words: int) -> Word:
        errors = self._errors
        is_wrong = errors.wrong_last and i == n_words - 1
        if is_wrong or self._random.random() < errors.flicker:
            text = f"{word.text}{_MISHEARD}{self._random.random()}"
            return Word(text, word.start_s, word.end_s)
        return word


def spoken_word(text: str) -> str:
    """Return the word of the script behind one that may have been misheard."""
    return text.strip().split(_MISHEARD)[0]
