"""Whatever is wrong with a checkpoint is said in one line that names it, and no code is run."""

import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.errors import CheckpointError
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.dimensions import ModelDimensions
from tests.helpers.examples import examples
from tools.fixtures.random_checkpoint import (
    STARTER,
    Array,
    random_weights,
    save_safetensors,
    write_hugging_face,
    write_openai,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "checkpoint"
SMALL = ModelDimensions(80, 24, 64, 1, 1, 3557, 16, 64, 1, 1)
OFFICIAL = ModelDimensions(80, 24, 64, 1, 1, 51864, 16, 64, 1, 1)
Json = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_hugging_face(tmp_path / "model", SMALL, 0)


def complaint(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


def edit(path: Path, change: Callable[[Json], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


# --- Paths and files -------------------------------------------------------------------------


def test_nothing_there(tmp_path: Path) -> None:
    assert "does not exist" in complaint(tmp_path / "none")
    assert "cannot be read" in complaint(tmp_path / "none.pt")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "holds no config.json" in complaint(tmp_path)


def test_a_file_that_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    assert "neither a folder" in complaint(path)
    assert "no checkpoint of torch" in complaint(path.rename(tmp_path / "notes.pt"))


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.pt"
    path.touch()
    assert "empty.pt is empty" in complaint(path)


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("model.safetensors", "model.safetensors"),
        ("vocab.json", "neither tokenizer.json nor vocab.json"),
        ("added_tokens.json", "<|endoftext|>"),
    ],
)
def test_a_missing_file(folder: Path, missing: str, named: str) -> None:
    (folder / missing).unlink()
    assert named in complaint(folder)


@pytest.mark.parametrize(
    "name",
    ["config.json", "generation_config.json", "vocab.json", "added_tokens.json"],
)
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": \xff}', b"[" * 100_000, b"a b"])
def test_a_damaged_text_file(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert str(folder) in complaint(folder)


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").mkdir()
    assert "cannot be read" in complaint(folder)


@pytest.mark.parametrize("name", ["config.json", "vocab.json", "model.safetensors"])
def test_what_git_leaves_without_lfs(folder: Path, name: str) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 290403936\n"
    (folder / name).unlink()
    (folder / name).write_bytes(pointer)
    assert f"{name} is only a pointer to the file; install Git LFS" in complaint(folder)


def test_a_file_of_an_old_torch() -> None:
    assert "the format of torch before 1.6" in complaint(GOLDEN / "old.pt")


# --- Configuration ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"model_type": "wav2vec2"}, "'wav2vec2'"),
        ({"model_type": None}, "model_type"),
        ({"d_model": None}, "d_model"),
        ({"d_model": "64"}, "d_model"),
        ({"d_model": True}, "d_model"),
        ({"encoder_layers": 0}, "encoder_layers"),
        ({"encoder_layers": -1}, "encoder_layers"),
        ({"decoder_layers": 1.5}, "decoder_layers"),
        ({"encoder_attention_heads": 2}, "2 heads of 64"),
        ({"decoder_attention_heads": 3}, "3 heads of 64"),
        ({"num_mel_bins": 96}, "96 mel bins"),
        ({"activation_function": "relu"}, "'relu'"),
        ({"scale_embedding": True}, "scale_embedding"),
        ({"encoder_ffn_dim": 128}, "encoder_ffn_dim"),
        ({"decoder_ffn_dim": 128}, "decoder_ffn_dim"),
        ({"encoder_layers": 2**62}, "encoder.blocks.1.attn.query.weight is missing"),
    ],
)
def test_a_configuration_of_another_model(folder: Path, change: Json, named: str) -> None:
    edit(folder / "config.json", lambda config: config.update(change))
    assert named in complaint(folder)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("suppress_tokens", "all"),
        ("suppress_tokens", [None]),
        ("begin_suppress_tokens", [1.5]),
        ("alignment_heads", [[1]]),
        ("alignment_heads", {"0": 1}),
        ("max_initial_timestamp_index", "50"),
        ("num_beams", 0),
        ("num_beams", 101),
        ("num_beams", "3"),
    ],
)
def test_a_damaged_generation_rule(folder: Path, key: str, value: object) -> None:
    edit(folder / "generation_config.json", lambda generation: generation.update({key: value}))
    assert key in complaint(folder)


# --- Tokenizer -------------------------------------------------------------------------------


