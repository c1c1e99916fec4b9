"""Reading CTranslate2's folders: the hub's own, its converter's of every type, and odd ones."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sotto.errors import CheckpointError
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.load import read_contents
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import GenerationRules
from tests.helpers.ctranslate2_folder import Variables, variables_of, write_ctranslate2
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, random_weights, sinusoids

GOLDEN = Path(__file__).parents[2] / "golden" / "checkpoint"
CONVERTED = GOLDEN / "ctranslate2"
VOCABULARY: list[str] = json.loads((CONVERTED / "vocabulary.json").read_text(encoding="utf-8"))
SMALL = ModelDimensions(80, 24, 64, 1, 2, len(VOCABULARY), 16, 64, 1, 1)
QUANTISATIONS = ["int8_float32", "int8_float16", "int8_bfloat16", "bfloat16"]


def converted(quantisation: str, folder: Path) -> Path:
    """Return a folder as CTranslate2's converter made it."""
    for name in ("config.json", "vocabulary.json"):
        shutil.copy(CONVERTED / name, folder / name)
    shutil.copy(CONVERTED / f"{quantisation}.bin", folder / "model.bin")
    return folder


def small(folder: Path, change: Callable[[Variables], object] = dict, *, version: int = 6) -> Path:
    """Return a folder of random weights whose variables were changed."""
    variables = variables_of(random_weights(SMALL, 1))
    change(variables)
    return write_ctranslate2(folder, variables, VOCABULARY, version=version)


def complaint(folder: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- What CTranslate2 writes -----------------------------------------------------------------


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_what_the_converter_writes(quantisation: str, tmp_path: Path) -> None:
    checkpoint = load_checkpoint(converted(quantisation, tmp_path))
    digests = {
        name: hashlib.sha256(value.tobytes()).hexdigest()
        for name, value in checkpoint.weights.items()
    }
    assert digests == json.loads((CONVERTED / f"{quantisation}.json").read_text())
    assert checkpoint.rules == GenerationRules(
        suppress_tokens=(1, 2, 7), begin_suppress_tokens=(220, 256), alignment_heads=((0, 0),)
    )


def test_the_hub_s_tiny_en() -> None:
    checkpoint = load_checkpoint(official("tiny.en"))
    assert checkpoint.name == "tiny.en"
    assert checkpoint.dimensions == OFFICIAL_DIMENSIONS["tiny.en"]
    assert not checkpoint.tokenizer.is_multilingual
    assert checkpoint.tokenizer.encode(" hello world") == [23748, 995]
    assert checkpoint.rules.begin_suppress_tokens == (220, 50256)
    positions = checkpoint.weights["encoder.positional_embedding"]
    np.testing.assert_allclose(positions, sinusoids(1500, 384), atol=1e-3)  # float16's


def test_the_hub_s_base() -> None:
    contents = read_contents(official("base"))
    assert contents.dimensions == OFFICIAL_DIMENSIONS["base"]
    assert contents.is_multilingual


@pytest.mark.parametrize("name", ["vocabulary.txt", "vocabulary.json"])
def test_a_folder_with_a_list_of_tokens_alone(name: str, tmp_path: Path) -> None:
    source = official("base")
    for file in ("model.bin", "config.json"):
        (tmp_path / file).symlink_to(source / file)
    tokens = (source / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    text = json.dumps(tokens) if name.endswith("json") else "\n".join(tokens) + "\n"
    (tmp_path / name).write_text(text, encoding="utf-8")
    tokenizer = load_checkpoint(tmp_path).tokenizer
    assert tokenizer.is_multilingual
    assert tokenizer.num_languages == 99
    golden = json.loads((GOLDEN.parent / "tokenizer" / "multilingual.json").read_text())
    for case in golden["texts"]:
        assert tokenizer.encode(case["text"]) == case["tokens"]
    assert {key: getattr(tokenizer, key) for key in golden["specials"]} == golden["specials"]


# --- What else there may be ------------------------------------------------------------------


@pytest.mark.parametrize("version", [3, 4, 5, 6])
def test_versions_of_the_format(version: int, tmp_path: Path) -> None:
    weights = random_weights(SMALL, 1)
    loaded = load_checkpoint(small(tmp_path, version=version)).weights
    assert loaded.keys() == weights.keys()
    for name, value in weights.items():
        assert_array_equal(loaded[name], value, err_msg=name)


def test_without_configuration_the_heads_are_openai_s(tmp_path: Path) -> None:
    for file in ("model.bin", "tokenizer.json"):
        (tmp_path / file).symlink_to(official("tiny.en") / file)
    heads = ((1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4))
    assert load_checkpoint(tmp_path).rules == GenerationRules(alignment_heads=heads)


def test_absent_encoder_positions_are_computed(tmp_path: Path) -> None:
    folder = small(tmp_path, lambda v: v.pop("encoder/position_encodings/encodings"))
    checkpoint = load_checkpoint(folder)
    assert checkpoint.dimensions.n_audio_ctx == 1500
    name = "encoder.positional_embedding"
    np.testing.assert_allclose(checkpoint.weights[name], sinusoids(1500, 64), atol=2e-4)


def zero_scales(variables: Variables) -> None:
    name = "encoder/layer_0/ffn/linear_0/weight"
    variables[name] = np.zeros(variables[name].shape, np.int8)


def non_zero_key(variables: Variables) -> None:
    variables["encoder/layer_0/self_attention/linear_0/bias"][64] = 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda v: v.pop("decoder/layer_norm/beta"), "decoder.ln.bias is missing"),
        (lambda v: v.pop("encoder/conv1/weight"), "no encoder/conv1/weight"),
        (lambda v: v.pop("encoder/layer_0/ffn/linear_0/weight"), "(encoder_layers|n_audio_layer)"),
        (lambda v: v.update({"decoder/extra": np.zeros(3, np.float32)}), "decoder/extra is not"),
        (
            lambda v: v.update({"encoder/conv1/weight": np.zeros((64, 80, 3), np.int16)}),
            "int16 numbers in encoder/conv1/weight",
        ),
        (
            lambda v: v.update({"decoder/projection/weight": np.zeros((3, 64), np.float32)}),
            "output projection",
        ),
        (
            lambda v: v.update({"decoder/layer_norm/beta": np.zeros(63, np.float32)}),
            r"decoder.ln.bias has shape \(63,\)",
        ),
        (
            lambda v: v.update({"encoder/num_heads": np.array(2, np.int16)}),
            "encoder's width 64 is not 2 heads",
        ),
        (
            lambda v: v.update(
                {"encoder/layer_1/self_attention/linear_0/weight": np.zeros((191, 64), np.float32)}
            ),
            "191 rows",
        ),
        (zero_scales, "no encoder/layer_0/ffn/linear_0/weight_scale"),
        (non_zero_key, "encoder.blocks.0.attn.key.bias is not zero"),
    ],
)
def test_a_model_that_is_not_whisper_s(
    change: Callable[[Variables], object], named: str, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match=named):
        load_checkpoint(small(tmp_path, change))


