"""Long recordings: seeking, prompting, skipping, and that all of it ends."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.errors import UsageError
from sotto.inference.decoding import Segment, TranscribeOptions, transcribe
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.search.rules import suppressed_tokens
from sotto.inference.interfaces import Array, GenerationRules
from tests.helpers.examples import examples
from tests.helpers.scripted_model import Script, ScriptedModel

SILENT = GenerationRules()


def sound(seconds: float) -> Array:
    return np.zeros(round(seconds * 16_000), np.float32)


def says(*windows: Sequence[str | float]) -> ScriptedModel:
    """Return a model that says in each window the given words and timestamps (seconds)."""

    def script(window: int, tokens: Sequence[int]) -> dict[int, float]:
        sot = list(tokens).index(tokenizer.sot)
        said = len(tokens) - sot - 1
        line = lines[min(window, len(lines) - 1)]
        return {line[said] if said < len(line) else tokenizer.eot: 99.0}

    model = ScriptedModel(script)
    tokenizer = model.checkpoint.tokenizer
    lines = [
        [
            token
            for part in window
            for token in (
                tokenizer.encode(part)
                if isinstance(part, str)
                else [tokenizer.timestamp_begin + round(part * 50)]
            )
        ]
        for window in windows
    ]
    return model


def times(segments: Sequence[Segment]) -> list[tuple[int, float, float, str]]:
    return [(s.seek, round(s.start, 2), round(s.end, 2), s.text) for s in segments]


def test_an_unfinished_segment_is_left_to_the_next_window() -> None:
    model = says([0.0, " One.", 20.0, 20.0, " Two"], [0.0, " Two.", 5.0])
    result = transcribe(model, sound(40), TranscribeOptions())
    assert times(result.segments) == [(0, 0.0, 20.0, " One."), (2000, 20.0, 25.0, " Two.")]
    assert result.text == " One. Two."
    assert [segment.id for segment in result.segments] == [0, 1]


def test_a_single_timestamp_at_the_end_means_silence_after_it() -> None:
    model = says([0.0, " One.", 3.0, 3.0, " Two.", 6.0], [0.0, " Three.", 2.0])
    result = transcribe(model, sound(40), TranscribeOptions())
    assert times(result.segments) == [
        (0, 0.0, 3.0, " One."),
        (0, 3.0, 6.0, " Two."),
        (3000, 30.0, 32.0, " Three."),
    ]


def test_text_without_a_last_timestamp_lasts_until_the_end_of_the_sound() -> None:
    result = transcribe(says([0.0, " One."]), sound(7), TranscribeOptions())
    assert times(result.segments) == [(0, 0.0, 7.0, " One.")]


def test_nothing_is_decoded_of_no_sound() -> None:
    model = says([0.0, " One."])
    result = transcribe(model, sound(0), TranscribeOptions(language="en"))
    assert result.segments == ()
    assert result.text == ""
    assert model.n_windows == 0


def test_only_the_clips_are_decoded() -> None:
    model = says([0.0, " One.", 1.0])
    options = TranscribeOptions(clip_timestamps=(1.0, 3.0, 5.0, 90.0))
    result = transcribe(model, sound(8), options)
    assert [s.seek for s in result.segments] == [100, 500]


def test_clips_have_to_ascend() -> None:
    with pytest.raises(UsageError, match="clip_timestamps"):
        transcribe(says([0.0]), sound(8), TranscribeOptions(clip_timestamps=(3.0, 1.0)))


def test_progress_ends_with_the_recording() -> None:
    seen: list[tuple[float, float]] = []
    transcribe(
        says([0.0, " One.", 1.0]),
        sound(64),
        TranscribeOptions(),
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(30.0, 64.0), (60.0, 64.0), (64.0, 64.0)]


def prompts_of(options: TranscribeOptions) -> list[str]:
    """Return the text before the start of each window of a recording of three."""
    prompts: dict[int, str] = {}

    def script(window: int, tokens: Sequence[int]) -> dict[int, float]:
        sot = list(tokens).index(tokenizer.sot)
        prompts.setdefault(window, tokenizer.decode(tokens[1:sot]))
        (word,) = tokenizer.encode((" one", " two", " the")[window])
        line = [tokenizer.timestamp_begin, word, tokenizer.timestamp_begin + 50, tokenizer.eot]
        return {line[len(tokens) - sot - 1]: 99.0}

    model = ScriptedModel(script)
    tokenizer = model.checkpoint.tokenizer
    transcribe(model, sound(90), options)
    return [prompts[window] for window in range(3)]


@pytest.mark.parametrize(
    ("options", "prompts"),
    [
        (TranscribeOptions(), ["", " one", " one two"]),
        (TranscribeOptions(condition_on_previous_text=False), ["", "", ""]),
        (TranscribeOptions(temperatures=(0.6,)), ["", "", ""]),
        (TranscribeOptions(initial_prompt="Hi"), [" Hi", " Hi one", " Hi one two"]),
        (
            TranscribeOptions(initial_prompt="Hi", condition_on_previous_text=False),
            [" Hi", "", ""],
        ),
        (
            TranscribeOptions(
                initial_prompt="Hi", carry_initial_prompt=True, condition_on_previous_text=False
            ),
            [" Hi", " Hi", " Hi"],
        ),
        (TranscribeOptions(hotwords="Hi"), [" Hi", " Hi one", " Hi one two"]),
        (
            TranscribeOptions(
                hotwords="Hi", initial_prompt="the", condition_on_previous_text=False
            ),
            [" Hi the", " Hi", " Hi"],
        ),
        (TranscribeOptions(hotwords="Hi", prefix="the"), ["", " the", " the two"]),
        (TranscribeOptions(max_prompt_tokens=0, initial_prompt="Hi"), ["", "", ""]),
        (
            TranscribeOptions(max_prompt_tokens=0, initial_prompt="Hi", carry_initial_prompt=True),
            ["", "", ""],
        ),
        (
            TranscribeOptions(temperatures=(0.6,), prompt_reset_on_temperature=0.7),
            ["", " one", " one two"],
        ),
    ],
)
def test_each_window_is_prompted_with_the_text_before_it(
    options: TranscribeOptions, prompts: list[str]
) -> None:
    heard = [prompt.replace("<|0.00|>", "") for prompt in prompts_of(options)]
    assert heard == prompts


def test_a_silent_window_is_skipped() -> None:
    def script(window: int, tokens: Sequence[int]) -> dict[int, float]:
        if tokens[-1] == tokenizer.sot and len(tokens) == 1 and window == 0:
            return {tokenizer.no_speech: 99.0}
        return {tokenizer.eot: 0.0} if len(tokens) > 3 else dict.fromkeys(range(50, 90), 0.0)

    model = ScriptedModel(script)
    tokenizer = model.checkpoint.tokenizer
    options = TranscribeOptions(without_timestamps=True, temperatures=(0.0,))
    result = transcribe(model, sound(40), options)
    assert [segment.seek for segment in result.segments] == [3000]


def chaotic(seed: int) -> Script:
    """Say at each place a few random tokens, the same ones each time."""

    def script(window: int, tokens: Sequence[int]) -> dict[int, float]:
        rng = np.random.default_rng([seed, window, *tokens])
        text = rng.integers(0, 2049, 3).tolist()
        specials = rng.integers(2049, 2056, 2).tolist()
        timestamps = rng.integers(2056, 3557, 3).tolist()
        likely = [*text, *specials, *timestamps, 2048]
        return dict(zip(likely, rng.normal(0, 4, len(likely)).tolist(), strict=True))

    return script


@st.composite
def any_options(draw: st.DrawFn) -> TranscribeOptions:
    has_words = draw(st.booleans())
    thresholds = st.sampled_from([None, 0.0, 0.001, 1.0])
    return TranscribeOptions(
        temperatures=(0.0, 0.8),
        sample_len=10,
        beam_size=draw(st.sampled_from([None, 2])),
        without_timestamps=draw(st.booleans()),
        word_timestamps=has_words,
        no_repeat_ngram_size=draw(st.sampled_from([0, 1, 2])),
        repetition_penalty=draw(st.sampled_from([1.0, 1.5])),
        prefix=draw(st.sampled_from([None, "the"])),
        hotwords=draw(st.sampled_from([None, "one " * 300])),
        hallucination_silence_threshold=draw(thresholds) if has_words else None,
    )


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 2**32 - 1), seconds=st.floats(0, 100), options=any_options())
def test_whatever_a_model_says_the_recording_ends(
    seed: int, seconds: float, options: TranscribeOptions
) -> None:
    model = ScriptedModel(chaotic(seed))
    done: list[float] = []
    result = transcribe(model, sound(seconds), options, lambda now, _total: done.append(now))

    assert done == sorted(done)
    assert len(done) == len(set(done))
    never = set(suppressed_tokens(model.checkpoint, DecodingOptions()))
    for segment in result.segments:
        assert 0 <= segment.seek < seconds * 100
        assert never.isdisjoint(segment.tokens)
    if not options.without_timestamps:
        assert_timestamps_make_sense(result.segments, has_words=options.word_timestamps)


def assert_timestamps_make_sense(segments: Sequence[Segment], *, has_words: bool) -> None:
    for segment in segments:
        timestamps = [token for token in segment.tokens if token >= 2056]
        assert timestamps == sorted(timestamps)
        if not has_words:
            window = segment.seek / 100
            assert window <= segment.start <= segment.end <= window + 30.001
