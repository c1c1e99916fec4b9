"""Which models there are, and where a name leads; on the official weights in many places."""

from pathlib import Path

import pytest

from sotto.app.core.models import packages
from sotto.app.core.models.places import Origin
from sotto.app.core.models.registry import InstalledModel, installed, resolve
from sotto.errors import CheckpointError, ModelNotFoundError
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import STARTER


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without models, on a machine without packages of them."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "HF_HOME", "HF_HUB_CACHE", "BUZZ_MODEL_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOTTO_MODELS_DIR", str(tmp_path / "sotto"))
    official("tiny.en"), official("base")  # made of packages, which are hidden below
    monkeypatch.setattr(packages, "PACKAGED_MODELS", {})
    return tmp_path


def link(source: Path, folder: Path) -> Path:
    """Let a model appear in a folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(source)
    return folder


def link_in_hub_cache(home: Path, hub_id: str, source: Path) -> Path:
    repository = home / ".cache/huggingface/hub" / f"models--{hub_id.replace('/', '--')}"
    return link(source, repository / "snapshots" / "0123456789abcdef")


def rows() -> dict[str, InstalledModel]:
    return {model.name: model for model in installed()}


def test_the_model_in_the_box() -> None:
    (basic,) = installed()
    assert (basic.name, basic.path, basic.origin) == ("basic", STARTER, Origin.BOX)
    assert basic.is_starter
    assert not basic.is_multilingual
    assert basic.n_bytes > 10_000_000
    assert resolve("basic") == resolve("starter-en") == STARTER


def test_the_same_weights_in_two_places_are_one_row(home: Path) -> None:
    in_hub = link_in_hub_cache(home, "Systran/faster-whisper-tiny.en", official("tiny.en"))
    elsewhere = link(official("tiny.en"), home / ".local/share/pywhispercpp/models/whatever")
    row = rows()["tiny.en"]
    assert [copy.path for copy in row.copies] == [in_hub, elsewhere]
    assert [copy.origin for copy in row.copies] == [Origin.HUB, Origin.WHISPER_CPP]
    assert set(rows()) == {"basic", "tiny.en"}


def test_an_official_name_wins_over_a_files_own(home: Path) -> None:
    link(official("tiny.en"), home / "sotto/my-favourite")
    link_in_hub_cache(home, "Systran/faster-whisper-tiny.en", official("tiny.en"))
    assert set(rows()) == {"basic", "tiny.en"}


def test_other_weights_of_the_same_name_have_their_path_for_a_name(home: Path) -> None:
    link(official("base"), home / "sotto" / "tiny.en")
    other = link_in_hub_cache(home, "Systran/faster-whisper-tiny.en", official("tiny.en"))
    assert set(rows()) == {"basic", "tiny.en", str(other)}
    assert rows()["tiny.en"].is_multilingual
    assert not rows()[str(other)].is_multilingual


@pytest.mark.parametrize(
    "name",
    [
        "base",
        "openai/whisper-base",
        "Systran/faster-whisper-base",
        "faster-whisper-base",
        "ggml-base",
        "whisper-base",
    ],
)
def test_a_name_finds_the_model_wherever_it_lies(home: Path, name: str) -> None:
    folder = link(official("base"), home / "sotto" / "base")
    assert resolve(name) == folder


def test_a_hub_id_that_is_nobodys_official_one(home: Path) -> None:
    folder = link_in_hub_cache(home, "someone/whisper-base-german", official("base"))
    assert resolve("someone/whisper-base-german") == folder
    assert rows()["someone/whisper-base-german"].is_multilingual
    with pytest.raises(ModelNotFoundError):
        resolve("base")


def test_a_folder_and_a_file_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "small.pt"
    file.touch()
    assert resolve(str(tmp_path)) == tmp_path
    assert resolve(str(file)) == file


def test_a_folder_in_the_way_does_not_hide_a_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = link(official("base"), home / "sotto" / "base")
    monkeypatch.chdir(home)
    (home / "base").mkdir()
    assert resolve("base") == folder


def test_a_damaged_copy_does_not_stand_before_a_good_one(home: Path) -> None:
    broken = home / ".cache/huggingface/hub/models--Systran--faster-whisper-base/snapshots/0"
    broken.mkdir(parents=True)
    (broken / "config.json").write_text("{}")
    (broken / "model.bin").write_bytes(b"no model")
    with pytest.raises(CheckpointError, match=r"model\.bin"):
        resolve("base")
    good = link(official("base"), home / ".local/share/pywhispercpp/models/base")
    assert resolve("base") == good
    assert set(rows()) == {"basic", "base"}


def test_a_model_that_only_packages_hold_is_unpacked_when_it_is_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SOTTO_MODELS_DIR", str(home / "sotto"))
    assert resolve("tiny.en") == home / "sotto" / "tiny.en"
    assert rows()["tiny.en"].origin is Origin.SOTTO


def test_what_is_no_model_is_not_listed(home: Path) -> None:
    (home / ".cache/whisper").mkdir(parents=True)
    (home / ".cache/whisper/base.pt").write_bytes(b"half of a download")
    assert set(rows()) == {"basic"}


@pytest.mark.parametrize("name", [".pt", "nothing.pt", "/no/such/folder", "../..x", "tinny"])
def test_what_is_nothing_is_named(name: str) -> None:
    with pytest.raises(ModelNotFoundError) as caught:
        resolve(name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(ModelNotFoundError, match="sotto models pull small"):
        resolve("small")
