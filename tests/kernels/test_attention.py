"""The encoder's attention against double precision, in floats and in integers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from max.driver import Buffer
from max.engine import Model
from numpy.typing import NDArray

from sotto.inference.graphs.layers import NO_BYTES
from sotto.kernels.processor import available
from tests.helpers import kernel_graphs
from tests.helpers.kernel_graphs import HEAD, N_HEADS, STATE, loaded

Array = NDArray[np.float32]
HOW = [NO_BYTES, *available()]
LARGEST_ERROR = {NO_BYTES: 2e-5}
"""Of the spread of the values. Bytes: a score of spread 1 is 1 % off, and so are weights."""
LARGEST_ERROR_OF_BYTES = 0.03


@pytest.fixture(scope="module")
def attention() -> Model:
    return loaded(kernel_graphs.attention)


def attend(attention: Model, qkv: Array, how: int, threads: int = 0) -> Array:
    inputs = [qkv, np.array(how, np.int64), np.array(threads, np.int64)]
    (output,) = attention.execute(*(Buffer.from_numpy(array) for array in inputs))
    result: Array = output.to_numpy()
    return result


def reference(qkv: Array) -> NDArray[np.float64]:
    heads = qkv.astype(np.float64).reshape(len(qkv), 3, N_HEADS, HEAD).transpose(1, 2, 0, 3)
    scores = heads[0] @ heads[1].transpose(0, 2, 1)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.asarray((weights @ heads[2]).transpose(1, 0, 2).reshape(len(qkv), STATE))


def random_input(n: int, seed: int) -> Array:
    """Queries, keys and values whose scores have a spread of 1."""
    qkv = np.random.default_rng(seed).standard_normal((n, 3 * STATE)).astype(np.float32)
    qkv[:, :STATE] /= np.sqrt(HEAD)
    return qkv


def assert_close(result: Array, qkv: Array, how: int) -> None:
    assert_near(result, reference(qkv), qkv, how)


def assert_near(result: Array, expected: NDArray[np.float64], qkv: Array, how: int) -> None:
    spread = np.abs(qkv[:, 2 * STATE :]).max()
    error = np.abs(result - expected).max()
    assert error <= LARGEST_ERROR.get(how, LARGEST_ERROR_OF_BYTES) * spread


@settings(max_examples=40)
@given(n=st.integers(1, 420), seed=st.integers(0, 1000))
def test_any_length_gives_the_attention(attention: Model, n: int, seed: int) -> None:
    qkv = random_input(n, seed)
    expected = reference(qkv)
    for how in HOW:
        assert_near(attend(attention, qkv, how), expected, qkv, how)


@pytest.mark.parametrize("how", HOW)
def test_a_whole_window_of_30_s(attention: Model, how: int) -> None:
    qkv = random_input(1500, 1)
    result = attend(attention, qkv, how)
    assert_close(result, qkv, how)
    np.testing.assert_array_equal(attend(attention, qkv, how, threads=1), result)


@pytest.mark.parametrize("how", HOW)
def test_what_all_keys_share_costs_no_precision(attention: Model, how: int) -> None:
    qkv = random_input(300, 2)
    qkv[:, STATE : 2 * STATE] += 20 * np.sign(qkv[0, STATE : 2 * STATE])
    assert_close(attend(attention, qkv, how), qkv, how)


@pytest.mark.parametrize("how", HOW)
def test_one_loud_key_does_not_silence_the_others(attention: Model, how: int) -> None:
    """It outweighs each of the rest by 3,000, and all of them together not by a half."""
    n = 1500
    qkv = np.zeros((n, 3 * STATE), np.float32)
    qkv[:, :STATE] = 1 / 8
    qkv[0, STATE : 2 * STATE] = 1.0
    qkv[:, 2 * STATE :] = 1.0
    qkv[0, 2 * STATE :] = 0.0
    assert_close(attend(attention, qkv, how), qkv, how)
    assert reference(qkv)[0, 0] > 0.3


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("scale", [0.0, 1e-20, 1e3])
def test_inputs_of_any_size_give_finite_means(attention: Model, how: int, scale: float) -> None:
    qkv = random_input(100, 3) * np.float32(scale)
    result = attend(attention, qkv, how)
    values = np.abs(qkv[:, 2 * STATE :]).max()
    assert np.isfinite(result).all()
    assert np.abs(result).max() <= values * 1.001 + 1e-7
