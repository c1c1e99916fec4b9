"""What a recogniser makes of a model that loops."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pytest

from sotto.inference.dimensions import SAMPLE_RATE
from sotto.inference.interfaces import GenerationRules
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.thread_choice import ALL, ONE
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tests.helpers.scripted_model import ScriptedModel, scripted_checkpoint

TOKENIZER = scripted_checkpoint(GenerationRules()).tokenizer
(NO,) = TOKENIZER.encode(" no")
(YES,) = TOKENIZER.encode(" the")
SECONDS = 5.0  # room for 52 tokens
SHORT_WINDOWS = (768, 1024)  # mel frames of the windows that hold them, partial and final
N_START = 2  # start-of-transcript, no-timestamps


class Attempts:
    """Says "no" for ever until an attempt, the first of them 0; then "the", once."""

    def __init__(self, n_bad: int) -> None:
        self._n_bad = n_bad
        self.n = 0

    def __call__(self, _window: int, tokens: Sequence[int]) -> Mapping[int, float]:
        n_sampled = len(tokens) - N_START
        self.n += n_sampled == 1
        if self.n > self._n_bad:
            # The first word is sampled before it is known which attempt it belongs to.
            return {YES: 99.0} if n_sampled == 1 else {TOKENIZER.eot: 99.0}
        return {NO: 99.0}


def recogniser(
    script: Callable[[int, Sequence[int]], Mapping[int, float]],
    seconds: float = SECONDS,
    n_frames: Collection[int] = SHORT_WINDOWS,
) -> WhisperRecogniser:
    model = ScriptedModel(script, n_frames=n_frames)
    made = WhisperRecogniser(model, WhisperSettings(language="en"))
    made.append(np.zeros(round(seconds * SAMPLE_RATE), np.float32))
    return made


def texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


@pytest.mark.parametrize("n_bad", range(7))
def test_a_loop_is_decoded_again_at_a_higher_temperature(n_bad: int) -> None:
    attempts = Attempts(n_bad)
    heard = recogniser(attempts).recognise((), final=True)
    assert texts(heard.words) == [" no", " the"]
    assert attempts.n == n_bad + 1
    assert not heard.is_doubtful


def test_when_every_temperature_loops_the_first_is_cut_to_one_copy() -> None:
    attempts = Attempts(99)
    heard = recogniser(attempts).recognise((), final=True)
    assert texts(heard.words) == [" no"]
    assert attempts.n == 1 + len(WhisperSettings().temperatures)
    assert heard.is_doubtful


@pytest.mark.parametrize("n_committed", [1, 2, 5])
def test_committed_words_stay_where_a_loop_begins_in_them(n_committed: int) -> None:
    committed = tuple(Word(" no", 0.1 * i, 0.1 * i + 0.1) for i in range(n_committed))
    heard = recogniser(Attempts(99)).recognise(committed, final=True)
    assert texts(heard.words) == [" no"] * n_committed


@pytest.mark.parametrize("n_said", [3, 5, 12])
@pytest.mark.parametrize("final", [False, True])
def test_a_word_that_takes_its_time_may_be_said_again_and_again(n_said: int, final: bool) -> None:
    def script(_window: int, tokens: Sequence[int]) -> Mapping[int, float]:
        return {NO if len(tokens) - N_START < n_said else TOKENIZER.eot: 99.0}

    heard = recogniser(script, 8.0, (1152, 1408)).recognise((), final=final)
    assert texts(heard.words) == [" no"] * n_said


def test_a_doubtful_text_of_a_short_window_is_heard_again_in_30_s() -> None:
    windows: list[int] = []

    def script(window: int, tokens: Sequence[int]) -> Mapping[int, float]:
        windows.append(window)
        is_first = len(tokens) == N_START
        if window == 0:
            return {NO: 99.0}
        return {YES if is_first else TOKENIZER.eot: 99.0}

    heard = recogniser(script).recognise((), final=True)
    assert texts(heard.words) == [" the"]
    assert sorted(set(windows)) == [0, 1]


def test_committed_words_get_the_marks_of_the_whole_sentence() -> None:
    """Forced to begin as it was written, a text goes on without punctuation."""
    (comma,) = TOKENIZER.encode(",")

    def script(_window: int, tokens: Sequence[int]) -> Mapping[int, float]:
        wanted = [NO, comma, YES, TOKENIZER.eot]
        said = list(tokens[N_START:])
        n_said = len(said)
        is_next = said == wanted[:n_said] and n_said < len(wanted)
        return {wanted[n_said] if is_next else TOKENIZER.eot: 99.0}

    heard = recogniser(script).recognise((Word(" no", 0.0, 0.3),), final=True)
    assert texts(heard.words) == [" no,", " the"]


def test_committed_words_stay_where_they_are_heard_otherwise_now() -> None:
    def script(_window: int, tokens: Sequence[int]) -> Mapping[int, float]:
        said = list(tokens[N_START:])
        return {YES if said in ([], [NO]) else TOKENIZER.eot: 99.0}

    heard = recogniser(script).recognise((Word(" no", 0.0, 0.3),), final=True)
    assert texts(heard.words) == [" no", " the"]


@pytest.mark.parametrize(("num_beams", "heard"), [(1, [" no"]), (2, [" the", " no"])])
@pytest.mark.parametrize("final", [False, True])
def test_as_many_beams_are_searched_as_the_model_asks_for(
    num_beams: int, heard: list[str], final: bool
) -> None:
    def script(_window: int, tokens: Sequence[int]) -> Mapping[int, float]:
        if len(tokens) < N_START:  # a final begins with a timestamp
            return {TOKENIZER.timestamp_begin: 99.0}
        if len(tokens) == N_START:
            return {NO: 1.0, YES: 0.9}
        if tokens[-1] == YES:
            return {NO: 9.0}
        # After the likelier word nothing is likely, and the end is so by a little.
        return {TOKENIZER.eot: 0.1} | dict.fromkeys(range(200, 240), 0.0)

    model = ScriptedModel(
        script, rules=GenerationRules(num_beams=num_beams), n_frames=SHORT_WINDOWS
    )
    made = WhisperRecogniser(model, WhisperSettings(language="en"))
    made.append(np.zeros(round(SECONDS * SAMPLE_RATE), np.float32))
    assert texts(made.recognise((), final=final).words) == heard


def test_partials_leave_the_other_cores_alone_and_finals_use_them(
    starter_model: WhisperModel,
) -> None:
    hearing = WhisperRecogniser(starter_model, WhisperSettings(language="en"))
    hearing.append(np.zeros(SAMPLE_RATE, np.float32))
    hearing.recognise((), final=False)
    assert starter_model.threads == ONE
    hearing.recognise((), final=True)
    assert starter_model.threads == ALL
