"""The encoder against openai-whisper's."""

from collections.abc import Callable

import numpy as np
import pytest

from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.shapes import SHAPES
from tools.fixtures import model_golden as golden

TOLERANCE = 1e-3


@pytest.mark.parametrize("n_frames", golden.FRAMES)
@pytest.mark.parametrize("name", SHAPES)
def test_hidden_states_are_those_of_openai_whisper(
    model_of: Callable[[str], WhisperModel], name: str, n_frames: int
) -> None:
    model = model_of(name)
    mel = golden.random_mel(n_frames, model.checkpoint.dimensions.n_mels)
    states = model.encode(mel).states.to_numpy()
    expected = np.load(golden.GOLDEN / f"{name}.npz")[f"states_{n_frames}"]
    np.testing.assert_allclose(golden.some(states), expected, rtol=0, atol=TOLERANCE)


def test_hidden_states_of_a_clip_are_those_of_openai_whisper(starter_model: WhisperModel) -> None:
    expected = np.load(golden.GOLDEN / "starter-en.npz")
    mel = expected["mel"]
    states = starter_model.encode(mel).states.to_numpy()
    reference = expected[f"states_{len(mel)}"]
    np.testing.assert_allclose(golden.some(states), reference, rtol=0, atol=TOLERANCE)


def test_a_window_has_a_position_for_two_frames(starter_model: WhisperModel) -> None:
    audio = starter_model.encode(golden.random_mel(22, 80))
    assert audio.n_ctx == 11
    assert audio.states.shape == (11, 256)
    assert audio.keys_values.shape == (2 * 3 * 4, 11, 64)


def test_an_encoded_window_outlives_the_next(starter_model: WhisperModel) -> None:
    first = starter_model.encode(golden.random_mel(200, 80))
    before = first.keys_values.to_numpy().copy()
    starter_model.encode(golden.random_mel(500, 80))
    np.testing.assert_array_equal(first.keys_values.to_numpy(), before)


@pytest.mark.parametrize("n_frames", [18, 21, 3002])
def test_windows_that_the_encoder_cannot_take_are_refused(
    starter_model: WhisperModel, n_frames: int
) -> None:
    with pytest.raises(ValueError, match="even number from 20 to 3000"):
        starter_model.encode(np.zeros((n_frames, 80), np.float32))


def test_mel_of_another_model_is_refused(starter_model: WhisperModel) -> None:
    with pytest.raises(ValueError, match="128 bands, the model takes 80"):
        starter_model.encode(np.zeros((200, 128), np.float32))
