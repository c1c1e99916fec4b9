"""What names of models mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.models.fetching import HUB_IDS, hub_id_of
from sotto.app.core.models.model_names import SIZES, ModelName, is_hub_id, parse

PRECISIONS = ("q8_0", "q5_0", "q5_1", "q4_0", "q4_1", "int8")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("base", "base"),
        ("turbo", "large-v3-turbo"),
        ("large", "large-v3"),
        ("Base.en", "base.en"),
        ("base.en-q5_1", "base.en-q5_1"),
        ("ggml-base.en", "base.en"),
        ("ggml-base.en-q5_1.bin", "base.en-q5_1"),
        ("ggml-large-v3-turbo-q8_0.bin", "large-v3-turbo-q8_0"),
        ("ggml-model-whisper-small.bin", "small"),  # Buzz
        ("whisper-medium-q4_1.bin", "medium-q4_1"),  # Handy
        ("large-v3-turbo.pt", "large-v3-turbo"),
        ("Systran/faster-whisper-base", "base"),
        ("guillaumekln/faster-whisper-large-v2", "large-v2"),
        ("Systran/faster-distil-whisper-large-v3", "distil-large-v3"),
        ("distil-whisper/distil-large-v3.5-ct2", "distil-large-v3.5"),
        ("mobiuslabsgmbh/faster-whisper-large-v3-turbo", "large-v3-turbo"),
        ("deepdml/faster-whisper-large-v3-turbo-ct2", "large-v3-turbo"),
        ("openai/whisper-base", "base"),
        ("openai/whisper-large", "large-v1"),  # the first, whatever `large` means
        ("whisper-tiny", "tiny"),
    ],
)
def test_names_that_people_type_and_files_have(text: str, name: str) -> None:
    assert str(parse(text)) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tinny",
        "/",
        "basement",
        "base.de",
        "someone/whisper-base",  # may be a model of their own
        "ggml-small.en-tdrz.bin",  # tells speakers apart: another model
        "ggml-silero-v5.1.2.bin",
        "large-v9",
    ],
)
def test_other_names_stay_their_own(text: str) -> None:
    assert parse(text) is None


@given(st.sampled_from(SIZES), st.none() | st.sampled_from(PRECISIONS))
def test_a_name_is_read_as_it_is_written(size: str, precision: str | None) -> None:
    name = ModelName(size, precision)
    for written in (f"{name}", f"ggml-{name}.bin", f"whisper-{name}", f"faster-whisper-{name}"):
        assert parse(written) == name


@pytest.mark.parametrize(
    ("name", "hub_id"),
    [
        ("base", "Systran/faster-whisper-base"),
        ("large", "openai/whisper-large-v3"),
        ("turbo", "openai/whisper-large-v3-turbo"),
        ("distil-large-v3", "distil-whisper/distil-large-v3"),
        ("base.en-q5_1", "ggerganov/whisper.cpp"),
        ("ggerganov/whisper.cpp/ggml-tiny.bin", "ggerganov/whisper.cpp"),
        ("openai/whisper-base", "openai/whisper-base"),
        ("someone/their-whisper", "someone/their-whisper"),
        ("./folder", None),
        ("tinny", None),
    ],
)
def test_where_a_name_is_fetched(name: str, hub_id: str | None) -> None:
    assert hub_id_of(name) == hub_id


def test_every_size_can_be_fetched() -> None:
    assert set(HUB_IDS) == set(SIZES)
    assert all(parse(hub_id) == ModelName(size) for size, hub_id in HUB_IDS.items())


@pytest.mark.parametrize(("text", "is_id"), [("a/b", True), ("a/b/c", False), ("./b", False)])
def test_hub_ids(text: str, is_id: bool) -> None:
    assert is_hub_id(text) is is_id
