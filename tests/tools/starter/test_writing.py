from dataclasses import replace

import numpy as np
import pytest

from tests.tools.starter.conftest import tones
from tools.starter.passages import Passage
from tools.starter.tokenizer import Tokenizer
from tools.starter.windows import Window
from tools.starter.writing import IGNORED, NOWHERE, write

SOUND = np.zeros(16_000, np.float32)
LINES = (Passage.of(tones("Hello", "Anna.")),)


@pytest.mark.parametrize("with_timestamps", [False, True])
@pytest.mark.parametrize("window", [Window(SOUND, ()), Window(SOUND, LINES, "Before.")])
def test_everything_given_is_followed_by_what_is_expected(
    tokenizer: Tokenizer, window: Window, *, with_timestamps: bool
) -> None:
    writing = write(replace(window, with_timestamps=with_timestamps), tokenizer)
    assert len(writing.tokens) == len(writing.targets) == len(writing.spans_s)
    assert writing.targets[-1] == tokenizer.eot
    begin = writing.tokens.index(tokenizer.sot)
    assert writing.targets[:begin] == [IGNORED] * begin
    if window.lines:
        assert writing.tokens[begin + 1 :] == writing.targets[begin:-1]


def test_a_window_without_timestamps(tokenizer: Tokenizer) -> None:
    writing = write(Window(SOUND, LINES), tokenizer)
    text = tokenizer.encode(" Hello Anna.")
    assert writing.tokens == [tokenizer.sot, tokenizer.no_timestamps, *text]


def test_a_window_with_timestamps(tokenizer: Tokenizer) -> None:
    writing = write(Window(SOUND, LINES, with_timestamps=True), tokenizer)
    text = tokenizer.encode(" Hello Anna.")
    times = [tokenizer.timestamp_begin, tokenizer.timestamp_begin + 35]  # 0.0 to 0.7 s
    assert writing.tokens == [tokenizer.sot, times[0], *text, times[1]]


@pytest.mark.parametrize("with_timestamps", [False, True])
def test_where_nobody_speaks(tokenizer: Tokenizer, *, with_timestamps: bool) -> None:
    writing = write(Window(SOUND, (), with_timestamps=with_timestamps), tokenizer)
    first = tokenizer.timestamp_begin if with_timestamps else tokenizer.no_timestamps
    assert writing.tokens == [tokenizer.sot, first]
    assert writing.targets == [tokenizer.no_speech, tokenizer.eot]


def test_attention_is_guided_to_words_alone(tokenizer: Tokenizer) -> None:
    writing = write(Window(SOUND, LINES, "Before.", with_timestamps=True), tokenizer)
    for target, span_s in zip(writing.targets, writing.spans_s, strict=True):
        is_word = 0 <= target < tokenizer.eot
        assert (span_s != NOWHERE) == is_word


def test_a_time_beyond_the_window_is_its_end(tokenizer: Tokenizer) -> None:
    assert tokenizer.timestamp(31.0) == tokenizer.timestamp(30.0) == tokenizer.vocab_size - 1
