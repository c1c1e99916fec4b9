"""Reading a ggml `.bin` of whisper.cpp.

The format, as whisper.cpp's `models/convert-pt-to-ggml.py` writes it and `whisper_model_load`
reads it, all numbers little-endian: the magic; ten dimensions and the type of most matrices, which
quantised files give a version in thousands; the mel filters; the ordinary tokens as bytes; then to
the end the tensors, each with its number of axes, length of name, type, extents from the innermost
on, name and data.
"""

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.configuration import openai_rules, parse_dimensions
from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.formats.binary_reader import I32, BinaryReader
from sotto.inference.checkpoint.formats.ggml_blocks import BLOCK, FORMATS, BlockTensor
from sotto.inference.checkpoint.tensors import (
    NUMPY_TYPES,
    Located,
    StoredTensor,
    contiguous_strides,
    map_file,
)
from sotto.inference.checkpoint.vocabulary import (
    FIRST_MULTILINGUAL_SIZE,
    bundled_ranks,
    bundled_tokenizer,
)
from sotto.inference.dimensions import N_FFT, ModelDimensions
from sotto.inference.tokenizer import Tokenizer

MAGIC = b"lmgg"  # "ggml" as a number
# Names and order of the dimensions (`whisper_hparams`).
DIMENSIONS = (
    "n_vocab",
    "n_audio_ctx",
    "n_audio_state",
    "n_audio_head",
    "n_audio_layer",
    "n_text_ctx",
    "n_text_state",
    "n_text_head",
    "n_text_layer",
    "n_mels",
)
N_FREQUENCIES = N_FFT // 2 + 1

VERSION_FACTOR = 1000  # GGML_QNT_VERSION_FACTOR
BLOCK_VERSION = 2  # GGML_QNT_VERSION; the blocks before had another layout

# Types of tensors by number (`ggml_type`); those that Sotto reads are in FLOATS and `FORMATS`.
TYPES = dict(
    enumerate(
        (
            *("f32", "f16", "q4_0", "q4_1", "q4_2", "q4_3", "q5_0", "q5_1", "q8_0", "q8_1"),
            *("q2_K", "q3_K", "q4_K", "q5_K", "q6_K", "q8_K", "iq2_xxs", "iq2_xs", "iq3_xxs"),
            *("iq1_s", "iq4_nl", "iq3_s", "iq2_s", "iq4_xs", "i8", "i16", "i32", "i64", "f64"),
            *("iq1_m", "bf16"),
        )
    )
)
FLOATS = {"f32": "F32", "f16": "F16"}
MAX_AXES = 4  # GGML_MAX_DIMS

# (channels, 1) in the file: whisper.cpp adds them to (channels, time).
COLUMNS = ("encoder.conv1.bias", "encoder.conv2.bias")


def read_ggml(path: Path) -> Contents:
    """Return what a ggml file of whisper.cpp holds.

    Raises:
        CheckpointError: The file is truncated, damaged, or of a type that Sotto does not read.
    """
    try:
        return _GgmlFile(path).contents()
    except (EOFError, UnicodeDecodeError) as error:
        raise CheckpointError(f"{path} is truncated or damaged; fetch it again") from error


class _GgmlFile:
    """Reads a file from its start to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._buffer = map_file(path)
        self._reader = BinaryReader(self._buffer)
        self._reader.skip(len(MAGIC))

    def contents(self) -> Contents:
        dims = self._dimensions()
        self._check_version(self._reader.number(I32))
        self._skip_filters(dims)
        tokens = self._tokens()
        return Contents(
            layout=Layout.GGML,
            path=self._path,
            dimensions=dims,
            tensors=self._tensors(),
            is_multilingual=dims.n_vocab >= FIRST_MULTILINGUAL_SIZE,
            tokenizer=partial(_tokenizer, tokens, dims.n_vocab, self._path),
            rules=openai_rules(dims),
        )

    def _dimensions(self) -> ModelDimensions:
        values = self._reader.numbers(I32, len(DIMENSIONS))
        return parse_dimensions(dict(zip(DIMENSIONS, values, strict=True)), self._path)

    def _check_version(self, file_type: int) -> None:
        version = file_type // VERSION_FACTOR
        if version not in (0, BLOCK_VERSION):  # floats have none
            raise CheckpointError(
                f"{self._path} was quantised in version {version} of ggml's layouts, of which "
                f"Sotto reads {BLOCK_VERSION}; fetch it again or quantise it anew"
            )

    def _skip_filters(self, dims: ModelDimensions) -> None:
        """Pass over the mel filters, which are openai-whisper's as Sotto's own are."""
        shape = tuple(self._reader.numbers(I32, 2))
        if shape != (dims.n_mels, N_FREQUENCIES):
            raise CheckpointError(
                f"{self._path}: the mel filters have shape {shape}, not "
                f"{(dims.n_mels, N_FREQUENCIES)}; fetch it again"
            )
        self._reader.skip(math.prod(shape) * np.dtype(np.float32).itemsize)

    def _tokens(self) -> list[bytes]:
        n_tokens = self._reader.number(I32)
        return [self._reader.take(self._reader.number(I32)) for _ in range(n_tokens)]

    def _tensors(self) -> dict[str, Located]:
        tensors = {}
        while not self._reader.is_at_end:
            n_axes, n_name, number = self._reader.numbers(I32, 3)
            if not 0 < n_axes <= MAX_AXES:
                raise EOFError
            shape = tuple(reversed(self._reader.numbers(I32, n_axes)))
            name = self._reader.take(n_name).decode()
            if name in COLUMNS and shape[1:] == (1,):
                shape = shape[:1]
            tensors[name] = self._tensor(name, shape, TYPES.get(number, str(number)))
        return tensors

    def _tensor(self, name: str, shape: tuple[int, ...], kind: str) -> Located:
        n_numbers = math.prod(shape)
        if kind in FLOATS:
            dtype = FLOATS[kind]
            offset = self._reader.skip(n_numbers * np.dtype(NUMPY_TYPES[dtype]).itemsize)
            strides = contiguous_strides(shape)
            return StoredTensor(self._path, self._buffer, dtype, shape, strides, offset)
        if kind not in FORMATS:
            raise CheckpointError(
                f"{self._path}: tensor {name} is of type {kind}; Sotto reads "
                f"{', '.join([*FLOATS, *FORMATS])}"
            )
        if shape[-1] % BLOCK:
            raise CheckpointError(
                f"{self._path}: tensor {name} of {kind} has rows of {shape[-1]}, no whole blocks"
            )
        n_bytes = n_numbers // BLOCK * FORMATS[kind].block.itemsize
        return BlockTensor(self._path, self._buffer, kind, shape, self._reader.skip(n_bytes))


def _tokenizer(tokens: Sequence[bytes], n_vocab: int, path: Path) -> Tokenizer:
    """Return the official tokenizer of this size, which the file's tokens must agree with.

    Files made of Hugging Face's vocab.json list `<|endoftext|>`, too, and may leave out the last
    ordinary token, which is empty in multilingual models.
    """
    tokenizer = bundled_tokenizer(n_vocab, path)
    ranks = bundled_ranks("multilingual" if tokenizer.is_multilingual else "gpt2")
    official = sorted(filter(None, ranks), key=ranks.__getitem__)
    if tokens[: len(official)] != official:
        raise CheckpointError(
            f"{path}: its tokens are not openai-whisper's; use the model's Hugging Face folder, "
            "which has its own"
        )
    return tokenizer
