"""What can be said of a model at a glance, for lists of models."""

import hashlib
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.load import read_contents
from sotto.inference.checkpoint.tensors import Weights
from sotto.inference.dimensions import ModelDimensions

# Kept as floats in every layout and of every precision.
VECTORS = ("encoder.ln_post.weight", "encoder.ln_post.bias", "decoder.ln.weight", "decoder.ln.bias")
MATRIX = "decoder.blocks.0.mlp.0.weight"
"""Stored as all large matrices are."""
FINGERPRINT_LENGTH = 16  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """A model at a glance.

    Attributes:
        layout: Whose files they are.
        dimensions: Of the model.
        precision: Of the matrices as they are stored: float32, float16, bfloat16, int8, q5_1, ...
        is_multilingual: Whether it knows other languages than English.
        n_bytes: Size of the files that hold the weights.
        fingerprint: The same for the same weights in every layout, be they stored in float32, in
            float16 or quantised; bfloat16 rounds more and has another.
        native_short_window: Trained on windows of true length, so never padded to 30 s.
    """

    layout: Layout
    dimensions: ModelDimensions
    precision: str
    is_multilingual: bool
    n_bytes: int
    fingerprint: str
    native_short_window: bool


def summarise(path: Path) -> ModelSummary:
    """Look at a model without reading more than its index and a few vectors.

    Raises:
        CheckpointError: As `load_checkpoint`, but damage to the tokenizer goes unnoticed.
    """
    contents = read_contents(path)
    weights = Weights(contents.tensors)
    return ModelSummary(
        layout=contents.layout,
        dimensions=contents.dimensions,
        precision=contents.tensors[MATRIX].precision,
        is_multilingual=contents.is_multilingual,
        n_bytes=sum(file.stat().st_size for file in weights.files),
        fingerprint=_fingerprint(contents),
        native_short_window=contents.native_short_window,
    )


def _fingerprint(contents: Contents) -> str:
    digest = hashlib.sha256(repr(astuple(contents.dimensions)).encode())
    for name in VECTORS:
        with np.errstate(over="ignore"):  # larger numbers become infinite, which is as good
            digest.update(contents.tensors[name].read().astype("<f2").tobytes())
    return digest.hexdigest()[:FINGERPRINT_LENGTH]
