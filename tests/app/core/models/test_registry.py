"""Where a model's name leads."""

from pathlib import Path

import pytest

from sotto.app.core.models.registry import HUB_IDS, PACKAGED_FOLDER, hub_id_of, installed, resolve
from sotto.errors import ModelNotFoundError


def test_the_model_in_the_box() -> None:
    assert resolve("starter-en") == PACKAGED_FOLDER / "starter-en"
    starter = installed()[0]
    assert starter.name == "starter-en"
    assert starter.is_starter
    assert not starter.is_multilingual
    assert starter.n_bytes > 10_000_000


def test_a_folder_and_a_file_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "small.pt"
    file.touch()
    assert resolve(str(tmp_path)) == tmp_path
    assert resolve(str(file)) == file


@pytest.mark.parametrize("name", ["", ".pt", "nothing.pt", "/no/such/folder", "../..x", "tinny"])
def test_what_is_nothing_is_named(name: str) -> None:
    with pytest.raises(ModelNotFoundError) as caught:
        resolve(name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hub_id"),
    [
        ("base.en", "openai/whisper-base.en"),
        ("large", "openai/whisper-large-v3"),
        ("turbo", "openai/whisper-large-v3-turbo"),
        ("distil-large-v3", "distil-whisper/distil-large-v3"),
        ("someone/their-whisper", "someone/their-whisper"),
        ("./folder", None),
        ("tinny", None),
    ],
)
def test_names_of_the_hub(name: str, hub_id: str | None) -> None:
    assert hub_id_of(name) == hub_id


def test_every_official_name_is_known() -> None:
    sizes = ["tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en"]
    assert {*sizes, "large-v1", "large-v2", "large-v3", "large-v3-turbo"} <= set(HUB_IDS)
