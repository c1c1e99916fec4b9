"""Token for token what openai-whisper decodes on the same weights."""

from collections.abc import Callable

import pytest

from sotto.inference.decoding import DecodingOptions, encode_window
from sotto.inference.decoding.timestamps.alignment import find_alignment
from sotto.inference.dimensions import HOP_LENGTH
from sotto.inference.interfaces import Model
from tests.inference.decoding import golden
from tests.inference.decoding.equality import (
    MAX_WORD_SHIFT_S,
    assert_recording_equals,
    assert_window_equals,
)
from tests.inference.decoding.golden import Record

MODELS = ("starter-en", "tiny.en", "base")
MIN_KEPT = 0.95  # near ties are left out


@pytest.mark.parametrize(
    ("name", "record"),
    [
        pytest.param(name, record, id=f"{name}-{record}")
        for name in MODELS
        for record in golden.windows(name)
    ],
)
def test_window(golden_model: Callable[[str], Model], name: str, record: Record) -> None:
    assert_window_equals(golden_model(name), record)


@pytest.mark.parametrize(
    ("name", "record"),
    [
        pytest.param(name, record, id=f"{name}-{record}")
        for name in MODELS
        for record in golden.recordings(name)
    ],
)
def test_recording(golden_model: Callable[[str], Model], name: str, record: Record) -> None:
    assert_recording_equals(golden_model(name), record)


@pytest.mark.parametrize("alignment", golden.alignments("base"), ids=str)
def test_words(golden_model: Callable[[str], Model], alignment: golden.Alignment) -> None:
    model, record = golden_model("base"), alignment.record
    eot = model.checkpoint.tokenizer.eot
    pcm = record.pcm()
    timed = find_alignment(
        model,
        encode_window(model, pcm),
        [token for token in record.result["tokens"] if token < eot],
        DecodingOptions(language=record.options["language"]),
        len(pcm) // HOP_LENGTH,
    )
    assert [w.word for w in timed] == [word for word, *_ in alignment.words]
    for word, (_, start, end, probability) in zip(timed, alignment.words, strict=True):
        assert (word.start, word.end) == pytest.approx((start, end), abs=MAX_WORD_SHIFT_S)
        assert word.probability == pytest.approx(probability, abs=1e-3)


@pytest.mark.parametrize("name", ["tiny.en", "base"])
def test_records_are_of_forty_clips(name: str) -> None:
    assert len({record.clips for record in golden.windows(name)}) >= 40


@pytest.mark.parametrize("name", MODELS)
def test_few_near_ties_are_left_out(name: str) -> None:
    assert golden.share_kept(name) >= MIN_KEPT