@pytest.mark.parametrize("n_vocab", [3550, 3556])
def test_a_tokenizer_of_another_model(tmp_path: Path, n_vocab: int) -> None:
    dims = replace(SMALL, n_vocab=n_vocab)
    folder = write_hugging_face(tmp_path, dims, 0, tokenizer_files=STARTER)
    assert f"has 3557 tokens, the model {n_vocab}" in complaint(folder)


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("vocab.json", lambda v: v.pop("!"), "no token for byte 33"),
        ("vocab.json", lambda v: v.update({"\u4e00": v.pop("he")}), "byte-level"),
        ("vocab.json", lambda v: v.update({"a b": v.pop("he")}), "byte-level"),
        ("vocab.json", lambda v: v.update(he="x"), "damaged"),
        ("vocab.json", lambda v: v.update(he=v["in"]), "damaged"),
        ("added_tokens.json", lambda a: a.pop("<|startofprev|>"), "<|startofprev|> is missing"),
        ("added_tokens.json", lambda a: a.update({"<|1.00|>": 2100}), "'<|1.00|>' is not the only"),
        ("generation_config.json", lambda g: g.update(is_multilingual=True), "language tokens"),
    ],
)
def test_a_tokenizer_that_cannot_be(
    folder: Path, file: str, change: Callable[[Json], object], named: str
) -> None:
    edit(folder / file, change)
    assert named in complaint(folder)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"model": {"vocab": []}, "added_tokens": []},
        {"model": {"vocab": {"a": "1"}}, "added_tokens": []},
        {"model": {"vocab": {"a": 1, "b": 1}}, "added_tokens": []},
        {"model": {"vocab": {}}, "added_tokens": [{"id": 1}]},
        {"model": {"vocab": {}}, "added_tokens": [{"id": "1", "content": "x"}]},
    ],
)
def test_a_damaged_single_tokenizer_file(folder: Path, content: Json) -> None:
    (folder / "tokenizer.json").write_text(json.dumps(content))
    assert "tokenizer.json" in complaint(folder)


def test_tokens_that_only_the_tokenizer_configuration_lists(folder: Path) -> None:
    added = json.loads((folder / "added_tokens.json").read_text())
    entries = {str(token): {"content": name} for name, token in added.items()}
    config = folder / "tokenizer_config.json"
    config.write_text(json.dumps({"added_tokens_decoder": entries}))
    (folder / "added_tokens.json").unlink()
    assert load_checkpoint(folder).tokenizer.no_speech == 2054
    config.write_text(json.dumps({"added_tokens_decoder": {"x": {"content": "y"}}}))
    assert "tokenizer_config.json is damaged" in complaint(folder)


def test_a_torch_file_with_a_vocabulary_of_its_own(tmp_path: Path) -> None:
    path = write_openai(tmp_path / "model.pt", SMALL, 0)
    assert "vocabulary of 3557" in complaint(path)


# --- Tensors ---------------------------------------------------------------------------------


def changed(name: str, value: Array | None) -> dict[str, Array]:
    """Return weights with one tensor replaced, or left out."""
    weights = random_weights(OFFICIAL, 0)
    weights.pop(name, None)
    return weights if value is None else weights | {name: value}


@pytest.mark.parametrize("layout", ["openai", "hugging face"])
@pytest.mark.parametrize(
    ("name", "shape", "named"),
    [
        ("decoder.blocks.0.cross_attn.out.weight", None, "is missing"),
        ("decoder.blocks.0.cross_attn.out.weight", (64, 63), "(64, 63)"),
        ("decoder.blocks.0.cross_attn.out.weight", (64, 64, 1), "(64, 64, 1)"),
        ("encoder.conv1.weight", (64, 128, 3), "(64, 128, 3)"),
        ("decoder.token_embedding.weight", (51863, 64), "(51863, 64)"),
        ("encoder.blocks.0.attn.query.lora_A", (64,), "is not part"),
        ("encoder.blocks.1.mlp.0.bias", (256,), "is not part"),
    ],
)
def test_a_tensor_that_does_not_belong(
    tmp_path: Path, layout: str, name: str, shape: tuple[int, ...] | None, named: str
) -> None:
    value = None if shape is None else np.zeros(shape, np.float32)
    weights = changed(name, value)
    if layout == "openai":
        path = write_openai(tmp_path / "model.pt", OFFICIAL, 0, weights=weights)
    else:
        path = write_hugging_face(tmp_path, OFFICIAL, 0, weights=weights, tokenizer_files=STARTER)
    message = complaint(path)
    assert name in message
    assert named in message


@pytest.mark.parametrize(
    "theirs", [("weight_packed", "weight_scale"), ("qweight", "scales")], ids=["vllm", "gptq"]
)
def test_weights_that_are_quantised(tmp_path: Path, theirs: tuple[str, ...]) -> None:
    module = "encoder.blocks.0.attn.query"
    weights = changed(f"{module}.weight", None)
    weights |= {f"{module}.{part}": np.zeros((1, 1), np.float32) for part in theirs}
    path = write_openai(tmp_path / "model.pt", OFFICIAL, 0, weights=weights)
    assert f"{module}.weight is quantised in a way that Sotto does not read" in complaint(path)


def test_unsupported_numbers(folder: Path) -> None:
    path = folder / "model.safetensors"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content.replace(b'"F32"', b'"I32"', 1))
    message = complaint(folder)
    assert "I32 numbers" in message
    assert "tensor model." in message


