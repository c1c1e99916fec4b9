"""Loading whole checkpoints in every layout and of every official shape."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sotto.errors import CheckpointError
from sotto.inference.checkpoint import load_checkpoint, positions
from sotto.inference.checkpoint.layout import expected_shapes
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import GenerationRules
from tools.fixtures.official_tokenizer import copy_tokenizer, write_official_tokenizer
from tools.fixtures.random_checkpoint import (
    OFFICIAL_DIMENSIONS,
    STARTER,
    Array,
    Dtype,
    config_json,
    generation_config_json,
    hugging_face_name,
    random_weights,
    sinusoids,
    write_hugging_face,
    write_openai,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "checkpoint"
ENGLISH = 51864
# Small, with the vocabulary of the model in the box.
SMALL = ModelDimensions(80, 24, 64, 1, 2, 3557, 16, 64, 1, 1)
SMALL_TRAINED = ModelDimensions(80, 24, 64, 1, 1, 51865, 16, 64, 1, 1)  # golden/trained
# How far rounding to a type of numbers may move one of them, relatively.
PRECISION = {"float32": 0.0, "float16": 2**-11, "bfloat16": 2**-8}


@pytest.fixture(scope="session")
def official_tokenizers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return folders with tokenizer files for each official size of the vocabulary."""
    folders = {n: tmp_path_factory.mktemp(f"tokenizer-{n}") for n in (51864, 51865, 51866)}
    for n_vocab, folder in folders.items():
        write_official_tokenizer(folder, n_vocab)
    return folders


def write_without_data(folder: Path, dims: ModelDimensions) -> None:
    """Write model.safetensors with a header and a hole of the right length for the numbers."""
    header, end = {}, 0
    for name, shape in expected_shapes(dims):
        begin, end = end, end + 2 * int(np.prod(shape))
        header["model." + hugging_face_name(name)] = {
            "dtype": "F16",
            "shape": shape,
            "data_offsets": (begin, end),
        }
    encoded = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(encoded).to_bytes(8, "little") + encoded)
        file.truncate(8 + len(encoded) + end)


def assert_same_weights(loaded: dict[str, Array], saved: dict[str, Array], rtol: float) -> None:
    assert loaded.keys() == saved.keys()
    for name, value in saved.items():
        assert loaded[name].dtype == np.float32
        assert loaded[name].flags.c_contiguous
        assert_allclose(loaded[name], value, rtol=rtol, atol=1e-7 if rtol else 0, err_msg=name)


@pytest.mark.parametrize("name", OFFICIAL_DIMENSIONS)
def test_every_official_shape_parses(
    name: str, tmp_path: Path, official_tokenizers: dict[int, Path]
) -> None:
    dims = OFFICIAL_DIMENSIONS[name]
    folder = tmp_path / name
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config_json(dims)))
    (folder / "generation_config.json").write_text(json.dumps(generation_config_json(dims)))
    copy_tokenizer(official_tokenizers.get(dims.n_vocab, STARTER), folder)
    write_without_data(folder, dims)
    checkpoint = load_checkpoint(folder)
    assert checkpoint.name == name
    assert checkpoint.dimensions == dims
    assert checkpoint.tokenizer.is_multilingual == (dims.n_vocab > ENGLISH)
    assert checkpoint.tokenizer.n_vocab == dims.n_vocab
    assert len(checkpoint.weights) == len(list(expected_shapes(dims)))
    assert checkpoint.weights["decoder.ln.weight"].shape == (dims.n_text_state,)


def test_the_model_in_the_box() -> None:
    checkpoint = load_checkpoint(STARTER)
    assert checkpoint.name == "starter-en"
    assert checkpoint.dimensions == OFFICIAL_DIMENSIONS["starter-en"]
    assert checkpoint.native_short_window
    assert checkpoint.rules == GenerationRules(
        suppress_tokens=(2049, 2050, 2051, 2052, 2053, 2054),
        begin_suppress_tokens=(),
        alignment_heads=((1, 0), (1, 1), (2, 0), (2, 1)),
        num_beams=5,
    )
    assert all(np.isfinite(checkpoint.weights[name]).all() for name in checkpoint.weights)


@pytest.mark.parametrize("layout", ["torch.pt", "transformers", "trained"])
def test_what_torch_and_transformers_save(layout: str) -> None:
    checkpoint = load_checkpoint(GOLDEN / layout)
    golden = json.loads((GOLDEN / layout).with_suffix(".json").read_text())
    digests = {
        name: hashlib.sha256(value.tobytes()).hexdigest()
        for name, value in checkpoint.weights.items()
    }
    assert digests == golden


