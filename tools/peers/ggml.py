"""Writes a Whisper model as whisper.cpp reads it.

The layout is that of whisper.cpp's `models/convert-pt-to-ggml.py` and of `ggml`'s block_q8_0:
all numbers little-endian, a header, the mel filters, the tokens, then the tensors without padding.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import ModelDimensions

Array = NDArray[np.float32]
FileType = Literal["f16", "q8_0"]

MAGIC = 0x67676D6C  # "ggml"
TENSOR_TYPES = {"f32": 0, "f16": 1, "q8_0": 8}
# The quantiser's version in thousands, and the type of most tensors.
FILE_TYPES: dict[FileType, int] = {"f16": 1, "q8_0": 2007}
BLOCK = 32  # weights that share a scale

# whisper.cpp wants these in full.
KEPT = (
    "encoder.conv1.bias",
    "encoder.conv2.bias",
    "encoder.positional_embedding",
    "decoder.positional_embedding",
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Attributes:
        dims: Shape of the model.
        weights: Under openai-whisper's names.
        filters: Mel filters (n_mels, 201).
        tokens: Text tokens in the order of their ids, without special ones.
    """

    dims: ModelDimensions
    weights: Mapping[str, Array]
    filters: Array
    tokens: Sequence[bytes]


def write_ggml(path: Path, content: Content, file_type: FileType) -> None:
    """Write one file; matrices in `file_type`, convolutions as f16 in any case, vectors as f32."""
    with path.open("wb") as file:
        file.write(struct.pack("<12i", MAGIC, *_header(content.dims), FILE_TYPES[file_type]))
        file.write(struct.pack("<2i", *content.filters.shape))
        file.write(np.ascontiguousarray(content.filters, "<f4").tobytes())
        file.write(struct.pack("<i", len(content.tokens)))
        for token in content.tokens:
            file.write(struct.pack("<i", len(token)) + token)
        for name, value in content.weights.items():
            _write_tensor(file, name, value, file_type)


def _header(dims: ModelDimensions) -> tuple[int, ...]:
    return (
        dims.n_vocab,
        dims.n_audio_ctx,
        dims.n_audio_state,
        dims.n_audio_head,
        dims.n_audio_layer,
        dims.n_text_ctx,
        dims.n_text_state,
        dims.n_text_head,
        dims.n_text_layer,
        dims.n_mels,
    )


def _write_tensor(file: BinaryIO, name: str, value: Array, file_type: FileType) -> None:
    tensor_type = _tensor_type(name, value, file_type)
    if name in KEPT and name.endswith("bias"):
        value = value[:, np.newaxis]  # added to (channels, time)
    encoded = name.encode()
    sizes = value.shape[::-1]  # the innermost first
    header = (len(sizes), len(encoded), TENSOR_TYPES[tensor_type], *sizes)
    file.write(struct.pack(f"<{len(header)}i", *header) + encoded)
    file.write(_stored(value, tensor_type))


def _tensor_type(name: str, value: Array, file_type: FileType) -> str:
    if value.ndim == 1 or name in KEPT:
        return "f32"
    return file_type if value.ndim == 2 else "f16"


def _stored(value: Array, tensor_type: str) -> bytes:
    if tensor_type == "q8_0":
        return q8_0(value)
    return np.ascontiguousarray(value, "<f2" if tensor_type == "f16" else "<f4").tobytes()


def q8_0(matrix: Array) -> bytes:
    """Return rows as blocks of 32: an f16 scale, then 32 signed bytes.

    The largest of a block becomes 127; halves are rounded away from zero, as C's `roundf` does.
    """
    blocks = np.ascontiguousarray(matrix, np.float32).reshape(-1, BLOCK)
    scales = np.abs(blocks).max(axis=1) / np.float32(127)
    has_inverse = scales > np.finfo(np.float32).tiny
    inverse = np.divide(1, scales, out=np.zeros_like(scales), where=has_inverse)
    scaled = blocks * inverse[:, np.newaxis]
    stored = np.empty(len(blocks), [("scale", "<f2"), ("values", "i1", BLOCK)])
    stored["scale"] = scales
    stored["values"] = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled)
    return stored.tobytes()
