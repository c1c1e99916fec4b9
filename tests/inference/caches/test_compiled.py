"""The cache of compiled graphs, with the real compiler in its real process."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from max.driver import CPU, Buffer
from max.engine import CompiledModel, InferenceSession

from sotto.errors import CompileError
from sotto.inference.caches import compiled
from sotto.inference.caches.cache import replacing
from sotto.inference.caches.compiled import Recipe

ROOT = Path(__file__).parents[3]
RECIPE = Recipe("identity", "tests.helpers.small_graph:identity", (1,))
LOAD = (
    "import sys; from sotto.inference.caches.compiled import Recipe, load; load(Recipe({}))".format(
        ", ".join(map(repr, ("identity", "tests.helpers.small_graph:identity", (1,))))
    )
)


@pytest.fixture(autouse=True)
def _builders_are_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(scope="module")
def compiled_by_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that two processes, started together on an empty one, have filled."""
    folder = tmp_path_factory.mktemp("cache")
    environment = {"SOTTO_CACHE_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    processes = [subprocess.Popen([sys.executable, "-c", LOAD], env=environment) for _ in range(2)]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    return folder


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for each test; returns where the graph's file will be."""
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path))
    path = RECIPE.path(compiled.cache_dir())
    path.parent.mkdir()
    return path


@pytest.fixture
def cache(compiled_by_two: Path, empty: Path) -> Path:
    """The same with the graph in it."""
    empty.write_bytes(RECIPE.path(compiled_by_two / "graphs").read_bytes())
    return empty


def works(graphs: CompiledModel) -> bool:
    (model,) = InferenceSession(devices=[CPU()]).init_all(graphs).values()
    (result,) = model.execute(Buffer.from_numpy(np.arange(3, dtype=np.float32)))
    return list(result.to_numpy()) == [0, 1, 2]


@pytest.mark.engine
def test_two_processes_at_once_leave_one_intact_file(compiled_by_two: Path) -> None:
    files = [path.name for path in (compiled_by_two / "graphs").iterdir()]
    path = RECIPE.path(compiled_by_two / "graphs")
    assert sorted(files) == sorted([path.name, path.with_suffix(".lock").name, "identity.seconds"])
    assert compiled.read_checked(path) is not None
    graphs = compiled_by_two / "graphs"
    assert graphs.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in graphs.iterdir()} == {0o600}


@pytest.mark.engine
def test_what_is_compiled_is_read_and_not_compiled_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "COMPILER", "no.such.module")
    assert works(compiled.load(RECIPE))


@pytest.mark.engine
def test_what_is_read_counts_as_used(cache: Path) -> None:
    os.utime(cache, (0, 0))
    compiled.load(RECIPE)
    assert cache.stat().st_mtime > time.time() - 3600


@pytest.mark.engine
def test_a_damaged_file_is_compiled_again_and_progress_tells_for_how_long(cache: Path) -> None:
    RECIPE.timing_path(cache.parent).write_text("12.5\n")
    content = bytearray(cache.read_bytes())
    content[len(content) // 2] ^= 1
    cache.write_bytes(content)
    said: list[tuple[str, float, float]] = []
    assert works(compiled.load(RECIPE, lambda *args: said.append(args)))
    assert compiled.read_checked(cache) is not None
    elapsed = [elapsed_s for _, elapsed_s, _ in said]
    assert {(what, expected_s) for what, _, expected_s in said} == {(compiled.WHAT, 12.5)}
    assert len(said) >= 2
    assert elapsed == sorted(elapsed)
    assert float(RECIPE.timing_path(cache.parent).read_text()) != 12.5


@given(st.data())
def test_no_damage_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    body = data.draw(st.binary(max_size=80))
    content = hashlib.sha256(body).digest() + body
    path = tmp_path_factory.mktemp("damage") / "file"
    path.write_bytes(content)
    assert compiled.read_checked(path) == body
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = content[:at] + bytes([content[at] ^ data.draw(st.integers(1, 255))])
    for damaged in (content[:at], flipped + content[at + 1 :], content + b"\0"):
        path.write_bytes(damaged)
        assert compiled.read_checked(path) is None


@pytest.mark.engine
def test_a_folder_that_cannot_be_written_is_done_without_and_told_before_the_work(
    compiled_by_two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path / "file"))
    said: list[str] = []
    before = RECIPE.path(compiled_by_two / "graphs")

    def compile_to_scratch(
        recipe: Recipe, folder: Path, scratch: Path, progress: Callable[[float], None]
    ) -> None:
        assert folder == scratch
        progress(0.0)
        recipe.path(folder).write_bytes(before.read_bytes())

    monkeypatch.setattr(compiled, "_run_compiler", compile_to_scratch)
    assert works(compiled.load(RECIPE, lambda what, *_: said.append(what)))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert f"cannot be kept in {tmp_path / 'file' / 'graphs'} (not a directory)" in said[0]
    assert set(said[1:]) == {compiled.WHAT}