def test_a_training_left_no_tokenizer_and_things_of_its_own() -> None:
    checkpoint = load_checkpoint(GOLDEN / "trained")
    assert checkpoint.tokenizer.is_multilingual
    assert checkpoint.tokenizer.n_vocab == checkpoint.dimensions.n_vocab == 51865
    assert len(checkpoint.weights) == len(list(expected_shapes(checkpoint.dimensions)))


def test_what_transformers_says_about_decoding() -> None:
    checkpoint = load_checkpoint(GOLDEN / "transformers")
    assert checkpoint.rules == GenerationRules(
        suppress_tokens=(1, 2, 7),
        begin_suppress_tokens=(220, 256),
        max_initial_timestamp_index=25,
        alignment_heads=((0, 0),),
    )
    assert checkpoint.tokenizer.is_multilingual
    assert checkpoint.tokenizer.language_tokens == {"en": 258, "de": 259}
    assert checkpoint.tokenizer.encode("né") == [77, 127, 102]
    assert not checkpoint.native_short_window


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(
    "prefix", ["model.", "", "module._orig_mod.model.", "base_model.model.model."]
)
def test_hugging_face_layouts(tmp_path: Path, dtype: Dtype, shards: int, prefix: str) -> None:
    folder = write_hugging_face(
        tmp_path / "model", SMALL, 7, dtype=dtype, shards=shards, prefix=prefix
    )
    loaded = load_checkpoint(folder)
    assert_same_weights(dict(loaded.weights), random_weights(SMALL, 7), PRECISION[dtype])


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_openai_layout(tmp_path: Path, dtype: Dtype) -> None:
    dims = ModelDimensions(128, 24, 64, 1, 1, 51866, 16, 64, 1, 2)
    checkpoint = load_checkpoint(write_openai(tmp_path / "v3.pt", dims, 3, dtype=dtype))
    assert_same_weights(dict(checkpoint.weights), random_weights(dims, 3), PRECISION[dtype])
    assert checkpoint.name == "v3"
    assert checkpoint.tokenizer.num_languages == 100
    assert checkpoint.rules == GenerationRules()


def test_absent_encoder_positions_are_computed(tmp_path: Path) -> None:
    weights = random_weights(SMALL, 0)
    positions = weights.pop("encoder.positional_embedding")
    folder = write_hugging_face(tmp_path, SMALL, 0, weights=weights)
    computed = load_checkpoint(folder).weights["encoder.positional_embedding"]
    assert_allclose(computed, positions, atol=1e-5)


def test_computed_positions_are_near_in_the_longest_window() -> None:
    # openai-whisper computes in single precision: the last angle is 1499 within 1e-4.
    assert_allclose(positions.sinusoids(1500, 1280), sinusoids(1500, 1280), atol=2e-4)


def test_a_second_copy_of_the_output_projection_is_ignored(tmp_path: Path) -> None:
    weights = random_weights(SMALL, 0)
    tied = {"proj_out.weight": weights["decoder.token_embedding.weight"]}
    folder = write_hugging_face(tmp_path, SMALL, 0, weights=weights | tied, prefix="")
    assert load_checkpoint(folder).weights.keys() == weights.keys()


def test_an_output_projection_of_its_own_counts_only_where_the_model_says_so(
    tmp_path: Path,
) -> None:
    weights = random_weights(SMALL, 0)
    embedding = weights["decoder.token_embedding.weight"]
    config = config_json(SMALL) | {"tie_word_embeddings": False}
    for output, is_tied in ((embedding, False), (embedding + 1, True)):
        stored = weights | {"proj_out.weight": output}
        folder = write_hugging_face(tmp_path, SMALL, 0, weights=stored, prefix="")
        if not is_tied:
            (folder / "config.json").write_text(json.dumps(config))
        assert load_checkpoint(folder).weights.keys() == weights.keys()
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="an output projection of its own"):
        load_checkpoint(folder)


