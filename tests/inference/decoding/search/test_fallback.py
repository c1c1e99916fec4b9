"""When a text is judged bad, and what happens then."""

from collections.abc import Sequence

import numpy as np
import pytest

from sotto.inference.decoding import DecodingResult, TranscribeOptions
from sotto.inference.decoding.search.fallback import decode_with_fallback, has_failed, is_silent
from sotto.inference.interfaces import GenerationRules
from tests.helpers.scripted_model import ScriptedAudio, ScriptedModel, scripted_checkpoint

DEFAULTS = TranscribeOptions()
TOKENIZER = scripted_checkpoint(GenerationRules()).tokenizer
EOT = TOKENIZER.eot
(WORD,) = TOKENIZER.encode(" the")
(LESS_LIKELY,) = TOKENIZER.encode(" and")
N_START = 2  # start-of-transcript, no-timestamps


def result(
    *, logprob: float = -0.2, no_speech: float = 0.0, compression: float = 1.0
) -> DecodingResult:
    return DecodingResult("en", (1,), "a", logprob, no_speech, 0.0, compression)


@pytest.mark.parametrize(
    ("judged", "failed", "silent"),
    [
        (result(), False, False),
        (result(compression=2.4), False, False),
        (result(compression=2.41), True, False),
        (result(logprob=-1.0), False, False),
        (result(logprob=-1.01), True, False),
        (result(no_speech=0.6, logprob=-1.01), True, False),
        (result(no_speech=0.61, logprob=-1.01), False, True),
        (result(no_speech=0.61, logprob=-1.01, compression=9.0), False, True),
        (result(no_speech=0.61, logprob=-1.0), False, True),
        (result(no_speech=0.61, logprob=-0.99), False, False),
        (result(no_speech=0.61, logprob=-0.99, compression=9.0), True, False),
    ],
)
def test_thresholds(judged: DecodingResult, failed: bool, silent: bool) -> None:
    assert has_failed(judged, DEFAULTS) == failed
    assert is_silent(judged, DEFAULTS) == silent


@pytest.mark.parametrize(
    ("options", "failed", "silent"),
    [
        (TranscribeOptions(compression_ratio_threshold=None), False, True),
        (TranscribeOptions(logprob_threshold=None), True, True),
        (TranscribeOptions(no_speech_threshold=None), True, False),
        (
            TranscribeOptions(compression_ratio_threshold=None, logprob_threshold=None),
            False,
            True,
        ),
    ],
)
def test_thresholds_can_be_switched_off(
    options: TranscribeOptions, failed: bool, silent: bool
) -> None:
    terrible = result(no_speech=0.99, logprob=-9.0, compression=9.0)
    assert has_failed(terrible, options) == failed
    assert is_silent(terrible, options) == silent


def test_a_prompt_is_run_once_for_all_temperatures() -> None:
    n_runs = 0

    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        nonlocal n_runs
        n_runs += len(tokens) == N_START
        return {WORD: 99.0}

    model = ScriptedModel(script)
    options = TranscribeOptions(language="en", without_timestamps=True)
    decode_with_fallback(model, window(model), options, (), np.random.default_rng(0))
    assert (n_runs, model.n_caches) == (1, 1)


def loops_until(attempt: int) -> ScriptedModel:
    """Return a model that repeats a word for ever until its given attempt (0 is the first)."""
    n_attempts = 0

    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        nonlocal n_attempts
        n_attempts += len(tokens) == N_START + 1  # each samples a first word
        is_good = n_attempts > attempt
        return {EOT: 99.0} if is_good and tokens[-1] == WORD else {WORD: 99.0}

    return ScriptedModel(script)


def window(model: ScriptedModel) -> ScriptedAudio:
    return model.encode(np.zeros((3000, 80), np.float32))


@pytest.mark.parametrize("attempt", range(6))
def test_each_failure_raises_the_temperature(attempt: int) -> None:
    model = loops_until(attempt)
    options = TranscribeOptions(language="en", without_timestamps=True)
    decoded = decode_with_fallback(model, window(model), options, (), np.random.default_rng(0))
    assert decoded.text == "the"
    assert decoded.temperature == options.temperatures[attempt]


def test_the_last_temperature_is_taken_as_it_is() -> None:
    model = loops_until(99)
    options = TranscribeOptions(language="en", without_timestamps=True, temperatures=(0.0, 0.4))
    decoded = decode_with_fallback(model, window(model), options, (), np.random.default_rng(0))
    assert decoded.temperature == 0.4
    assert decoded.compression_ratio > 2.4
    assert len(decoded.tokens) == model.checkpoint.dimensions.n_text_ctx // 2


def mumbles(n_words: int) -> ScriptedModel:
    """Return a model that is sure of no word, and says so many."""
    others = [
        token for text in (" a", " of", " to", " in", " it") for token in TOKENIZER.encode(text)
    ]

    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        if len(tokens) >= N_START + n_words:
            return {EOT: 99.0}
        return {WORD: 1.0} | dict.fromkeys(others, 0.9)

    return ScriptedModel(script)


def test_of_texts_none_of_which_is_good_the_likeliest_is_taken() -> None:
    model = mumbles(3)
    options = TranscribeOptions(language="en", without_timestamps=True)
    decoded = decode_with_fallback(model, window(model), options, (), np.random.default_rng(0))
    assert decoded.text == "the the the"
    assert decoded.avg_logprob < -1
    assert decoded.temperature == options.temperatures[-1], "it must be no prompt"


def test_what_repeats_itself_is_taken_only_where_all_does() -> None:
    """The likeliest text of this model is one word for ever."""

    def script(_window: int, tokens: Sequence[int]) -> dict[int, float]:
        if len(tokens) > N_START and tokens[-1] != WORD:
            return {EOT: 99.0}
        return {WORD: 9.0, LESS_LIKELY: 8.0}

    model = ScriptedModel(script)
    options = TranscribeOptions(
        language="en", without_timestamps=True, logprob_threshold=0.0, temperatures=(1.0, 0.0)
    )
    decoded = decode_with_fallback(model, window(model), options, (), np.random.default_rng(0))
    assert decoded.compression_ratio < 2.4
    assert decoded.text.endswith("and")
