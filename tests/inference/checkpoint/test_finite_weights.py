"""A model with numbers that are none is refused by the name of the tensor, whatever its layout."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from sotto.errors import CheckpointError
from sotto.inference.caches import packed
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.tensors import is_finite
from sotto.inference.compute_type import ComputeType
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters
from sotto.inference.model.whisper_model import recipe
from tests.helpers.ctranslate2_folder import variables_of, write_ctranslate2
from tests.helpers.ggml_model import write_ggml_model
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import (
    Array,
    dimensions,
    random_weights,
    write_hugging_face,
    write_openai,
)

DIMS = dimensions(64, (1, 1), 51864)
FLOATS = hnp.arrays(np.float32, hnp.array_shapes(), elements=st.floats(width=32))


def hugging_face(folder: Path, weights: dict[str, Array]) -> Path:
    return write_hugging_face(folder, DIMS, 0, weights=weights, dtype="float16")


def openai_pt(folder: Path, weights: dict[str, Array]) -> Path:
    return write_openai(folder / "tiny.en.pt", DIMS, 0, weights=weights)


def ggml(folder: Path, weights: dict[str, Array]) -> Path:
    return write_ggml_model(folder / "ggml-tiny.en.bin", DIMS, weights)


def ctranslate2(folder: Path, weights: dict[str, Array]) -> Path:
    tokens = (official("tiny.en") / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return write_ctranslate2(folder, variables_of(weights), tokens)


@pytest.fixture(scope="module")
def weights() -> dict[str, Array]:
    return random_weights(DIMS, 0)


@pytest.mark.parametrize(
    ("write", "name", "number"),
    [
        (hugging_face, "decoder.token_embedding.weight", np.inf),
        (hugging_face, "encoder.blocks.0.mlp_ln.bias", -np.inf),
        (openai_pt, "encoder.conv1.weight", np.nan),
        (ggml, "decoder.blocks.0.cross_attn.value.weight", np.nan),
        (ctranslate2, "decoder.blocks.0.attn.query.bias", np.nan),
    ],
)
def test_it_is_refused_by_the_name_of_the_tensor(  # noqa: PLR0917 (fixtures)
    write: Callable[[Path, dict[str, Array]], Path],
    name: str,
    number: float,
    weights: dict[str, Array],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOTTO_CACHE_DIR", str(tmp_path / "cache"))
    spoilt = weights[name].copy()
    spoilt.flat[-1] = number
    checkpoint = load_checkpoint(write(tmp_path, {**weights, name: spoilt}))
    parameters = [*encoder_parameters(DIMS), *decoder_parameters(DIMS)]
    with pytest.raises(CheckpointError, match=f"tensor {name} holds numbers that are none"):
        packed.load(recipe(DIMS, ComputeType.FLOAT32), parameters, checkpoint.weights)
    assert not list((tmp_path / "cache").rglob("*.weights"))


@given(FLOATS)
def test_every_number_counts(array: NDArray[np.float32]) -> None:
    assert is_finite(array) is bool(np.isfinite(array).all())


def test_a_sum_that_is_too_large_is_no_fault() -> None:
    assert is_finite(np.full(100, np.finfo(np.float32).max))
