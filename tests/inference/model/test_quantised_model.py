"""Models with byte weights beside the same ones with floats: words of people by tiny.en."""

from collections.abc import Callable

import numpy as np
import pytest

from sotto.errors import UsageError
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.graphs.parameters import PANELS, decoder_parameters, registry
from sotto.inference.graphs.quantised import INPUTS, NORM, VOCABULARY, quantise
from sotto.inference.interfaces import Array
from sotto.inference.model import whisper_model as models
from sotto.inference.model.whisper_model import WhisperModel, recipe
from sotto.kernels.processor import Instructions, available
from tools.fixtures.clips import human_clips
from tools.fixtures.official import Official, official
from tools.fixtures.random_checkpoint import STARTER
from tools.word_error import word_errors

OPTIONS = TranscribeOptions(temperatures=(0.0,))


@pytest.fixture(scope="module")
def quantised_model() -> WhisperModel:
    return WhisperModel.load(load_checkpoint(STARTER), compute_type=ComputeType.INT8)


def test_weights_are_within_half_a_step() -> None:
    checkpoint = load_checkpoint(STARTER)
    parameters = decoder_parameters(checkpoint.dimensions)
    floats = registry(parameters, checkpoint.weights)
    bytes_ = registry(quantise(parameters), checkpoint.weights)
    matrices = [name.removesuffix(PANELS) for name in floats if name.endswith(PANELS)]
    assert matrices
    for name in matrices:
        panels = floats[f"{name}{PANELS}"]
        steps = bytes_[f"{name}.scales"].reshape(len(panels), 1, -1)
        whole = bytes_[f"{name}{PANELS}"].transpose(0, 1, 3, 2).reshape(panels.shape)
        inputs = bytes_.get(f"{name}{INPUTS}", np.ones(panels.shape[1], np.float32))
        steps = steps * inputs[:, np.newaxis]
        assert (np.abs(whole * steps - panels) <= 0.5 * steps * (1 + 1e-4)).all()
        sums = whole.astype(np.int32).sum(axis=1).reshape(-1)
        np.testing.assert_array_equal(bytes_[f"{name}.corrections"], 128 * sums)
    assert not any(name.endswith(".scales") for name in floats)


def test_vocabulary_is_balanced_against_the_norm_before_it() -> None:
    """What the one is multiplied by, the other is divided by, and both get more alike."""
    checkpoint = load_checkpoint(STARTER)
    parameters = decoder_parameters(checkpoint.dimensions)
    floats = registry(parameters, checkpoint.weights)
    bytes_ = registry(quantise(parameters), checkpoint.weights)
    inputs = bytes_[f"{VOCABULARY}{INPUTS}"]
    for name in (f"{NORM}.weight", f"{NORM}.bias"):
        np.testing.assert_allclose(bytes_[name], floats[name] * inputs, rtol=1e-6)
    assert np.log(inputs).mean() == pytest.approx(0, abs=1e-5)
    gain = np.abs(floats[f"{NORM}.weight"])
    assert np.log(gain * inputs).std() < np.log(gain).std()


def logits(model: WhisperModel, mel: Array) -> Array:
    tokenizer = model.checkpoint.tokenizer
    tokens = [tokenizer.sot, tokenizer.no_timestamps, *tokenizer.encode(" The train leaves")]
    return model.decode(tokens, model.new_cache(), model.encode(mel), rows=range(len(tokens)))


def test_logits_are_close_to_those_of_floats(
    quantised_model: WhisperModel, starter_model: WhisperModel
) -> None:
    mel = np.random.default_rng(0).standard_normal((300, 80)).astype(np.float32)
    exact, close = logits(starter_model, mel), logits(quantised_model, mel)
    assert 0 < np.abs(close - exact).std() < 0.05 * exact.std()


def test_it_hears_as_well_as_with_floats(
    official_model: Callable[[Official], WhisperModel],
) -> None:
    checkpoint = load_checkpoint(official("tiny.en"))
    quantised = WhisperModel.load(checkpoint, compute_type=ComputeType.INT8)
    clips = human_clips()[::3]
    errors = [
        word_errors((clip.text, transcribe(model, clip.pcm(), OPTIONS).text) for clip in clips)
        for model in (official_model("tiny.en"), quantised)
    ]
    assert errors[0].rate < 0.05
    assert errors[1].n_errors <= errors[0].n_errors + 1  # a lucky or unlucky word


@pytest.mark.parametrize("forced", available(), ids=lambda each: each.name)
def test_an_instruction_set_can_be_forced(
    monkeypatch: pytest.MonkeyPatch, forced: Instructions
) -> None:
    monkeypatch.setenv("SOTTO_INT8", forced.name.lower())
    dims = load_checkpoint(STARTER).dimensions
    assert recipe(dims, ComputeType.INT8).arguments[0] == forced


def test_a_processor_without_the_instructions_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "fastest", lambda: None)
    dims = load_checkpoint(STARTER).dimensions
    with pytest.raises(UsageError, match="AVX2"):
        recipe(dims, ComputeType.INT8)
