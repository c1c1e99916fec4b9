"""No text without a voice: what a model writes down of barks, coughs and ticks."""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import SAMPLE_RATE
from sotto.inference.streaming.recogniser import NO_SPEECH, Hypothesis, Recogniser, Word

LEAST_VOICE_S = 0.12
"""Of a voice without a break: less is no word."""
SURE_VOICE_S = 0.25
"""So much is one, whatever the model thinks of it. Between them the model has to be sure."""
LEAST_LOGPROB = -0.5
"""The mean of words' logarithms of probability from which on it is."""


class Voice(Protocol):
    """Measures for how long a voice is heard without a break."""

    def begin(self) -> None:
        """Forget what was heard."""
        ...

    def append(self, pcm: NDArray[np.float32]) -> None:
        """Hear the next samples (n,), 16 kHz, [-1, 1]."""
        ...

    @property
    def seconds(self) -> float:
        """The longest stretch since `begin`; possibly less where it is more than `SURE_VOICE_S`."""
        ...


class VoicedRecogniser:
    """A `Recogniser` that asks another one only where there is a voice. Owned by the engine thread.

    The model's own judgement is a poor one of short sounds. Of 923 words, digits and sentences of
    people and 78 sounds of ESC-10 in which Silero hears speech somewhere, tiny.en's probabilities
    of no speech and of the text drop 158 and keep 36; this drops 63 and keeps 12.
    """

    def __init__(self, recogniser: Recogniser, voice: Voice) -> None:
        self._recogniser = recogniser
        self._voice = voice
        self._part_from_s = 0.0
        self._n_heard = 0  # samples

    def begin(self, context: str = "") -> None:
        """See `Recogniser.begin`."""
        self._recogniser.begin(context)
        self._voice.begin()
        self._part_from_s, self._n_heard = 0.0, 0

    def append(self, pcm: NDArray[np.float32]) -> None:
        """See `Recogniser.append`."""
        self._recogniser.append(pcm)
        self._voice.append(pcm)
        self._n_heard += len(pcm)

    def trim(self, until_s: float, context: str = "") -> None:
        """See `Recogniser.trim`."""
        self._recogniser.trim(until_s, context)

    def go_on(self, from_s: float) -> None:
        """See `Recogniser.go_on`."""
        self._recogniser.go_on(from_s)
        if self._n_heard <= round(from_s * SAMPLE_RATE):  # and not told of it afterwards
            self._voice.begin()
        self._part_from_s = from_s

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        """See `Recogniser.recognise`."""
        has_begun = bool(prefix) and prefix[-1].end_s > self._part_from_s
        if has_begun or self._voice.seconds >= SURE_VOICE_S:
            return self._recogniser.recognise(prefix, final=final)
        if not final or self._voice.seconds < LEAST_VOICE_S:
            return Hypothesis(prefix, NO_SPEECH)
        heard = self._recogniser.recognise(prefix, final=True)
        return heard if _are_likely(heard.words[len(prefix) :]) else Hypothesis(prefix, NO_SPEECH)


def _are_likely(words: Sequence[Word]) -> bool:
    logprobs = [math.log(max(word.probability, 1e-9)) for word in words]
    return sum(logprobs) >= LEAST_LOGPROB * len(words)
