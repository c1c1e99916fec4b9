"""One seeded random model of an official shape, in the format of every program."""

import json
import subprocess
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.vocabulary import bundled_ranks
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.features import mel_filters
from sotto.inference.tokenizer import Tokenizer
from tools.fixtures.official_tokenizer import MULTILINGUAL, write_official_tokenizer
from tools.fixtures.random_checkpoint import (
    OFFICIAL_DIMENSIONS,
    Array,
    random_weights,
    write_hugging_face,
    write_openai,
)
from tools.peers.ggml import Content, write_ggml
from tools.peers.process import REPOSITORY

# Logits of end-of-text and timestamps then lie near zero, far below the best of the others: no
# text ends before the count that is asked for, and no window is cut at a timestamp.
NEVER_CHOSEN = np.float32(0.1)


@dataclass(frozen=True, slots=True)
class RandomModel:
    """Weights of one shape and the folder for its files. Formats are written when asked for."""

    shape: str
    folder: Path
    weights: dict[str, Array]
    hugging_face: Path
    tokenizer: Tokenizer

    @property
    def dims(self) -> ModelDimensions:
        """The shape's numbers."""
        return OFFICIAL_DIMENSIONS[self.shape]

    @property
    def prompt(self) -> tuple[int, ...]:
        """Tokens before the text: English, transcribed, without timestamps."""
        sot_sequence = self.tokenizer.sot_sequence("en", "transcribe")
        return (*sot_sequence, self.tokenizer.no_timestamps)


def make(shape: str, folder: Path, seed: int) -> RandomModel:
    """Draw the weights of an official shape and write what Sotto reads."""
    dims = OFFICIAL_DIMENSIONS[shape]
    weights = random_weights(dims, seed)
    end_of_text = len(bundled_ranks(_ranks_name(dims)))
    weights["decoder.token_embedding.weight"][end_of_text:] *= NEVER_CHOSEN
    path = write_hugging_face(folder / "hugging-face", dims, seed, weights=weights)
    return RandomModel(shape, folder, weights, path, load_checkpoint(path).tokenizer)


def openai_pt(model: RandomModel) -> Path:
    """Write openai-whisper's file, in float32."""
    path = model.folder / "openai.pt"
    write_openai(path, model.dims, 0, weights=model.weights, dtype="float32")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("archive/version", "3\n")  # torch itself wants it
    return path


def ggml_q8_0(model: RandomModel) -> Path:
    """Write whisper.cpp's file, its matrices as q8_0."""
    ranks = bundled_ranks(_ranks_name(model.dims))
    path = model.folder / "ggml-q8_0.bin"
    tokens = sorted(ranks, key=ranks.__getitem__)
    filters = mel_filters(model.dims.n_mels)
    write_ggml(path, Content(model.dims, model.weights, filters, tokens), "q8_0")
    return path


def ctranslate2_folder(model: RandomModel, python: str) -> Path:
    """Let CTranslate2 write its folders `int8` and `float32`; return where they are."""
    folder = model.folder / "ctranslate2"
    folder.mkdir()
    np.savez(folder / "weights.npz", allow_pickle=False, **model.weights)
    (folder / "shape.json").write_text(json.dumps(asdict(model.dims)), encoding="utf-8")
    write_official_tokenizer(folder, model.dims.n_vocab)
    command = [python, "-m", "tools.peers.convert_ctranslate2", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    (folder / "weights.npz").unlink()
    return folder


def _ranks_name(dims: ModelDimensions) -> str:
    return "multilingual" if dims.n_vocab >= MULTILINGUAL else "gpt2"