def test_tensors_that_whisper_does_not_compute_with(tmp_path: Path) -> None:
    """Heads and statistics may be of any type of numbers."""
    folder = write_hugging_face(tmp_path, SMALL, 0)
    path = folder / "model.safetensors"
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    for name in (
        "ctc_head.weight",
        "position_ids",
        "model.decoder.layers.0.encoder_attn.k_proj.bias",
    ):
        header[name] = {"dtype": "I64", "shape": [0], "data_offsets": [0, 0]}
    encoded = json.dumps(header).encode() + b"   "  # writers pad it to a multiple of 8
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + content[8 + length :])
    assert_same_weights(dict(load_checkpoint(folder).weights), random_weights(SMALL, 0), 0.0)


def test_old_files_in_parts(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN / "trained", tmp_path / "model"))
    part = "pytorch_model-00001-of-00001.bin"
    (folder / "pytorch_model.bin").rename(folder / part)
    names = [f"model.{hugging_face_name(name)}" for name, _ in expected_shapes(SMALL_TRAINED)]
    index = {"weight_map": dict.fromkeys([*names, "proj_out.weight"], part)}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    whole, parts = (load_checkpoint(path).weights for path in (GOLDEN / "trained", folder))
    assert_same_weights(dict(parts), dict(whole), 0.0)


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"suppress_tokens": [], "alignment_heads": None}, GenerationRules(suppress_tokens=())),
        ({"suppress_tokens": [-1]}, GenerationRules()),
        ({"suppress_tokens": [-1, 7, 9999]}, GenerationRules(suppress_tokens=(7,))),
        ({"num_beams": None, "forced_decoder_ids": [[1, None]]}, GenerationRules()),
        (
            {"max_initial_timestamp_index": None, "is_multilingual": None},
            GenerationRules(max_initial_timestamp_index=None),
        ),
        ({"begin_suppress_tokens": [-1, 7]}, GenerationRules(begin_suppress_tokens=(7,))),
    ],
)
def test_rules_as_trainings_leave_them(
    tmp_path: Path, changes: dict[str, object], rules: GenerationRules
) -> None:
    folder = write_hugging_face(tmp_path, SMALL, 0)
    path = folder / "generation_config.json"
    path.write_text(json.dumps({"max_initial_timestamp_index": 50} | changes))
    assert load_checkpoint(folder).rules == rules


def test_keys_that_are_the_same_in_all_models_may_be_absent(tmp_path: Path) -> None:
    dims = replace(SMALL, n_audio_ctx=1500, n_text_ctx=448)
    folder = write_hugging_face(tmp_path, dims, 0)
    config = config_json(dims)
    for key in ("num_mel_bins", "max_source_positions", "max_target_positions"):
        del config[key]
    for key in ("activation_function", "scale_embedding", "encoder_ffn_dim", "architectures"):
        del config[key]
    (folder / "config.json").write_text(json.dumps(config))
    assert load_checkpoint(folder).dimensions == dims


def test_without_generation_config_the_old_keys_of_config_count(tmp_path: Path) -> None:
    folder = write_hugging_face(tmp_path, SMALL, 0)
    (folder / "generation_config.json").unlink()
    config = config_json(SMALL) | {"suppress_tokens": [5, 6], "begin_suppress_tokens": [7]}
    (folder / "config.json").write_text(json.dumps(config))
    rules = load_checkpoint(folder).rules
    assert (rules.suppress_tokens, rules.begin_suppress_tokens) == ((5, 6), (7,))


def test_heads_of_a_teacher_with_more_layers_are_left_out(tmp_path: Path) -> None:
    folder = write_hugging_face(tmp_path, SMALL, 0)
    for heads, kept in (([[0, 0], [25, 6]], ((0, 0),)), ([[25, 6]], None)):
        generation = {"alignment_heads": heads}
        (folder / "generation_config.json").write_text(json.dumps(generation))
        assert load_checkpoint(folder).rules.alignment_heads == kept


def test_weights_are_read_at_each_access() -> None:
    weights = load_checkpoint(STARTER).weights
    name = "decoder.token_embedding.weight"
    assert weights[name] is not weights[name]
    assert_array_equal(weights[name], weights[name])
    with pytest.raises(KeyError):
        weights["no.such.tensor"]


def test_a_vocabulary_without_the_empty_token(
    tmp_path: Path, official_tokenizers: dict[int, Path]
) -> None:
    dims = ModelDimensions(80, 24, 64, 1, 1, 51865, 16, 64, 1, 1)
    folder = write_hugging_face(tmp_path, dims, 0, tokenizer_files=official_tokenizers[51865])
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    assert vocabulary.pop("") == 50256
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    assert load_checkpoint(folder).tokenizer.decode([50256, 50255]) == "场"
