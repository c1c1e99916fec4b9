"""Token for token what openai-whisper decodes on the same weights."""

from collections.abc import Callable

import pytest

from sotto.inference.decoding import DecodingOptions, encode_window
from sotto.inference.decoding.alignment import find_alignment
from sotto.inference.dimensions import HOP_LENGTH
from sotto.inference.interfaces import Model
from tests.inference.decoding import golden
from tests.inference.decoding.equality import assert_recording_equals, assert_window_equals
from tests.inference.decoding.golden import Record

MODELS = ("starter-en", "tiny.en", "tiny")


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


@pytest.mark.parametrize(("record", "words"), golden.alignments("tiny"))
def test_words_without_spaces(
    golden_model: Callable[[str], Model],
    record: Record,
    words: list[tuple[str, float, float, float]],
) -> None:
    model, pcm = golden_model("tiny"), record.pcm()
    eot = model.checkpoint.tokenizer.eot
    timed = find_alignment(
        model,
        encode_window(model, pcm),
        [token for token in record.result["tokens"] if token < eot],
        DecodingOptions(language=record.options["language"]),
        len(pcm) // HOP_LENGTH,
    )
    assert [(w.word, w.start, w.end) for w in timed] == [word[:3] for word in words]
    assert [w.probability for w in timed] == pytest.approx([word[3] for word in words], abs=1e-3)


@pytest.mark.parametrize("name", ["starter-en", "tiny.en"])
def test_records_are_of_thirty_clips(name: str) -> None:
    assert len({record.clips for record in golden.windows(name)}) >= 30
