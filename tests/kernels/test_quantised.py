"""The byte kernels against double precision, by every instruction set that this processor has."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from max.driver import Buffer
from max.engine import Model
from numpy.typing import NDArray

from sotto.inference.graphs.parameters import PANEL
from sotto.kernels.processor import Instructions, available
from tests.helpers import kernel_graphs
from tests.helpers.examples import examples
from tests.helpers.kernel_graphs import GROUP, loaded

Array = NDArray[np.float32]
OFFSET = 128


@dataclass(frozen=True)
class Matrix:
    """A matrix (n_out, n_in) of bytes, with a scale a row, and as the kernel takes it."""

    weights: NDArray[np.int8]
    scales: Array
    bias: Array

    def operands(self) -> list[NDArray[np.generic]]:
        n_out, n_in = self.weights.shape
        padding = -n_out % PANEL
        rows = np.pad(self.weights, ((0, padding), (0, 0)))
        panels = rows.reshape(-1, PANEL, n_in // GROUP, GROUP).transpose(0, 2, 1, 3)
        corrections = OFFSET * rows.sum(axis=1, dtype=np.int32)
        vectors = (np.pad(vector, (0, padding)) for vector in (self.scales, self.bias))
        scales, bias = vectors
        return [np.ascontiguousarray(panels), scales, corrections.astype(np.int32), bias]


def reference(x: Array, matrix: Matrix) -> NDArray[np.float64]:
    """The product in double precision, of rows that are quantised as the kernel says it does."""
    worth = np.maximum(np.abs(x).max(axis=1, keepdims=True), np.float32(1e-8))
    steps = np.rint(x * (np.float32(127) / worth)).astype(np.float64)
    sums = steps @ matrix.weights.T.astype(np.float64)
    return np.asarray(sums * (worth.astype(np.float64) / 127) * matrix.scales + matrix.bias)


@pytest.fixture(scope="module")
def product() -> Model:
    return loaded(kernel_graphs.product)


@pytest.fixture(scope="module")
def perceptron() -> Model:
    return loaded(kernel_graphs.perceptron)


NO_NORM = (np.zeros(0, np.float32), np.zeros(0, np.float32))


def multiply(
    product: Model,
    x: Array,
    matrix: Matrix,
    addend: Array,
    instructions: Instructions,
    *,
    norm: tuple[Array, Array] = NO_NORM,
    gelu: bool = False,
    threads: int = 0,
) -> Array:
    scalars = numbers(gelu, instructions, threads)
    return run(product, x, *norm, *matrix.operands(), addend, *scalars)


def numbers(*values: int) -> list[NDArray[np.int64]]:
    return [np.array(value, np.int64) for value in values]


def run(model: Model, *arrays: NDArray[Any]) -> Array:
    (output,) = model.execute(*(Buffer.from_numpy(array) for array in arrays))
    result: Array = output.to_numpy()
    return result


def random_matrix(rng: np.random.Generator, n_out: int, n_in: int) -> Matrix:
    weights = rng.integers(-127, 128, (n_out, n_in)).astype(np.int8)
    scales = rng.uniform(1e-4, 1e-2, n_out).astype(np.float32)
    return Matrix(weights, scales, rng.standard_normal(n_out).astype(np.float32))


@pytest.fixture(params=available(), ids=lambda each: each.name)
def instructions(request: pytest.FixtureRequest) -> Instructions:
    chosen: Instructions = request.param
    return chosen


@settings(max_examples=examples(60))
@given(
    n_rows=st.integers(1, 70),
    n_in=st.integers(1, 24).map(lambda groups: 16 * groups),
    n_out=st.integers(1, 100),
    seed=st.integers(0, 1000),
)
def test_any_size_gives_the_product(
    product: Model, n_rows: int, n_in: int, n_out: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    matrix = random_matrix(rng, n_out, n_in)
    x = rng.standard_normal((n_rows, n_in)).astype(np.float32)
    addend = rng.standard_normal((n_rows, n_out)).astype(np.float32)
    expected = reference(x, matrix) + addend
    for each in available():
        result = multiply(product, x, matrix, addend, each)
        np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("n_rows", [1, 3, 12, 13, 48, 97, 500])
def test_rows_and_panels_are_shared_out_among_threads(
    product: Model, instructions: Instructions, n_rows: int
) -> None:
    rng = np.random.default_rng(n_rows)
    matrix = random_matrix(rng, 1000, 384)
    x = rng.standard_normal((n_rows, 384)).astype(np.float32)
    nothing = np.zeros((n_rows, 1000), np.float32)
    result = multiply(product, x, matrix, nothing, instructions)
    np.testing.assert_allclose(result, reference(x, matrix), rtol=1e-4, atol=1e-3)
    alone = multiply(product, x, matrix, nothing, instructions, threads=1)
    np.testing.assert_array_equal(alone, result)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_bytes_do_not_saturate(
    product: Model, instructions: Instructions, sign: int
) -> None:
    n_in = 4096
    weights = np.full((32, n_in), sign * 127, np.int8)
    matrix = Matrix(weights, np.ones(32, np.float32), np.zeros(32, np.float32))
    x = np.full((12, n_in), 1.0, np.float32)
    result = multiply(product, x, matrix, np.zeros((12, 32), np.float32), instructions)
    np.testing.assert_allclose(result, sign * 127.0 * n_in, rtol=1e-6)


@pytest.mark.parametrize("scale", [0.0, 1e-30, 1e30])
def test_rows_of_any_size_of_value_are_finite(
    product: Model, instructions: Instructions, scale: float
) -> None:
    rng = np.random.default_rng(0)
    matrix = random_matrix(rng, 40, 64)
    x = (rng.standard_normal((5, 64)) * scale).astype(np.float32)
    result = multiply(product, x, matrix, np.zeros((5, 40), np.float32), instructions)
    assert np.isfinite(result).all()
    if scale < 1e-8:
        np.testing.assert_allclose(result, np.tile(matrix.bias, (5, 1)), atol=1e-6)


def test_a_loud_row_leaves_the_quiet_ones_their_precision(
    product: Model, instructions: Instructions
) -> None:
    rng = np.random.default_rng(1)
    matrix = random_matrix(rng, 64, 128)
    x = rng.standard_normal((24, 128)).astype(np.float32) * np.float32(1e-3)
    x[7] *= 1e6
    result = multiply(product, x, matrix, np.zeros((24, 64), np.float32), instructions)
    np.testing.assert_allclose(result, reference(x, matrix), rtol=1e-4, atol=1e-4)


def test_gelu_comes_before_the_addend(product: Model, instructions: Instructions) -> None:
    rng = np.random.default_rng(2)
    matrix = random_matrix(rng, 33, 32)
    x = rng.standard_normal((4, 32)).astype(np.float32)
    addend = np.full((4, 33), 10.0, np.float32)
    result = multiply(product, x, matrix, addend, instructions, gelu=True)
    assert result.min() >= 10.0 - 0.17 - 1e-4  # GELU is never below -0.17
    plain = multiply(product, x, matrix, np.zeros((4, 33), np.float32), instructions)
    large = plain > 5.0  # where GELU changes nothing
    np.testing.assert_allclose(result[large] - 10.0, plain[large], rtol=1e-4)
    assert large.any()


def test_every_instruction_set_gives_the_same_bits(product: Model) -> None:
    rng = np.random.default_rng(3)
    matrix = random_matrix(rng, 100, 240)
    x = rng.standard_normal((29, 240)).astype(np.float32)
    addend = np.zeros((29, 100), np.float32)
    # AMX may be asked for anywhere: where the system refuses it, another set does its work.
    asked = (*available(), Instructions.AMX)
    results = [multiply(product, x, matrix, addend, each) for each in asked]
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


def normalised(x: Array, gain: Array, bias: Array) -> Array:
    """Layer normalisation in double precision, rounded to what the products take."""
    deviations = x - x.mean(axis=1, keepdims=True, dtype=np.float64)
    scale = 1 / np.sqrt((deviations**2).mean(axis=1, keepdims=True) + 1e-5)
    return np.asarray(deviations * scale * gain + bias, np.float32)


def close(result: Array, expected: NDArray[np.float64]) -> None:
    """A value on the edge between two bytes may fall to either side: allow a few such steps."""
    spread = expected.std()
    assert np.abs(result - expected).max() < 0.02 * spread
    assert np.sqrt(np.mean((result - expected) ** 2)) < 1e-3 * spread


@pytest.mark.parametrize("n_rows", [1, 5, 12, 61, 300])
def test_rows_are_normalised_on_their_way_in(
    product: Model, instructions: Instructions, n_rows: int
) -> None:
    rng = np.random.default_rng(n_rows)
    matrix = random_matrix(rng, 96, 128)
    x = 3 + 2 * rng.standard_normal((n_rows, 128)).astype(np.float32)
    gain, bias = rng.standard_normal((2, 128)).astype(np.float32)
    nothing = np.zeros((n_rows, 96), np.float32)
    result = multiply(product, x, matrix, nothing, instructions, norm=(gain, bias))
    close(result, reference(normalised(x, gain, bias), matrix))


def gelu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))))


@pytest.mark.parametrize("n_rows", [1, 12, 47, 48, 50, 213])
def test_a_perceptron_is_norm_product_gelu_product_and_sum(
    perceptron: Model, instructions: Instructions, n_rows: int
) -> None:
    rng = np.random.default_rng(n_rows)
    up, down = random_matrix(rng, 256, 64), random_matrix(rng, 64, 256)
    x = rng.standard_normal((n_rows, 64)).astype(np.float32)
    gain, bias = rng.standard_normal((2, 64)).astype(np.float32)
    operands = [*up.operands(), *down.operands(), *numbers(instructions, 0)]
    result = run(perceptron, x, gain, bias, *operands)
    hidden = gelu(reference(normalised(x, gain, bias), up)).astype(np.float32)
    close(result - x, reference(hidden, down))


def test_a_perceptron_gives_the_same_bits_by_every_instruction_set_and_number_of_threads(
    perceptron: Model,
) -> None:
    rng = np.random.default_rng(5)
    up, down = random_matrix(rng, 1536, 384), random_matrix(rng, 384, 1536)
    x, norm = rng.standard_normal((100, 384)), rng.standard_normal((2, 384))
    arrays = [x.astype(np.float32), *norm.astype(np.float32), *up.operands(), *down.operands()]
    results = [
        run(perceptron, *arrays, *numbers(each, threads))
        for each in available()
        for threads in (0, 1)
    ]
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])
