"""Graphs of single kernels, compiled once for a machine and the sources that they are made of."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from max.driver import CPU
from max.dtype import DType
from max.engine import InferenceSession, Model
from max.graph import Graph, TensorType, TensorValue

from sotto.inference.caches import compiled
from sotto.inference.graphs.encoder import N_ENTRIES
from sotto.inference.graphs.layers import DEVICE, SCALAR, custom, integer
from sotto.inference.graphs.parameters import PANEL
from sotto.inference.idle_threads import drowsy_threads
from sotto.kernels.library import kernel_library

ROOT = Path(__file__).parents[2]
HEAD, N_HEADS = 64, 2
STATE = N_HEADS * HEAD
GROUP = 4


def loaded(builder: Callable[[int], Graph]) -> Model:
    """Compile what a function of this module builds, unless that was done before.

    Changed kernels are compiled anew, and so is a changed builder: the digest of this file is
    among its arguments, and does nothing there.
    """
    name = builder.__name__
    digest = int.from_bytes(hashlib.sha256(Path(__file__).read_bytes()).digest()[:4])
    recipe = compiled.Recipe(f"test_of_{name}", f"{__name__}:{name}", (digest,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)  # for the compiler's process
        graphs = compiled.load(recipe)
    with drowsy_threads():
        return InferenceSession(devices=[CPU()]).init(graphs)


def attention(_digest: int) -> Graph:
    """The encoder's attention, of queries, keys and values in a row, within a window."""

    def forward(*operands: TensorValue) -> TensorValue:
        return custom("sotto_self_attention", operands, [operands[0].shape[0], STATE])

    window = TensorType(DType.int64, [N_ENTRIES], DEVICE)
    return _graph("attention", forward, _floats("n", 3 * STATE), window, *[SCALAR] * 3)


def product(_digest: int) -> Graph:
    """A product of rows by a matrix of bytes."""

    def forward(*operands: TensorValue) -> TensorValue:
        *tensors, addend, gelu, instructions, threads = operands
        scalars = [integer(1), integer(1), gelu, instructions, threads]
        return custom("sotto_quantised_linear", [*tensors, addend, *scalars], addend.shape)

    rows, sums = _floats("n_rows", "n_in"), _floats("n_rows", "n_out")
    scalars = [SCALAR] * 3
    return _graph("product", forward, rows, *_norm(), *_matrix(), sums, *scalars)


def perceptron(_digest: int) -> Graph:
    """Two such products with GELU between them."""

    def forward(x: TensorValue, *operands: TensorValue) -> TensorValue:
        return custom("sotto_quantised_mlp", [x, *operands], x.shape)

    rows = _floats("n_rows", "n_in")
    matrices = *_matrix("_up"), *_matrix("_down")
    return _graph("perceptron", forward, rows, *_norm(), *matrices, SCALAR, SCALAR)


def _graph(name: str, forward: Callable[..., TensorValue], *types: TensorType) -> Graph:
    return Graph(name, forward=forward, input_types=types, kernel_library=kernel_library())


def _floats(*shape: str | int) -> TensorType:
    return TensorType(DType.float32, shape, DEVICE)


def _norm() -> tuple[TensorType, TensorType]:
    """The types of gain and bias."""
    return _floats("n_norm"), _floats("n_norm")


def _matrix(suffix: str = "") -> list[TensorType]:
    """The types of panels, scales, corrections and bias."""
    columns = f"n_padded{suffix}"
    panels = [f"n_panels{suffix}", f"n_groups{suffix}", PANEL, GROUP]
    return [
        TensorType(DType.int8, panels, DEVICE),
        _floats(columns),
        TensorType(DType.int32, [columns], DEVICE),
        _floats(columns),
    ]
