"""The encoder's attention against double precision, in floats and in integers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from max.driver import Buffer
from max.engine import Model
from numpy.typing import NDArray

from sotto.inference.graphs.layers import NO_BYTES
from sotto.inference.model.decoder_state import address_of
from sotto.kernels.processor import available
from tests.helpers import kernel_graphs
from tests.helpers.examples import examples
from tests.helpers.kernel_graphs import HEAD, N_HEADS, STATE, loaded

Array = NDArray[np.float32]
HOW = [NO_BYTES, *available()]
LARGEST_ERROR = {NO_BYTES: 2e-5}
"""Of the spread of the values. Bytes: a score of spread 1 is 1 % off, and so are weights."""
LARGEST_ERROR_OF_BYTES = 0.03


@pytest.fixture(scope="module")
def attention() -> Model:
    return loaded(kernel_graphs.attention)


class Memory:
    """Keys and values of two layers of a window."""

    def __init__(self, n_ctx: int) -> None:
        self.rows = np.full((2, n_ctx, 2 * STATE), np.nan, np.float32)

    def entries(self, n_ctx: int, first: int, skipped: int, count: int) -> NDArray[np.int64]:
        per_layer = self.rows.shape[1]
        return np.array([address_of(self.rows), per_layer, n_ctx, first, skipped, count])


def attend(attention: Model, qkv: Array, how: int, threads: int = 0) -> Array:
    """Attend within the rows."""
    n = len(qkv)
    memory = Memory(n)
    return attend_in(attention, qkv, memory.entries(n, 0, 0, n), how, threads=threads)


def attend_in(
    attention: Model,
    qkv: Array,
    entries: NDArray[np.int64],
    how: int,
    *,
    threads: int = 0,
    layer: int = 0,
) -> Array:
    numbers = [np.array(number, np.int64) for number in (layer, how, threads)]
    inputs = [Buffer.from_numpy(array) for array in (qkv, entries, *numbers)]
    (output,) = attention.execute(*inputs)
    result: Array = output.to_numpy()
    return result


def reference(qkv: Array, keys_values: Array | None = None) -> NDArray[np.float64]:
    """Attend from rows to others, by default to themselves."""
    keys_values = qkv[:, STATE:] if keys_values is None else keys_values
    queries = _heads(qkv[:, :STATE])
    scores = queries @ _heads(keys_values[:, :STATE]).transpose(0, 2, 1)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    attended = weights @ _heads(keys_values[:, STATE:])
    return np.asarray(attended.transpose(1, 0, 2).reshape(len(qkv), STATE))


def _heads(rows: Array) -> NDArray[np.float64]:
    return rows.astype(np.float64).reshape(len(rows), N_HEADS, HEAD).transpose(1, 0, 2)


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


@settings(max_examples=examples(40))
@given(n=st.integers(1, 420), seed=st.integers(0, 1000))
def test_any_length_gives_the_attention(attention: Model, n: int, seed: int) -> None:
    qkv = random_input(n, seed)
    expected = reference(qkv)
    for how in HOW:
        assert_near(attend(attention, qkv, how), expected, qkv, how)


@st.composite
def pieces(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Return n_ctx, first, skipped and count of some rows of a window."""
    n_ctx = draw(st.integers(1, 300))
    first = draw(st.integers(0, n_ctx - 1))
    return n_ctx, first, draw(st.integers(0, 2)), draw(st.integers(1, n_ctx - first))


@settings(max_examples=examples(40))
@given(piece=pieces(), n_after=st.integers(0, 2), layer=st.integers(0, 1), seed=st.integers(0, 99))
def test_rows_attend_to_their_window_and_enter_it(
    attention: Model, piece: tuple[int, int, int, int], n_after: int, layer: int, seed: int
) -> None:
    n_ctx, first, skipped, count = piece
    qkv = random_input(skipped + count + n_after, seed)
    others = random_input(n_ctx, seed + 100)[:, STATE:]
    expected = others.copy()
    expected[first : first + count] = qkv[skipped : skipped + count, STATE:]
    for how in HOW:
        memory = Memory(300)
        memory.rows[layer, :n_ctx] = others
        result = attend_in(attention, qkv, memory.entries(*piece), how, layer=layer)
        np.testing.assert_array_equal(memory.rows[layer, :n_ctx], expected)
        assert np.isnan(memory.rows[1 - layer]).all()
        assert np.isnan(memory.rows[layer, n_ctx:]).all()
        error = np.abs(result - reference(qkv, expected)).max()
        largest = LARGEST_ERROR.get(how, LARGEST_ERROR_OF_BYTES)
        assert error <= largest * np.abs(expected[:, STATE:]).max()


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
