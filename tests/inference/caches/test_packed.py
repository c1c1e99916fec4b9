"""The cache of packed weights, with real checkpoints and real files."""

import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from sotto.errors import CheckpointError
from sotto.inference.caches import cache, packed
from sotto.inference.caches.packed import ALIGNMENT, PackedFile
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.checkpoint.tensors import Weights
from sotto.inference.compute_type import ComputeType
from sotto.inference.graphs.parameters import Parameter, encoder_parameters, registry
from sotto.inference.interfaces import Array, Checkpoint
from sotto.inference.model.whisper_model import WhisperModel, recipe
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import STARTER, dimensions, write_hugging_face
from tools.measure_first_load import PACKING, measure

SMALL = dimensions(64, (1, 1), 3557)
KEY = bytes(range(32))
NAMES = st.text(min_size=1, max_size=8)
DTYPES = st.sampled_from([np.float32, np.int8, np.int32])
SHAPES = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=9)
ARRAYS = st.dictionaries(NAMES, hnp.arrays(DTYPES, SHAPES), max_size=4)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; returns where its packed weights will be."""
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "weights"


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    """A checkpoint of its own for each test, to change."""
    return load_checkpoint(small_checkpoint(tmp_path / "model", seed=1))


def small_checkpoint(path: Path, seed: int) -> Path:
    return write_hugging_face(path, SMALL, seed, tokenizer_files=STARTER, dtype="float16")


def silent(_what: str, _elapsed_s: float, _expected_s: float) -> None:
    pass


def pack(checkpoint: Checkpoint) -> packed.Arrays:
    return packed.load(recipe(SMALL), encoder_parameters(SMALL), checkpoint.weights)


def assert_same(arrays: packed.Arrays, expected: packed.Arrays) -> None:
    assert list(arrays) == list(expected)
    for name, array in arrays.items():
        assert (array.dtype, array.shape) == (expected[name].dtype, expected[name].shape)
        np.testing.assert_array_equal(array, expected[name])


def assert_made_of(arrays: packed.Arrays, checkpoint: Checkpoint) -> None:
    assert_same(arrays, registry(encoder_parameters(SMALL), checkpoint.weights))


def take(array: NDArray[Any], _checkpoint: object) -> Iterator[NDArray[Any]]:
    yield array


def parameters_of(arrays: dict[str, NDArray[Any]]) -> Sequence[Parameter]:
    return [
        Parameter(name, array.shape, partial(take, array), array.dtype.type)
        for name, array in arrays.items()
    ]


def is_mapped(arrays: packed.Arrays) -> bool:
    return not any(array.flags.owndata or array.flags.writeable for array in arrays.values())


@given(ARRAYS)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, NDArray[Any]]
) -> None:
    file = PackedFile(tmp_path_factory.mktemp("packed") / "file", KEY, [], parameters_of(arrays))
    assert file.read() is None
    file.write({}, silent)
    found = file.read()
    assert found is not None
    assert_same(found, arrays)
    assert is_mapped(found)
    assert not any(array.ctypes.data % ALIGNMENT for array in found.values() if array.size)


@given(ARRAYS, st.data())
def test_no_damage_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, NDArray[Any]], data: st.DataObject
) -> None:
    file = PackedFile(tmp_path_factory.mktemp("packed") / "file", KEY, [], parameters_of(arrays))
    file.write({}, silent)
    content = file.path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = content[:at] + bytes([content[at] ^ data.draw(st.integers(1, 255))])
    for damaged in (content[:at], flipped + content[at + 1 :], content + b"\0"):
        file.path.write_bytes(damaged)
        assert file.read() is None


def test_a_hole_is_noticed(tmp_path: Path) -> None:
    ones = {"ones": np.ones(5000, np.float32)}
    file = PackedFile(tmp_path / "file", KEY, [], parameters_of(ones))
    file.write({}, silent)
    with file.path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(bytes(4096))
    assert file.read() is None


def test_a_file_of_something_else_is_not_taken(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "file", KEY, [], parameters_of({"one": np.ones(3, np.int8)}))
    file.write({}, silent)
    assert replace(file, key=bytes(32)).read() is None


def test_the_second_load_reads_no_tensor(
    folder: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pack(checkpoint)
    assert_made_of(first, checkpoint)
    for method in ("__getitem__", "rows"):
        monkeypatch.setattr(Weights, method, unreadable)
    second = pack(checkpoint)
    assert_same(second, first)
    assert is_mapped(second)


def unreadable(_weights: Weights, name: str, *_rows: int) -> Array:
    raise CheckpointError(f"{name} cannot be read")


@pytest.mark.parametrize("method", ["__getitem__", "rows"])
def test_a_tensor_that_cannot_be_read_leaves_nothing(
    folder: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(Weights, method, unreadable)
    with pytest.raises(CheckpointError, match="cannot be read"):
        pack(checkpoint)
    assert not list(folder.iterdir())


def test_a_damaged_file_is_packed_again(folder: Path, checkpoint: Checkpoint) -> None:
    pack(checkpoint)
    (path,) = folder.iterdir()
    intact = path.read_bytes()
    path.write_bytes(intact[: len(intact) // 2])
    assert_made_of(pack(checkpoint), checkpoint)
    assert path.read_bytes() == intact


def test_a_changed_checkpoint_is_packed_again_in_place_of_the_old(
    folder: Path, checkpoint: Checkpoint
) -> None:
    old = pack(checkpoint)
    (path,) = folder.iterdir()
    weights = checkpoint.path / "model.safetensors"
    before = weights.stat()
    small_checkpoint(checkpoint.path, seed=2)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a copy may leave it
    changed = load_checkpoint(checkpoint.path)
    new = pack(changed)
    assert_made_of(new, changed)
    name = "encoder.blocks.0.attn.qkv.panels"
    assert not np.array_equal(new[name], old[name])
    assert list(folder.iterdir()) == [path]


def test_checkpoints_and_compute_types_have_files_of_their_own(
    folder: Path, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    other = load_checkpoint(small_checkpoint(tmp_path / "other", seed=2))
    for each in (checkpoint, other):
        pack(each)
    quantised = replace(recipe(SMALL), precision=ComputeType.INT8)
    packed.load(quantised, encoder_parameters(SMALL), checkpoint.weights)
    assert len(list(folder.iterdir())) == 3
    assert_made_of(pack(checkpoint), checkpoint)
    assert_made_of(pack(other), other)


@pytest.mark.parametrize("source", ["kernels_hash", "sources_hash"])
def test_another_version_packs_again(
    folder: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    pack(checkpoint)
    (path,) = folder.iterdir()
    before = path.read_bytes()
    monkeypatch.setattr(f"sotto.inference.caches.compiled.{source}", lambda: "another")
    pack(checkpoint)
    assert list(folder.iterdir()) == [path]
    assert path.read_bytes() != before


def test_a_folder_that_cannot_be_written_is_done_without(
    tmp_path: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path / "file"))
    assert_made_of(pack(checkpoint), checkpoint)


def test_a_folder_without_room_is_told_before_anything_is_packed(
    folder: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = shutil.disk_usage(folder.parent.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk._replace(free=1000))
    monkeypatch.setattr(PackedFile, "write", lambda *_: pytest.fail("it was packed in vain"))
    said = told_by_packing(checkpoint)
    assert len(said) == 1
    assert f"cannot be kept in {folder} (no space left on device)" in said[0]


def open_file(folder: Path) -> None:
    next(folder.iterdir()).chmod(0o620)


def open_folder(folder: Path) -> None:
    folder.chmod(0o777)


def another_users(folder: Path) -> None:
    os.chown(next(folder.iterdir()), 12345, 12345)


def a_link(folder: Path) -> None:
    (path,) = folder.iterdir()
    path.rename(folder.parent / path.name)
    path.symlink_to(folder.parent / path.name)


@pytest.mark.parametrize("open_up", [open_file, open_folder, another_users])
def test_what_another_user_may_have_written_is_not_used(
    folder: Path, checkpoint: Checkpoint, open_up: Callable[[Path], None]
) -> None:
    if open_up is another_users and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    pack(checkpoint)
    (path,) = folder.iterdir()
    before = path.stat().st_ino
    open_up(folder)
    said = told_by_packing(checkpoint)
    assert len(said) == 1
    assert str(folder) in said[0]
    assert "is not used (other users can change it)" in said[0]
    assert path.stat().st_ino != before
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert told_by_packing(checkpoint) == []


def test_a_link_in_the_folder_is_not_followed(folder: Path, checkpoint: Checkpoint) -> None:
    pack(checkpoint)
    a_link(folder)
    assert_made_of(pack(checkpoint), checkpoint)
    assert not next(folder.iterdir()).is_symlink()


def told_by_packing(checkpoint: Checkpoint) -> list[str]:
    said: list[str] = []
    parameters = encoder_parameters(SMALL)
    packed.load(recipe(SMALL), parameters, checkpoint.weights, lambda what, *_: said.append(what))
    return said


def test_a_disk_that_is_full_is_done_without(
    folder: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "TRAILER", FullDisk())
    assert_made_of(pack(checkpoint), checkpoint)
    assert not list(folder.iterdir())


def test_progress_tells_what_and_for_how_long(
    folder: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "QUIET_S", 0.0)
    said: list[tuple[str, float, float]] = []
    parameters = encoder_parameters(SMALL)
    for _ in range(2):  # the second time there is nothing to pack
        packed.load(recipe(SMALL), parameters, checkpoint.weights, lambda *args: said.append(args))
    elapsed = [elapsed_s for _, elapsed_s, _ in said]
    assert {what for what, _, _ in said} == {packed.WHAT}
    assert len(said) == len(parameters)
    assert elapsed == sorted(elapsed)
    assert all(expected_s >= elapsed_s for _, elapsed_s, expected_s in said)
    assert said[-1][1] == said[-1][2]


def test_a_small_model_is_packed_without_a_word(folder: Path, checkpoint: Checkpoint) -> None:
    said: list[object] = []
    parameters = encoder_parameters(SMALL)[:1]
    packed.load(recipe(SMALL), parameters, checkpoint.weights, lambda *args: said.append(args))
    assert not said


class FullDisk:
    """Stands for the last write to a file."""

    def pack(self, *_values: object) -> bytes:
        raise OSError(28, "No space left on device")


def test_a_checkpoint_removed_since_it_was_read_is_packed_in_memory(
    folder: Path, checkpoint: Checkpoint
) -> None:
    (checkpoint.path / "model.safetensors").unlink()
    assert_made_of(pack(checkpoint), checkpoint)
    assert not folder.exists()


def test_what_is_used_stays(folder: Path, checkpoint: Checkpoint, tmp_path: Path) -> None:
    pack(checkpoint)
    (path,) = folder.iterdir()
    os.utime(path, (0, 0))
    pack(checkpoint)
    pack(load_checkpoint(small_checkpoint(tmp_path / "other", seed=2)))
    assert path.exists()


def test_files_of_checkpoints_that_are_gone_are_removed(
    folder: Path, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    pack(checkpoint)
    (kept,) = folder.iterdir()
    folder.joinpath("damaged.weights").write_bytes(b"\xff" * 100)
    gone = load_checkpoint(small_checkpoint(tmp_path / "gone", seed=2))
    pack(gone)
    assert len(list(folder.iterdir())) == 3
    shutil.rmtree(gone.path)
    pack(load_checkpoint(small_checkpoint(tmp_path / "new", seed=3)))
    assert len(list(folder.iterdir())) == 3
    assert kept.exists()


def test_weights_of_no_file_are_not_kept(folder: Path, checkpoint: Checkpoint) -> None:
    in_memory = replace(checkpoint, weights=dict(checkpoint.weights))
    assert_made_of(pack(in_memory), checkpoint)
    assert not folder.exists()


def test_many_at_once_leave_one_intact_file(folder: Path, checkpoint: Checkpoint) -> None:
    with ThreadPoolExecutor(4) as threads:
        loaded = list(threads.map(pack, [checkpoint] * 8))
    for arrays in loaded:
        assert_made_of(arrays, checkpoint)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("compute_type", ComputeType)
def test_a_model_hears_the_same_with_mapped_weights(
    compute_type: ComputeType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = load_checkpoint(STARTER)
    mel = np.random.default_rng(0).standard_normal((300, 80)).astype(np.float32)

    def logits() -> Array:
        model = WhisperModel.load(checkpoint, compute_type=compute_type)
        return model.decode([1, 2, 3], model.new_cache(), model.encode(mel), rows=range(3))

    folders = {"graphs": cache.cache_dir("graphs"), "weights": tmp_path}
    monkeypatch.setattr(cache, "cache_dir", folders.__getitem__)
    mapped = logits()
    assert list(tmp_path.iterdir())
    monkeypatch.setattr(PackedFile, "read", lambda _file, **_: None)
    np.testing.assert_array_equal(logits(), mapped)


@pytest.mark.parametrize("compute_type", ComputeType)
def test_packing_holds_little_of_a_model(compute_type: ComputeType) -> None:
    """Counted in a fresh process, with the pages of the checkpoint's file."""
    path = official("tiny.en")
    assert measure(PACKING, path, compute_type) < 1.5 * summarise(path).n_bytes


def test_sizes_add_up() -> None:
    parameters = encoder_parameters(SMALL)
    *offsets, end = packed._offsets(parameters)
    gaps = np.diff([*offsets, end])
    for parameter, gap in zip(parameters, gaps, strict=True):
        size = math.prod(parameter.shape) * np.dtype(parameter.dtype).itemsize
        assert size <= gap < size + ALIGNMENT