def test_unsupported_numbers_in_a_torch_file(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(GOLDEN / "torch.pt") as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            content = source.read(member).replace(b"HalfStorage", b"CharStorage")
            target.writestr(member.filename, content)
    message = complaint(path)
    assert "CharStorage numbers" in message
    assert "tensor encoder." in message


def test_a_truncated_file_names_the_tensor(folder: Path) -> None:
    path = folder / "model.safetensors"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1])
    assert "truncated within tensor model." in complaint(folder)


def test_a_shard_without_its_tensor(tmp_path: Path) -> None:
    folder = write_hugging_face(tmp_path, SMALL, 0, shards=2)
    shard = folder / "model-00002-of-00002.safetensors"
    shard.unlink()
    assert shard.name in complaint(folder)
    save_safetensors(shard, {"other": np.zeros(3, np.float32)}, "float32")
    assert f"{shard.name} holds no tensor model." in complaint(folder)


@pytest.mark.parametrize("name", ["../other.safetensors", "/etc/passwd", 3])
def test_an_index_that_leads_elsewhere(tmp_path: Path, name: object) -> None:
    folder = write_hugging_face(tmp_path, SMALL, 0, shards=2)
    index = folder / "model.safetensors.index.json"
    edit(index, lambda content: content.update(weight_map={"model.a": name}))
    assert "index.json is damaged" in complaint(folder)


# --- Pickles ---------------------------------------------------------------------------------


class Payload:
    """Pickles as a call."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


@pytest.mark.parametrize(
    ("function", "named"), [(os.system, "posix.system"), (eval, "builtins.eval")]
)
def test_a_pickle_that_runs_code_is_refused(
    tmp_path: Path, function: Callable[..., object], named: str
) -> None:
    proof = tmp_path / "proof"
    code = f"touch {proof}" if function is os.system else f"open({str(proof)!r}, 'w')"
    path = write_pickle(tmp_path / "evil.pt", pickle.dumps(Payload(function, code)))
    message = complaint(path)
    assert "refused" in message
    assert named in message
    assert not proof.exists()


def test_a_pickle_that_asks_for_all_memory_is_refused(tmp_path: Path) -> None:
    for memorise in (b"r\xff\xff\xff\xff", b"p99999999999\n"):
        path = write_pickle(tmp_path / "large.pt", b"\x80\x02}" + memorise + b".")
        assert "is damaged" in complaint(path)


def write_pickle(path: Path, program: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", program)
    return path


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ([1, 2], "no checkpoint of openai-whisper"),
        ({}, "dimensions"),
        ({"dims": {"n_mels": 80}}, "n_audio_ctx"),
        ({"dims": asdict(OFFICIAL)}, "model_state_dict"),
        (
            {"dims": asdict(OFFICIAL), "model_state_dict": {"encoder.a": 1}},
            "encoder.a is no tensor",
        ),
    ],
)
def test_a_pickle_of_something_else(tmp_path: Path, content: object, named: str) -> None:
    assert named in complaint(write_pickle(tmp_path / "model.pt", pickle.dumps(content)))


# --- Any damage at all -----------------------------------------------------------------------


def assert_loads_or_complains(path: Path) -> None:
    with suppress(CheckpointError):
        weights = load_checkpoint(path).weights
        assert all(weights[name].dtype == np.float32 for name in weights)


def damaged(data: st.DataObject, content: bytes, index: slice) -> bytes:
    """Return content cut off or overwritten anywhere, more often within `index`."""
    near = st.integers(*index.indices(len(content))[:2])
    at = data.draw(near | st.integers(0, len(content)))
    if data.draw(st.booleans()):
        return content[:at]
    patch = data.draw(st.binary(min_size=1, max_size=64))
    return content[:at] + patch + content[at + len(patch) :]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hugging_face(tmp_path_factory.mktemp("model"), SMALL, 0, dtype="float16")


@settings(max_examples=examples(200))
@given(data=st.data())
def test_any_damage_to_a_safetensors_file(model: Path, data: st.DataObject) -> None:
    content = (model / "model.safetensors").read_bytes()
    with TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(model, Path(temporary) / "copy"))
        (folder / "model.safetensors").write_bytes(damaged(data, content, slice(0, 9000)))
        assert_loads_or_complains(folder)


@settings(max_examples=examples(100))
@given(data=st.data())
def test_any_damage_to_a_torch_file(data: st.DataObject) -> None:
    content = (GOLDEN / "torch.pt").read_bytes()
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "model.pt"
        path.write_bytes(damaged(data, content, slice(-9000, None)))
        assert_loads_or_complains(path)


@settings(max_examples=examples(60))
@given(data=st.data())
def test_any_damage_to_a_pickle(data: st.DataObject) -> None:
    """The zip has a checksum of the pickle; this writes one that fits the damage."""
    with TemporaryDirectory() as temporary, zipfile.ZipFile(GOLDEN / "torch.pt") as source:
        path = Path(temporary) / "model.pt"
        with zipfile.ZipFile(path, "w") as target:
            for member in source.infolist():
                content = source.read(member)
                if member.filename.endswith("data.pkl"):
                    content = damaged(data, content, slice(0, None))
                target.writestr(member.filename, content)
        assert_loads_or_complains(path)
