"""OpenAI's own weights in every layout: the same numbers, the same rules, and what they hear."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.search.rules import suppressed_tokens
from sotto.inference.interfaces import Checkpoint
from sotto.inference.model.whisper_model import WhisperModel
from tests.helpers.ctranslate2_folder import variables_of, write_ctranslate2
from tests.helpers.ggml_model import write_ggml_model
from tools.fixtures.clips import human_clips
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import Array, write_hugging_face, write_openai
from tools.word_error import word_errors

Weights = Mapping[str, Array]


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    """The hub's tiny.en, CTranslate2's conversion in float16."""
    return load_checkpoint(official("tiny.en"))


@pytest.fixture(scope="module")
def weights(checkpoint: Checkpoint) -> Weights:
    """All of its tensors as float32."""
    return dict(checkpoint.weights)


def hugging_face(folder: Path, checkpoint: Checkpoint, weights: Weights) -> Path:
    """Write Hugging Face's folder, in float16."""
    return write_hugging_face(folder, checkpoint.dimensions, 0, weights=weights, dtype="float16")


def openai_pt(folder: Path, checkpoint: Checkpoint, weights: Weights) -> Path:
    """Write openai-whisper's file, in float16."""
    return write_openai(folder / "tiny.en.pt", checkpoint.dimensions, 0, weights=weights)


def ggml(folder: Path, checkpoint: Checkpoint, weights: Weights) -> Path:
    """Write whisper.cpp's file, its matrices in f16."""
    return write_ggml_model(folder / "ggml-tiny.en.bin", checkpoint.dimensions, weights)


def ctranslate2(folder: Path, checkpoint: Checkpoint, weights: Weights) -> Path:
    """Write CTranslate2's folder, in float32."""
    tokens = (official("tiny.en") / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return write_ctranslate2(folder, variables_of(weights), tokens)


@pytest.mark.parametrize("write", [hugging_face, openai_pt, ggml, ctranslate2])
def test_the_same_numbers_in_every_layout(
    write: Callable[[Path, Checkpoint, Weights], Path],
    checkpoint: Checkpoint,
    weights: Weights,
    tmp_path: Path,
) -> None:
    """Bit for bit, so that in float32 the tokens are the same, too."""
    path = write(tmp_path, checkpoint, weights)
    read = load_checkpoint(path)
    assert read.dimensions == checkpoint.dimensions
    assert read.weights.keys() == weights.keys()
    for name, value in weights.items():
        assert read.weights[name].tobytes() == value.tobytes(), name
    assert summarise(path).fingerprint == summarise(checkpoint.path).fingerprint
    assert read.tokenizer.encode(" Sotto voce, 3 €") == checkpoint.tokenizer.encode(
        " Sotto voce, 3 €"
    )


@pytest.mark.parametrize("write", [openai_pt, ggml])
def test_the_same_rules_where_the_layout_has_none(
    write: Callable[[Path, Checkpoint, Weights], Path],
    checkpoint: Checkpoint,
    weights: Weights,
    tmp_path: Path,
) -> None:
    read = load_checkpoint(write(tmp_path, checkpoint, weights))
    assert read.rules.suppress_tokens is None
    tokens = [set(suppressed_tokens(each, DecodingOptions())) for each in (read, checkpoint)]
    assert tokens[0] == tokens[1]
    assert read.rules.alignment_heads == checkpoint.rules.alignment_heads


def test_it_hears_what_is_said(checkpoint: Checkpoint) -> None:
    model = WhisperModel.load(checkpoint)
    (clip,) = (clip for clip in human_clips() if clip.name.endswith("jfk.flac"))
    text = transcribe(model, clip.pcm(), TranscribeOptions(temperatures=(0.0,))).text
    assert word_errors([(clip.text, text)]).n_errors == 0
