"""`sotto models` as a program of its own, against a hub on this machine."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotto.inference.dimensions import ModelDimensions
from tests.app.cli.conftest import Sotto, refused
from tests.helpers.hub_server import Hub, running_hub
from tools.fixtures.random_checkpoint import write_hugging_face, write_openai

REPO = "Systran/faster-whisper-small.en"
WEIGHTS = random.Random(1).randbytes(3_000_000)
CONFIG = json.dumps({"suppress_ids": []}).encode()
FILES = {
    "config.json": CONFIG,
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"words",
    "README.md": b"words",
    "pytorch_model.bin": b"never fetched",
    "model.bin": WEIGHTS,
}
CLIP = Path(__file__).parents[2] / "clips" / "starter" / "000.flac"
NEEDED = {"config.json", "tokenizer.json", "vocabulary.txt", "model.bin"}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub({REPO: dict(FILES)}) as hub:
        yield hub


@pytest.fixture
def environment(environment: dict[str, str], hub: Hub) -> dict[str, str]:
    return environment | {"HF_ENDPOINT": hub.endpoint}


def snapshot(tmp_path: Path) -> Path:
    (folder,) = (tmp_path / "hf/hub/models--Systran--faster-whisper-small.en/snapshots").iterdir()
    return folder


def partial_files(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "hf/hub").glob("*/blobs/*.incomplete"))


def test_fetches_what_is_needed_and_nothing_else(
    sotto_program: Sotto, hub: Hub, tmp_path: Path
) -> None:
    result = sotto_program("models", "pull", "small.en")
    assert (result.returncode, result.stdout) == (
        0,
        "small.en is ready; try: sotto listen --model small.en\n",
    )
    assert result.stderr == ""  # progress is for terminals
    folder = snapshot(tmp_path)
    assert {path.name for path in folder.iterdir()} == NEEDED
    assert (folder / "model.bin").read_bytes() == WEIGHTS
    asked_for = {path.split("/")[-1] for method, path, _ in hub.requests if method == "GET"}
    assert asked_for <= NEEDED | {"faster-whisper-small.en"}


def test_any_layout_is_fetched_and_listed(sotto_program: Sotto, hub: Hub, tmp_path: Path) -> None:
    small = ModelDimensions(80, 24, 64, 1, 2, 3557, 16, 64, 1, 1)
    folder = write_hugging_face(tmp_path / "model", small, 1)
    hub.models["someone/transformers"] = contents(folder)
    hub.models["someone/whisper-files"] = {
        "ggml-small.bin": (tmp_path / "model/model.safetensors").read_bytes(),
        "one.pt": write_openai(tmp_path / "one.pt", small, 2).read_bytes(),
    }
    assert sotto_program("models", "pull", "someone/transformers").returncode == 0
    line = refused(sotto_program("models", "pull", "someone/whisper-files"))
    assert "holds several models; name one of them, such as someone/whisper-files/ggml-" in line
    assert sotto_program("models", "pull", "someone/whisper-files/one.pt").returncode == 0
    listed = sotto_program("models", "list").stdout
    assert "someone/transformers" in listed


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_there_is_not_fetched_again(sotto_program: Sotto, hub: Hub) -> None:
    sotto_program("models", "pull", REPO)
    n_before = len(hub.ranges_of("model.bin"))
    assert sotto_program("models", "pull", "small.en").returncode == 0
    assert len(hub.ranges_of("model.bin")) == n_before == 1


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    sotto_program: Sotto, hub: Hub, tmp_path: Path
) -> None:
    hub.cut_after = 1_500_000
    assert sotto_program("models", "pull", "small.en").returncode == 0
    first, second = hub.ranges_of("model.bin")
    assert first == "bytes=0-"
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= 1_500_000
    assert (snapshot(tmp_path) / "model.bin").read_bytes() == WEIGHTS


def test_an_interrupted_download_goes_on_in_the_next_run(
    sotto_program: Sotto, hub: Hub, environment: dict[str, str], tmp_path: Path
) -> None:
    hub.stall_after = 1_500_000
    process = subprocess.Popen(
        [sys.executable, "-m", "sotto", "models", "pull", "small.en"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    # Only the weights are so large: what else is fetched may come first.
    while not any(path.stat().st_size > 500_000 for path in partial_files(tmp_path)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "sotto: stopped; the same command goes on where it stopped"
    hub.release()

    assert sotto_program("models", "pull", "small.en").returncode == 0
    resumed = hub.ranges_of("model.bin")[-1]
    assert resumed is not None
    assert resumed != "bytes=0-"
    assert (snapshot(tmp_path) / "model.bin").read_bytes() == WEIGHTS
    assert partial_files(tmp_path) == []


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_a_damaged_file_is_refused_and_fetched_anew(
    name: str, sotto_program: Sotto, hub: Hub, tmp_path: Path
) -> None:
    hub.damaged.add(name)
    assert f"{name} arrived damaged" in refused(sotto_program("models", "pull", "small.en"))
    assert partial_files(tmp_path) == []
    hub.damaged.clear()
    assert sotto_program("models", "pull", "small.en").returncode == 0
    assert (snapshot(tmp_path) / name).read_bytes() == FILES[name]


def test_offline_is_respected(sotto_program: Sotto, hub: Hub) -> None:
    line = refused(sotto_program("models", "pull", "small.en", HF_HUB_OFFLINE="1"))
    assert "HF_HUB_OFFLINE is set" in line
    assert hub.requests == []


def test_an_unknown_model_of_the_hub(sotto_program: Sotto) -> None:
    assert "the hub has no model nobody/nothing" in refused(
        sotto_program("models", "pull", "nobody/nothing")
    )


def test_a_name_that_means_nothing(sotto_program: Sotto, hub: Hub) -> None:
    assert "there is no model 'tinny'" in refused(sotto_program("models", "pull", "tinny"))
    assert hub.requests == []


def test_a_model_without_weights(sotto_program: Sotto, hub: Hub) -> None:
    del hub.models[REPO]["model.bin"], hub.models[REPO]["pytorch_model.bin"]
    assert "has no weights that Sotto reads" in refused(sotto_program("models", "pull", "small.en"))


def test_a_hub_that_does_not_answer(sotto_program: Sotto) -> None:
    line = refused(sotto_program("models", "pull", "small.en", HF_ENDPOINT="http://127.0.0.1:9"))
    assert "http://127.0.0.1:9 cannot be reached" in line


def test_a_disk_without_room_is_found_before_the_download(sotto_program: Sotto, hub: Hub) -> None:
    hub.claimed_size = 10**18
    line = refused(sotto_program("models", "pull", "small.en"))
    assert "needs 1000000000000 MB" in line
    assert "HF_HOME" in line
    assert hub.ranges_of("model.bin") == []


def test_remove_frees_the_disk(sotto_program: Sotto, tmp_path: Path) -> None:
    sotto_program("models", "pull", "small.en")
    assert sotto_program("models", "remove", "small.en").stdout.startswith(
        "small.en is removed; 3 MB"
    )
    assert list((tmp_path / "hf/hub").glob("models--*")) == []
    assert "there is no model small.en here" in refused(
        sotto_program("models", "remove", "small.en")
    )


def test_the_model_in_the_box_stays(sotto_program: Sotto) -> None:
    assert "stays" in refused(sotto_program("models", "remove", "starter-en"))
    assert "nothing to fetch" in refused(sotto_program("models", "pull", "starter-en"))


def test_a_model_that_is_not_here_says_how_to_get_it(sotto_program: Sotto, hub: Hub) -> None:
    line = refused(sotto_program("listen", "--model", "small.en", "--source", CLIP))
    assert "sotto models pull small.en" in line
    assert hub.requests == []