def open_file(path: Path) -> None:
    path.chmod(0o602)


def open_folder(path: Path) -> None:
    path.parent.chmod(0o770)


def another_users_file(path: Path) -> None:
    os.chown(path, 12345, 12345)


def another_users_folder(path: Path) -> None:
    os.chown(path.parent, 12345, 12345)


@pytest.mark.parametrize(
    ("open_up", "is_kept"),
    [
        (open_file, True),
        (open_folder, True),
        (another_users_file, True),
        (another_users_folder, False),  # nothing is put there either
    ],
)
def test_code_that_another_user_may_have_written_is_never_run(
    empty: Path, monkeypatch: pytest.MonkeyPatch, open_up: Callable[[Path], None], *, is_kept: bool
) -> None:
    if open_up in {another_users_file, another_users_folder} and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    empty.write_bytes(sealed(b"evil"))
    open_up(empty)
    monkeypatch.setattr(
        compiled, "_run_compiler", lambda each, folder, *_: compile_to(each, folder)
    )
    said, content = loaded_content(monkeypatch)
    assert content == b"good"
    assert "is not used (other users can change it); the model is compiled again" in said[0]
    assert str(empty.parent) in said[0]
    assert empty.read_bytes() == sealed(b"good" if is_kept else b"evil")
    if is_kept:
        assert empty.parent.stat().st_mode & 0o777 == 0o700
        assert compiled.read_checked(empty) == b"good"


def test_a_disk_that_fills_while_it_is_compiled_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(
        compiled, "_run_compiler", lambda each, _, scratch, __: compile_to(each, scratch)
    )
    (said,), content = loaded_content(monkeypatch)
    assert content == b"good"
    assert f"cannot be kept in {tmp_path / 'graphs'} (no space left on device)" in said


def sealed(mef: bytes) -> bytes:
    return hashlib.sha256(mef).digest() + mef


def compile_to(recipe: Recipe, folder: Path) -> None:
    """Stand for the compiler, whose minute the tests of what is read can spare."""
    with replacing(recipe.path(folder)) as file:
        file.write(sealed(b"good"))


def loaded_content(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], object]:
    """Return what is told and what MAX is given."""
    monkeypatch.setattr("max.engine.read", lambda content: content.read())
    said: list[str] = []
    return said, compiled.load(RECIPE, lambda what, *_: said.append(what))


def test_an_exception_of_the_progress_ends_the_compiler(empty: Path) -> None:
    def interrupt(_what: str, _elapsed_s: float, _expected_s: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled.load(RECIPE, interrupt)
    assert not empty.exists()


@pytest.mark.usefixtures("empty")
def test_a_failing_compiler_is_one_clear_line() -> None:
    recipe = replace(
        RECIPE, name="broken", builder="tests.helpers.small_graph:broken", arguments=()
    )
    with pytest.raises(CompileError) as raised:
        compiled.load(recipe)
    assert str(raised.value) == (
        "the graph compiler failed for broken (exit status 1): ValueError: no such graph"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"arguments": (2,)},
        {"precision": "int8"},
        {"name": "other"},
        {"builder": "tests.helpers.small_graph:broken"},
    ],
    ids=str,
)
def test_another_recipe_has_another_file(change: dict[str, object]) -> None:
    other = Recipe(**{**json.loads(RECIPE.to_json()), **change})
    assert other.path(Path()) != RECIPE.path(Path())


@pytest.mark.parametrize("source", ["cpu_features", "kernels_hash", "sources_hash"])
def test_another_processor_or_program_has_another_file(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    before = RECIPE.path(Path())
    monkeypatch.setattr(compiled, source, lambda: "another")
    assert RECIPE.path(Path()) != before


def test_another_max_has_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RECIPE.path(Path())
    monkeypatch.setattr("max.engine.__version__", "26.8.0")
    assert RECIPE.path(Path()) != before


def test_the_processor_has_features() -> None:
    assert len(compiled.cpu_features().split()) > 5
