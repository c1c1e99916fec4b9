"""What whisper.cpp's files hold beside the weights, for tests that write them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sotto.inference.checkpoint.vocabulary import bundled_ranks
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.features import mel_filters
from tools.fixtures.official_tokenizer import MULTILINGUAL
from tools.fixtures.random_checkpoint import Array
from tools.peers.ggml import Content, FileType, write_ggml


def official_tokens(n_vocab: int) -> list[bytes]:
    """Return the ordinary tokens of the official vocabulary of this size, in order."""
    ranks = bundled_ranks("multilingual" if n_vocab >= MULTILINGUAL else "gpt2")
    return sorted(ranks, key=lambda token: ranks[token])


def write_ggml_model(
    path: Path,
    dims: ModelDimensions,
    weights: Mapping[str, Array],
    file_type: FileType = "f16",
    tokens: Sequence[bytes] | None = None,
) -> Path:
    """Write a file of whisper.cpp with the official vocabulary and return its path."""
    tokens = official_tokens(dims.n_vocab) if tokens is None else tokens
    write_ggml(path, Content(dims, weights, mel_filters(dims.n_mels), tokens), file_type)
    return path
