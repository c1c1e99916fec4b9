"""Graphs of MAX's own operations: on the CPU beside Sotto's kernels, for a GPU built alone.

MAX compiles its products anew for each shape, which takes minutes: those tests are slow.
"""

import re
import subprocess
import sys

import numpy as np
import pytest
from max.driver import CPU, Buffer
from max.dtype import DType
from max.engine import InferenceSession
from max.graph import DeviceRef

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.graphs.nvidia import to_bfloat16, unpacked
from sotto.inference.graphs.parameters import decoder_parameters, encoder_parameters, registry
from sotto.inference.interfaces import Array, Checkpoint, GenerationRules
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.stock_graphs import SMALL, StockModel, stock_module
from tools.fixtures import model_golden as golden
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, STARTER, random_weights

LARGEST_ERROR = {DType.float32: 1e-4, DType.bfloat16: 0.15}
"""Of the spread of the values; bfloat16 has 8 bits."""


@pytest.mark.engine
@pytest.mark.parametrize("name", ["base.en", "large-v3-turbo"])
def test_graphs_are_built_for_a_gpu(name: str) -> None:
    """MAX checks the types, shapes and devices of all operands meanwhile."""
    module = stock_module(OFFICIAL_DIMENSIONS[name], DeviceRef.GPU(), DType.bfloat16)
    text = str(module.mlir_module)
    products = re.findall(r"matmul.*", text)
    assert products
    assert all("bf16, gpu:0" in product for product in products)
    assert "sotto_" not in text


def test_matrices_are_those_of_the_checkpoint() -> None:
    weights = random_weights(SMALL, golden.SEED)
    name = "decoder.token_embedding.weight"
    (rows,) = (p for p in unpacked(decoder_parameters(SMALL), DType.float32) if p.name == name)
    made = registry([rows], weights)[name]
    assert made.shape == (128, 128)
    np.testing.assert_array_equal(made[: SMALL.n_vocab], weights[name])
    assert not made[SMALL.n_vocab :].any()


def test_bfloat16_is_the_nearest() -> None:
    floats = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    back = (to_bfloat16(floats).astype(np.uint32) << 16).view(np.float32)
    _, exponents = np.frexp(floats)
    assert (np.abs(back - floats) <= np.ldexp(1.0, exponents - 9)).all()
    ties = np.array([1 + 2**-8, 1 + 3 * 2**-8], np.float32)
    assert to_bfloat16(ties).tolist() == [0x3F80, 0x3F82]


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    starter = load_checkpoint(STARTER)
    return Checkpoint(
        name="small",
        path=starter.path,
        dimensions=SMALL,
        weights=random_weights(SMALL, golden.SEED),
        tokenizer=starter.tokenizer,
        rules=GenerationRules(),
        native_short_window=False,
    )


def stock_model(checkpoint: Checkpoint, dtype: DType) -> StockModel:
    """Return the model on the CPU, without what is not of MAX's ops: other graphs stand there."""
    parameters = [*encoder_parameters(SMALL), *decoder_parameters(SMALL)]
    weights = registry(unpacked(parameters, dtype), checkpoint.weights)
    session = InferenceSession(devices=[CPU()])
    graphs = session.compile(stock_module(SMALL, DeviceRef.CPU(), dtype))
    executables = session.init_all(graphs, weights_registry=weights)
    others = dict.fromkeys(("log_mel", "alignment"), executables["encoder"])
    return StockModel(checkpoint, {**executables, **others}, weights)


def results(model: WhisperModel) -> dict[str, Array]:
    """Return what comes of a prompt, two steps, and four tokens at once."""
    tokens = [int(token) for token in golden.random_tokens(SMALL.n_vocab)]
    audio, logits = model.encode(golden.random_mel(200, SMALL.n_mels)), []
    traced, untraced = model.new_cache(traced=True), model.new_cache()
    for count in (5, 1, 1, 4):
        chunk = tokens[traced.length : traced.length + count]
        logits.append(model.decode(chunk, traced, audio, rows=range(count)[::-1]))
    return {
        "states": audio.states.to_numpy(),
        "keys and values": floats(audio.keys_values),
        "logits": np.concatenate(logits),
        "scores": traced.scores,
        "untraced": model.decode(tokens, untraced, audio),
    }


def floats(buffer: Buffer) -> Array:
    if buffer.dtype is not DType.bfloat16:
        return np.asarray(buffer.to_numpy(), np.float32)
    bits = np.asarray(buffer.view(DType.uint16).to_numpy(), np.uint32)
    return (bits << 16).view(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", LARGEST_ERROR, ids=str)
def test_they_compute_what_our_kernels_do(checkpoint: Checkpoint, dtype: DType) -> None:
    expected = results(WhisperModel.load(checkpoint))
    for name, array in results(stock_model(checkpoint, dtype)).items():
        error = np.abs(array - expected[name]).max() / expected[name].std()
        assert error < LARGEST_ERROR[dtype], name


@pytest.mark.slow
def test_compiles_for_a_gpu() -> None:
    """There is none here: MAX compiles for one that it is told of."""
    command = [sys.executable, "-m", "tests.helpers.compile_whisper_for_gpu"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.match(r"[1-9]\d* kernels for sm_90a", done.stdout)
