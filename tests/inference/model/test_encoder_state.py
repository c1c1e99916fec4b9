"""A window that is encoded a piece at a time is as one that is encoded as a whole."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.inference.compute_type import ComputeType
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.examples import examples
from tests.helpers.shapes import SHAPES
from tools.fixtures import model_golden as golden

Piece = tuple[int, int]
N_CTX = 200


@pytest.fixture(scope="module", params=ComputeType)
def model(request: pytest.FixtureRequest, starter_model: WhisperModel) -> WhisperModel:
    if request.param is ComputeType.FLOAT32:
        return starter_model
    return WhisperModel.load(starter_model.checkpoint, compute_type=ComputeType.INT8)


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    """Return pieces of a window that is there already."""
    firsts = draw(st.lists(st.integers(0, N_CTX - 1), min_size=1, max_size=4))
    return [(first, draw(st.integers(first + 1, N_CTX))) for first in firsts]


@settings(max_examples=examples(10))
@given(pieces=pieces())
def test_a_piece_of_the_same_sound_changes_nothing(
    model: WhisperModel, pieces: list[Piece]
) -> None:
    mel = golden.random_mel(2 * N_CTX, 80)
    whole, window = model.encode(mel), model.new_window()
    for first, end in [(0, N_CTX), *pieces]:
        audio = model.encode_into(window, mel, first, end)
        assert audio.n_ctx == window.n_ctx == N_CTX
        for name in ("states", "keys_values"):
            ours, theirs = (getattr(each, name).to_numpy() for each in (audio, whole))
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", SHAPES)
def test_pieces_of_another_sound_are_heard(
    model_of: Callable[[str], WhisperModel], name: str
) -> None:
    """Where all positions are encoded again and again, what is left is that of the new sound."""
    model = model_of(name)
    n_mels = model.checkpoint.dimensions.n_mels
    before, after = golden.random_mel(100, n_mels), golden.random_mel(140, n_mels)
    window = model.new_window()
    model.encode_into(window, before, 0, 50)
    model.encode_into(window, after, 50, 70)  # the window grows
    for _ in range(12):
        for first in range(0, 70, 35):
            audio = model.encode_into(window, after, first, first + 35)
    whole = model.encode(after).states.to_numpy()
    assert np.abs(audio.states.to_numpy() - whole).max() < 0.01 * np.abs(whole).max()


@pytest.mark.parametrize("piece", [(5, 5), (-1, 10), (0, 60), (12, 50), (0, 30)])
def test_a_window_never_has_a_position_that_was_not_encoded(
    starter_model: WhisperModel, piece: Piece
) -> None:
    window = starter_model.new_window()
    starter_model.encode_into(window, golden.random_mel(20, 80), 0, 10)
    with pytest.raises(ValueError, match="10 are there"):
        starter_model.encode_into(window, golden.random_mel(100, 80), *piece)
    assert window.n_ctx == 10


def test_a_window_shrinks(starter_model: WhisperModel) -> None:
    window = starter_model.new_window()
    starter_model.encode_into(window, golden.random_mel(100, 80), 0, 50)
    assert starter_model.encode_into(window, golden.random_mel(60, 80), 0, 10).n_ctx == 30


@pytest.mark.parametrize("name", SHAPES)
def test_a_window_of_another_model_is_refused(
    model_of: Callable[[str], WhisperModel], starter_model: WhisperModel, name: str
) -> None:
    window = model_of(name).new_window()
    with pytest.raises(TypeError, match="from the model"):
        starter_model.encode_into(window, golden.random_mel(20, 80), 0, 10)
