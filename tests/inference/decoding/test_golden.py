"""Token for token what openai-whisper decodes on the same weights."""

from collections.abc import Callable

import pytest

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


@pytest.mark.parametrize("name", ["starter-en", "tiny.en"])
def test_records_are_of_thirty_clips(name: str) -> None:
    assert len({record.clips for record in golden.windows(name)}) >= 30
