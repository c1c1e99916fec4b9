"""Reading whisper.cpp's files: floats and blocks of every kind, and what cannot be read."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sotto.errors import CheckpointError
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.formats.ggml_blocks import FORMATS, BlockTensor
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.checkpoint.tensors import map_file
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import GenerationRules
from tests.helpers.ggml_model import official_tokens, write_ggml_model
from tools.fixtures.random_checkpoint import random_weights
from tools.peers.ggml import FileType

GOLDEN = Path(__file__).parents[2] / "golden" / "checkpoint" / "ggml.npz"
SMALL = ModelDimensions(80, 24, 64, 1, 2, 51864, 16, 64, 1, 1)
HEADER = 48  # bytes of magic, dimensions and type
VOCABULARY = HEADER + 8 + 80 * 201 * 4


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of random weights."""
    path = tmp_path_factory.mktemp("ggml") / "model.bin"
    return write_ggml_model(path, SMALL, random_weights(SMALL, 1)).read_bytes()


def complaint(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
def test_blocks_become_the_floats_that_ggml_makes_of_them(name: str, tmp_path: Path) -> None:
    path = tmp_path / "blocks"
    with np.load(GOLDEN) as golden:
        path.write_bytes(b"odd" + golden[f"{name}.blocks"].tobytes())
        floats = golden[f"{name}.floats"]
    tensor = BlockTensor(path, map_file(path), name, floats.shape, 3)
    assert 3 + tensor.n_bytes == path.stat().st_size
    assert_array_equal(tensor.read(), floats)
    assert_array_equal(tensor.rows(5, 9).read(), floats[5:9])


@pytest.mark.parametrize(("file_type", "numpy_type"), [("f32", np.float32), ("f16", np.float16)])
def test_floats(file_type: FileType, numpy_type: type[np.floating], tmp_path: Path) -> None:
    weights = random_weights(SMALL, 1)
    path = write_ggml_model(tmp_path / "ggml-small.en.bin", SMALL, weights, file_type)
    checkpoint = load_checkpoint(path)
    assert checkpoint.name == "small.en"
    assert checkpoint.dimensions == SMALL
    assert checkpoint.rules == GenerationRules()
    assert checkpoint.tokenizer.encode(" hello world") == [23748, 995]
    assert checkpoint.weights.keys() == weights.keys()
    for name, value in weights.items():
        is_matrix = value.ndim > 1 and not name.endswith("positional_embedding")
        stored = value.astype(numpy_type if is_matrix else np.float32)
        assert_array_equal(checkpoint.weights[name], stored.astype(np.float32), err_msg=name)


@pytest.mark.parametrize("file_type", ["q4_0", "q4_1", "q5_0", "q5_1", "q8_0"])
def test_quantised(file_type: FileType, tmp_path: Path) -> None:
    weights = random_weights(SMALL, 1)
    path = write_ggml_model(tmp_path / f"ggml-small.en-{file_type}.bin", SMALL, weights, file_type)
    loaded = load_checkpoint(path).weights
    assert summarise(path).precision == file_type
    steps = 2 ** int(file_type[1]) - 1
    for name, value in weights.items():
        span = np.ptp(value) if value.ndim == 2 else 0.0  # no block's is larger
        assert np.abs(loaded[name] - value).max() <= 1.2 * span / steps + 2e-3, name


def test_tokens_of_hugging_face_s_vocabulary(tmp_path: Path) -> None:
    """The hub's own ggml-tiny.en.bin lists `<|endoftext|>`, too."""
    dims = ModelDimensions(80, 24, 64, 1, 1, 51865, 16, 64, 1, 1)
    *tokens, empty = official_tokens(dims.n_vocab)
    assert empty == b""
    weights = random_weights(dims, 1)
    for n, listed in enumerate(([*tokens, empty, b"<|endoftext|>"], [*tokens, b"<|endoftext|>"])):
        path = write_ggml_model(tmp_path / f"{n}.bin", dims, weights, tokens=listed)
        assert load_checkpoint(path).tokenizer.is_multilingual


def test_tokens_of_another_vocabulary(tmp_path: Path) -> None:
    weights = random_weights(SMALL, 1)
    for tokens in (official_tokens(51865), official_tokens(51864)[:-1], []):
        path = write_ggml_model(tmp_path / "model.bin", SMALL, weights, tokens=tokens)
        assert "its tokens are not openai-whisper's" in complaint(path)


def patched(offset: int, *numbers: int) -> Callable[[bytes], bytes]:
    """Return what replaces whole numbers of four bytes from an offset on."""
    encoded = struct.pack(f"<{len(numbers)}i", *numbers)
    return lambda content: content[:offset] + encoded + content[offset + len(encoded) :]


def first_tensor(content: bytes) -> int:
    """Return the offset of the first tensor's header."""
    at = VOCABULARY + 4
    for _ in range(struct.unpack_from("<i", content, VOCABULARY)[0]):
        at += 4 + struct.unpack_from("<i", content, at)[0]
    return at


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (patched(4, 51866), "(51864, 64), not (51866, 64)"),
        (patched(4, -1), "vocab_size (n_vocab) is -1"),
        (patched(12, 128), "width 128 is not 1 heads"),
        (patched(40, 96), "96 mel bins"),
        (patched(44, 1007), "quantised in version 1 of ggml's layouts"),
        (patched(HEADER, 80, 200), "mel filters have shape (80, 200), not (80, 201)"),
        (patched(VOCABULARY, 2**31 - 1), "truncated or damaged"),
        (patched(VOCABULARY + 4, -5), "truncated or damaged"),
    ],
)
def test_a_damaged_header(
    change: Callable[[bytes], bytes], named: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(change(content))
    assert named in complaint(path)


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ((2, 28, 12), "tensor encoder.positional_embedding is of type q4_K; Sotto reads f32, f16"),
        ((2, 28, 14), "type q6_K"),
        ((2, 28, 77), "type 77"),
        ((2, 28, 2, 60), "of q4_0 has rows of 60, no whole blocks"),
        ((5, 28, 0), "truncated or damaged"),
        ((0, 28, 0), "truncated or damaged"),
        ((2, 28, 0, -64), "truncated or damaged"),
        ((2, 28, 0, 2**31 - 1, 2**31 - 1), "truncated or damaged"),
    ],
)
def test_a_tensor_that_cannot_be_read(
    numbers: tuple[int, ...], named: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(patched(first_tensor(content), *numbers)(content))
    assert named in complaint(path)


def test_a_truncated_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    for length in (4, 40, HEADER + 100, VOCABULARY + 1000, len(content) - 1):
        path.write_bytes(content[:length])
        assert "truncated or damaged" in complaint(path)


def test_a_tensor_that_is_missing(tmp_path: Path) -> None:
    weights = random_weights(SMALL, 1)
    del weights["decoder.ln.bias"]
    path = write_ggml_model(tmp_path / "model.bin", SMALL, weights)
    assert "tensor decoder.ln.bias is missing" in complaint(path)
