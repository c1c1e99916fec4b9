"""Loading a model, and what is no graph of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from max.driver import Buffer

from sotto.errors import CheckpointError
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.features import log_mel_reference
from sotto.inference.graphs.encoder import POSITIONS
from sotto.inference.graphs.parameters import (
    PANEL,
    decoder_parameters,
    encoder_parameters,
    registry,
)
from sotto.inference.interfaces import Array, Model
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, STARTER, random_weights


class Encoder:
    """Stands in for the compiled graph and remembers how many threads it was given."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    def execute(self, pairs: Buffer, *others: Buffer) -> tuple[Buffer, Buffer]:
        self.threads.append(int(others[-1].to_numpy()))
        return pairs, pairs


def test_the_model_is_what_the_decoder_expects(starter_model: WhisperModel) -> None:
    model: Model = starter_model
    assert model.checkpoint.name == "starter-en"


@pytest.mark.parametrize("n_samples", [160, 1000, 16000])
def test_log_mel_has_a_frame_for_each_hop(starter_model: WhisperModel, n_samples: int) -> None:
    pcm = np.random.default_rng(0).uniform(-0.5, 0.5, n_samples).astype(np.float32)
    raw = starter_model.log_mel(pcm)
    assert raw.shape == (n_samples // 160, 80)
    np.testing.assert_allclose(raw, log_mel_reference(pcm, 80), rtol=0, atol=1e-4)


def test_log_mel_of_chosen_frames(starter_model: WhisperModel) -> None:
    pcm = np.random.default_rng(0).uniform(-0.5, 0.5, 4000).astype(np.float32)
    starts = np.array([-200, 120, 1000], np.int32)
    chosen = starter_model.log_mel(pcm, starts)
    np.testing.assert_array_equal(chosen[:2], starter_model.log_mel(pcm)[[0, 2]])
    assert chosen.shape == (3, 80)


@pytest.mark.parametrize("n_samples", [0, 159])
def test_too_little_sound_has_no_frames(starter_model: WhisperModel, n_samples: int) -> None:
    assert starter_model.log_mel(np.zeros(n_samples, np.float32)).shape == (0, 80)


def test_columns_of_a_weight_lie_in_panels() -> None:
    dims = OFFICIAL_DIMENSIONS["starter-en"]
    weights = random_weights(dims, 3)
    arrays = registry(decoder_parameters(dims), weights)
    embedding = weights["decoder.token_embedding.weight"]
    panels = arrays["decoder.token_embedding.panels"]
    assert panels.shape == (112, 256, PANEL)
    token = 3556
    np.testing.assert_array_equal(panels[token // PANEL, :, token % PANEL], embedding[token])
    assert not panels[-1, :, 3557 % PANEL :].any()


class Unreadable(Mapping[str, Array]):
    """Weights whose file has vanished since it was checked."""

    def __getitem__(self, name: str) -> Array:
        raise CheckpointError(f"{name} cannot be read")

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_a_weight_that_cannot_be_read_is_one_clear_line() -> None:
    checkpoint = replace(load_checkpoint(STARTER), weights=Unreadable())
    with pytest.raises(CheckpointError, match="cannot be read"):
        WhisperModel.load(checkpoint)


def test_a_weight_of_another_type_never_reaches_max() -> None:
    dims = OFFICIAL_DIMENSIONS["starter-en"]
    weights = random_weights(dims, 3)
    name = "encoder.ln_post.weight"
    weights[name] = weights[name].astype(np.float64)
    with pytest.raises(ValueError, match=f"{name} is float64"):
        registry(encoder_parameters(dims), weights)


@pytest.mark.parametrize(
    ("most", "wanted", "given"), [(0, 0, 0), (0, 1, 1), (1, 0, 1), (2, 1, 1), (1, 2, 1)]
)
def test_threads_can_be_limited(
    starter_model: WhisperModel, most: int, wanted: int, given: int
) -> None:
    encoder = Encoder()
    graphs = dict.fromkeys(("log_mel", "encoder", "decoder", "alignment"), encoder)
    weights = {POSITIONS: np.zeros((1500, 256), np.float32)}
    model = WhisperModel(starter_model.checkpoint, cast("Any", graphs), weights, most)
    model.threads = wanted
    model.encode(np.zeros((100, 80), np.float32))
    assert encoder.threads == [given]