def test_another_kind_of_model(tmp_path: Path) -> None:
    variables = variables_of(random_weights(SMALL, 1))
    write_ctranslate2(tmp_path, variables, VOCABULARY, specification="TransformerSpec")
    assert "is a 'TransformerSpec'; Sotto runs Whisper models" in complaint(tmp_path)
    small(tmp_path, version=7)
    assert "version 7 of its format" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("tokens", "named"),
    [
        (VOCABULARY[:-1], "has 1766 tokens, the model 1767"),
        (VOCABULARY[:-1] + VOCABULARY[:1], "has 1766 tokens, the model 1767"),
        ([t.replace("<|startofprev|>", "<|x|>") for t in VOCABULARY], "<|startofprev|> is missing"),
        (
            [t.replace("<|1.00|>", "<|x|>") for t in VOCABULARY],
            "timestamp token <|1.00|> is not at",
        ),
        (["\u4e00", *VOCABULARY[1:]], "no byte-level vocabulary"),
        (["ab", *VOCABULARY[1:]], "vocabulary.txt: no token for byte 33"),
    ],
)
def test_a_list_of_other_tokens(tokens: list[str], named: str, tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "vocabulary.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    assert named in complaint(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"[" * 100_000, b"\xff"])
def test_a_damaged_list_of_tokens(content: bytes, tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "vocabulary.json").write_bytes(content)
    assert "vocabulary.json is damaged" in complaint(tmp_path)


def test_files_that_are_missing(tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "vocabulary.txt").unlink()
    assert "neither tokenizer.json nor vocabulary.json nor vocabulary.txt" in complaint(tmp_path)


@pytest.mark.parametrize("key", ["suppress_ids", "suppress_ids_begin", "alignment_heads"])
def test_a_damaged_configuration(key: str, tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({key: ["1"]}))
    assert f"config.json: {key} is no list" in complaint(tmp_path)
