"""A recogniser that is asked only where there is a voice."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from sotto.inference.dimensions import SAMPLE_RATE
from sotto.inference.streaming.recogniser import NO_SPEECH, Hypothesis, Word
from sotto.inference.streaming.voiced_recogniser import (
    LEAST_VOICE_S,
    SURE_VOICE_S,
    VoicedRecogniser,
)

SILENCE = np.zeros(SAMPLE_RATE, np.float32)
HEARD = Word(" Yes.", 0.2, 0.6, 0.9)
UNLIKELY = Word(" Boo!", 0.2, 0.6, 0.4)
SHORT_S = (LEAST_VOICE_S + SURE_VOICE_S) / 2


@dataclass
class Certain:
    """Hears the same word in anything, and counts how often it is asked."""

    heard: Word = HEARD
    n_asked: int = 0
    calls: list[str] = field(default_factory=list)

    def begin(self, context: str = "") -> None:
        self.calls.append(f"begin {context}".strip())

    def append(self, pcm: NDArray[np.float32]) -> None:
        self.calls.append(f"append {len(pcm)}")

    def trim(self, until_s: float, context: str = "") -> None:
        self.calls.append(f"trim {until_s:g} {context}")

    def go_on(self, from_s: float) -> None:
        self.calls.append(f"go on {from_s:g}")

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        self.n_asked += 1
        return Hypothesis((*prefix, self.heard), language="en", is_settled=final)


@dataclass
class ScriptedVoice:
    """Hears a voice of so many seconds in each block since `begin`."""

    of_block: float
    seconds: float = 0.0

    def begin(self) -> None:
        self.seconds = 0.0

    def append(self, pcm: NDArray[np.float32]) -> None:
        self.seconds = max(self.seconds, self.of_block if len(pcm) else 0.0)


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("heard", [HEARD, UNLIKELY])
def test_with_a_voice_everything_is_as_the_recogniser_says(heard: Word, final: bool) -> None:
    voiced = VoicedRecogniser(Certain(heard), ScriptedVoice(SURE_VOICE_S))
    voiced.append(SILENCE)
    assert voiced.recognise((), final=final) == Certain(heard).recognise((), final=final)


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("seconds", [0.0, LEAST_VOICE_S - 0.01])
def test_without_one_nobody_is_asked(seconds: float, final: bool) -> None:
    certain = Certain()
    voiced = VoicedRecogniser(certain, ScriptedVoice(seconds))
    voiced.append(SILENCE)
    assert voiced.recognise((), final=final) == Hypothesis((), NO_SPEECH)
    assert certain.n_asked == 0


@pytest.mark.parametrize(("heard", "is_kept"), [(HEARD, True), (UNLIKELY, False)])
def test_a_short_voice_says_only_what_is_likely_and_only_in_the_end(
    heard: Word, is_kept: bool
) -> None:
    voiced = VoicedRecogniser(Certain(heard), ScriptedVoice(SHORT_S))
    voiced.append(SILENCE)
    assert voiced.recognise((), final=False) == Hypothesis((), NO_SPEECH)
    final = voiced.recognise((), final=True)
    assert final.words == ((heard,) if is_kept else ())
    assert final.reason == (None if is_kept else NO_SPEECH)


def test_of_an_utterance_that_has_begun_the_rest_needs_no_voice() -> None:
    """What was committed was said; a window that holds little more is judged by the model."""
    voiced = VoicedRecogniser(Certain(UNLIKELY), ScriptedVoice(0.0))
    voiced.append(SILENCE)
    assert voiced.recognise((HEARD,), final=False).words == (HEARD, UNLIKELY)


def test_what_follows_closely_needs_a_voice_of_its_own() -> None:
    voice = ScriptedVoice(SURE_VOICE_S)
    voiced = VoicedRecogniser(Certain(), voice)
    voiced.append(SILENCE)
    voiced.go_on(1.0)
    voice.of_block = 0.0
    voiced.append(SILENCE)
    assert voiced.recognise((HEARD,), final=True) == Hypothesis((HEARD,), NO_SPEECH)
    voice.of_block = SURE_VOICE_S
    voiced.append(SILENCE)
    assert voiced.recognise((HEARD,), final=True).words == (HEARD, HEARD)


def test_the_next_segment_needs_a_voice_of_its_own() -> None:
    voice = ScriptedVoice(SURE_VOICE_S)
    voiced = VoicedRecogniser(Certain(), voice)
    voiced.append(SILENCE)
    voiced.begin()
    assert voiced.recognise((), final=True).reason == NO_SPEECH


def test_one_that_is_told_afterwards_where_the_part_begins_keeps_its_voice() -> None:
    """As a recogniser that takes the place of one that died is told."""
    voiced = VoicedRecogniser(Certain(), ScriptedVoice(SURE_VOICE_S))
    voiced.append(SILENCE)
    voiced.append(SILENCE)
    voiced.go_on(1.0)
    assert voiced.recognise((), final=True).words == (HEARD,)


def test_the_recogniser_is_told_everything() -> None:
    certain = Certain()
    voiced = VoicedRecogniser(certain, ScriptedVoice(0.0))
    voiced.begin("before")
    voiced.append(SILENCE)
    voiced.trim(0.5, "then")
    voiced.go_on(1.0)
    assert certain.calls == ["begin before", "append 16000", "trim 0.5 then", "go on 1"]
