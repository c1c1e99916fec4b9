"""Models where other programs keep them; nothing of the files is read here."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from sotto.app.core.models.places import Found, Origin, find, hub_cache_folder, snapshot

COMMIT, OTHER = "a" * 40, "b" * 40


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder in which no program has left anything."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "HF_HOME", "HF_HUB_CACHE", "BUZZ_MODEL_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SOTTO_MODELS_DIR", str(tmp_path / "sotto"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def touch(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def in_hub_cache(cache: Path, hub_id: str, *names: str, commit: str = COMMIT) -> Path:
    repository = cache / f"models--{hub_id.replace('/', '--')}"
    touch(repository / "refs")
    (repository / "refs" / "main").write_text(commit)
    return touch(repository / "snapshots" / commit, *names)


def real(models: Iterable[Found]) -> list[tuple[str, Origin]]:
    return [(each.name, each.origin) for each in models if each.origin is not Origin.BOX]


def test_on_a_bare_machine_there_is_the_model_in_the_box_alone() -> None:
    assert [(each.name, each.origin) for each in find()] == [("starter-en", Origin.BOX)]


@pytest.mark.parametrize(
    ("folder", "file", "name", "origin"),
    [
        (".cache/whisper", "base.en.pt", "base.en", Origin.OPENAI),
        (".cache/whisper", "large-v3-turbo.pt", "large-v3-turbo", Origin.OPENAI),
        ("whisper.cpp/models", "ggml-base.en-q5_1.bin", "base.en-q5_1", Origin.WHISPER_CPP),
        (".local/share/pywhispercpp/models", "ggml-tiny.bin", "tiny", Origin.WHISPER_CPP),
        (".cache/Buzz/models", "ggml-model-whisper-base.bin", "base", Origin.BUZZ),
        (".cache/Buzz/models/whisper", "small.pt", "small", Origin.BUZZ),
        (
            ".local/share/github.com.thewh1teagle.vibe",
            "ggml-large-v3-turbo.bin",
            "large-v3-turbo",
            Origin.VIBE,
        ),
        (".local/share/com.pais.handy/models", "ggml-small.bin", "small", Origin.HANDY),
        (
            ".local/share/com.pais.handy/models",
            "whisper-medium-q4_1.bin",
            "medium-q4_1",
            Origin.HANDY,
        ),
        ("sotto", "ggml-my-own.bin", "ggml-my-own", Origin.SOTTO),
    ],
)
def test_single_files(home: Path, folder: str, file: str, name: str, origin: Origin) -> None:
    touch(home / folder, file)
    assert real(find()) == [(name, origin)]


@pytest.mark.parametrize(
    ("hub_id", "weights", "name"),
    [
        ("openai/whisper-base", "model.safetensors", "base"),
        ("Systran/faster-whisper-base.en", "model.bin", "base.en"),
        ("openai/whisper-large-v3", "model.safetensors.index.json", "large-v3"),
        ("distil-whisper/distil-large-v3", "model.safetensors", "distil-large-v3"),
        ("someone/whisper-base-german", "model.safetensors", "someone/whisper-base-german"),
    ],
)
def test_the_hub_cache(home: Path, hub_id: str, weights: str, name: str) -> None:
    folder = in_hub_cache(home / ".cache/huggingface/hub", hub_id, "config.json", weights)
    assert list(find())[1:] == [Found(name, folder, Origin.HUB, hub_id)]


def test_a_repository_with_many_files(home: Path) -> None:
    names = ("ggml-tiny.bin", "ggml-tiny-q5_1.bin", "README.md", "ggml-tiny-encoder.mlmodelc.zip")
    in_hub_cache(home / ".cache/huggingface/hub", "ggerganov/whisper.cpp", *names)
    assert real(find()) == [("tiny-q5_1", Origin.HUB), ("tiny", Origin.HUB)]


def test_buzz_keeps_a_hub_cache_of_its_own(home: Path) -> None:
    in_hub_cache(
        home / ".cache/Buzz/models", "Systran/faster-whisper-small", "config.json", "model.bin"
    )
    assert real(find()) == [("small", Origin.BUZZ)]


@pytest.mark.parametrize("names", [("config.json",), ("model.bin",), ("config.json", "model.onnx")])
def test_what_is_no_whole_model_of_a_known_layout_is_passed_over(
    home: Path, names: tuple[str, ...]
) -> None:
    in_hub_cache(home / ".cache/huggingface/hub", "openai/whisper-base", *names)
    assert real(find()) == []


def test_whisper_cpps_vocabularies_for_tests_are_passed_over(home: Path) -> None:
    touch(home / "whisper.cpp/models", "for-tests-ggml-base.bin", "ggml-base.bin")
    assert real(find()) == [("base", Origin.WHISPER_CPP)]


def test_a_folder_of_the_users(home: Path) -> None:
    touch(home / "mine" / "court-reports", "config.json", "model.safetensors")
    touch(home / "mine", "ggml-base.bin")
    touch(home / "mine" / "notes", "letter.txt")
    assert real(find("~/mine")) == [("base", Origin.USER), ("court-reports", Origin.USER)]


def test_the_folder_that_may_not_be_read_is_passed_over(home: Path) -> None:
    (home / ".cache").mkdir()
    (home / ".cache" / "whisper").touch()  # a file in its place
    assert real(find()) == []


def test_the_newest_snapshot_is_the_one_of_main(home: Path) -> None:
    cache = home / ".cache/huggingface/hub"
    in_hub_cache(cache, "openai/whisper-base", "config.json", commit=OTHER)
    newest = in_hub_cache(cache, "openai/whisper-base", "config.json", commit=COMMIT)
    assert snapshot(newest.parents[1]) == newest
    (newest.parents[1] / "refs" / "main").unlink()
    assert snapshot(newest.parents[1]) in {newest, newest.parent / OTHER}
    assert snapshot(home / "nothing") is None


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"XDG_CACHE_HOME": "{home}/c"},
        {"HF_HOME": "{home}/hf"},
        {"HF_HOME": "{home}/hf", "HF_HUB_CACHE": "{home}/cache"},
    ],
)
def test_the_hub_cache_is_where_the_library_has_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(home=home))
    program = "from huggingface_hub.constants import HF_HUB_CACHE; print(HF_HUB_CACHE)"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert hub_cache_folder() == Path(said.strip())
