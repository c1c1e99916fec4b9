"""The alignment kernel against its plain form."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from max.driver import Buffer

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.interfaces import Array
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.plain_alignment import plain_looks, plain_starts
from tools.fixtures.random_checkpoint import STARTER

ATOL = 5e-3
"""Of values about 1. Where two tokens look nearly alike, their small difference is inexact."""


class LookingModel(WhisperModel):
    """A model that shows all that the kernel finds."""

    def align(self, scores: Array, n_positions: int, tokens: range) -> tuple[list[int], Array]:
        """Return where tokens start, 0 for those that are not timed, and where all look."""
        extent = np.array([n_positions, tokens.start, tokens.stop], np.int64)
        given = Buffer.from_numpy(scores), Buffer.from_numpy(extent)
        starts, looks = self._alignment.execute(*given)
        return starts.to_numpy().tolist(), looks.to_numpy()


@pytest.fixture(scope="module")
def model() -> LookingModel:
    return LookingModel.load(load_checkpoint(STARTER))


@dataclass(frozen=True)
class Case:
    """Scores, how many of their positions hold sound, and which tokens are timed."""

    scores: Array
    n_positions: int
    tokens: range


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n_heads, n_tokens = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    n_ctx = draw(st.integers(1, 70))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sharpness = draw(st.sampled_from([0.1, 1.0, 5.0]))
    scores = (sharpness * rng.normal(size=(n_heads, n_tokens, n_ctx))).astype(np.float32)
    if draw(st.booleans()):
        scores = scores[:, np.arange(n_tokens) % 2]  # half of them look alike: many ways tie
    first = draw(st.integers(0, n_tokens - 1))
    tokens = range(first, draw(st.integers(first + 1, n_tokens)))
    return Case(np.ascontiguousarray(scores), draw(st.integers(1, n_ctx)), tokens)


@given(case=cases())
def test_any_shape(model: LookingModel, case: Case) -> None:
    n, tokens = case.n_positions, case.tokens
    starts, looks = model.align(case.scores, n, tokens)
    np.testing.assert_allclose(looks[:, :n], plain_looks(case.scores[:, :, :n]), rtol=0, atol=ATOL)
    assert (looks[:, n:] == 0).all()
    of_tokens = slice(tokens.start, tokens.stop)
    assert starts[of_tokens] == plain_starts(looks[of_tokens, :n])
    assert not any(starts[: tokens.start] + starts[tokens.stop :])


@pytest.mark.parametrize(("n_heads", "n_tokens"), [(1, 448), (40, 3)])
def test_a_whole_window(model: LookingModel, n_heads: int, n_tokens: int) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(n_heads, n_tokens, 1500)).astype(np.float32)
    starts, looks = model.align(scores, 1500, range(n_tokens))
    np.testing.assert_allclose(looks, plain_looks(scores), rtol=0, atol=ATOL)
    assert starts == sorted(starts)


def test_a_model_tells_the_starts_alone(model: LookingModel) -> None:
    scores = np.random.default_rng(0).normal(size=(2, 9, 40)).astype(np.float32)
    starts, _ = model.align(scores, 30, range(2, 8))
    assert model.token_starts(scores, range(2, 8), 30) == starts[2:8]


def test_one_position(model: LookingModel) -> None:
    starts, looks = model.align(np.ones((2, 3, 4), np.float32), 1, range(1, 3))
    assert starts == [0, 0, 0]
    assert not looks.any()


def test_tokens_that_look_alike(model: LookingModel) -> None:
    """Nothing says where they begin: all ways tie, and the last token takes the whole row."""
    starts, looks = model.align(np.zeros((2, 4, 8), np.float32), 8, range(4))
    assert starts == plain_starts(np.zeros((4, 8), np.float32))
    assert not looks.any()


@pytest.mark.parametrize(
    ("n_positions", "tokens"), [(0, range(3)), (5, range(3)), (4, range(2, 4)), (4, range(0))]
)
def test_what_is_not_there(model: LookingModel, n_positions: int, tokens: range) -> None:
    with pytest.raises(ValueError, match="alignment: positions or tokens that there are not"):
        model.align(np.ones((1, 3, 4), np.float32), n_positions, tokens)
