"""Writes a Whisper model as whisper.cpp reads it.

The layout is that of whisper.cpp's `models/convert-pt-to-ggml.py` and of `ggml`'s block_q8_0 and
so on: all numbers little-endian, a header, the mel filters, the tokens, then the tensors without
padding. Rows are quantised as `quantize_row_q8_0_ref` and so on of `ggml-quants.c` do it.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import ModelDimensions

Array = NDArray[np.float32]
Blocks = NDArray[np.void]
Quantiser = Callable[[Array], Blocks]
FileType = Literal["f32", "f16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0"]

MAGIC = 0x67676D6C  # "ggml"
TENSOR_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q4_1": 3, "q5_0": 6, "q5_1": 7, "q8_0": 8}
# The quantiser's version in thousands, and the type of most tensors.
FILE_TYPES: dict[FileType, int] = {
    "f32": 0,
    "f16": 1,
    "q4_0": 2002,
    "q4_1": 2003,
    "q8_0": 2007,
    "q5_0": 2008,
    "q5_1": 2009,
}
BLOCK = 32  # weights that share a scale
LOW_BITS = 4  # of each, two in a byte

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
    """Write one file; matrices in `file_type`, convolutions in f32 or f16, vectors in f32."""
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
    if value.ndim == 1 or name in KEPT or file_type == "f32":
        return "f32"
    return file_type if value.ndim == 2 else "f16"


def _stored(value: Array, tensor_type: str) -> bytes:
    if tensor_type in QUANTISERS:
        return quantised(value, tensor_type)
    return np.ascontiguousarray(value, "<f2" if tensor_type == "f16" else "<f4").tobytes()


def quantised(matrix: Array, tensor_type: str) -> bytes:
    """Return rows as blocks of 32, each with a scale in f16."""
    blocks = np.ascontiguousarray(matrix, np.float32).reshape(-1, BLOCK)
    return QUANTISERS[tensor_type](blocks).tobytes()


def _q8_0(blocks: Array) -> Blocks:
    """The largest of a block becomes 127; halves are rounded away from zero, as `roundf` does."""
    scales = np.abs(blocks).max(axis=1) / np.float32(127)
    scaled = blocks * _inverse(scales)
    stored = np.empty(len(blocks), [("scale", "<f2"), ("values", "i1", BLOCK)])
    stored["scale"] = scales
    stored["values"] = np.copysign(np.floor(np.abs(scaled) + np.float32(0.5)), scaled)
    return stored


def _symmetric(n_bits: int) -> Quantiser:
    """The number farthest from zero becomes the lowest one, minus half of all there are."""
    middle, highest = np.float32(2 ** (n_bits - 1)), 2**n_bits - 1

    def quantise(blocks: Array) -> Blocks:
        farthest = np.abs(blocks).argmax(axis=1, keepdims=True)
        scales = np.take_along_axis(blocks, farthest, axis=1)[:, 0] / -middle
        shifted = blocks * _inverse(scales) + (middle + np.float32(0.5))
        whole = np.minimum(shifted.astype(np.uint8), highest)
        return _packed(whole, n_bits, [scales])

    return quantise


def _with_least(n_bits: int) -> Quantiser:
    """The least number of a block becomes 0 and the largest the highest one."""
    highest = 2**n_bits - 1

    def quantise(blocks: Array) -> Blocks:
        least = blocks.min(axis=1)
        scales = (blocks.max(axis=1) - least) / np.float32(highest)
        shifted = (blocks - least[:, np.newaxis]) * _inverse(scales) + np.float32(0.5)
        whole = np.minimum(shifted.astype(np.uint8), highest)
        return _packed(whole, n_bits, [scales, least])

    return quantise


def _inverse(scales: Array) -> Array:
    has_inverse = np.abs(scales) > np.finfo(np.float32).tiny
    inverse = np.divide(1, scales, out=np.zeros_like(scales), where=has_inverse)
    return inverse[:, np.newaxis]


def _packed(whole: NDArray[np.uint8], n_bits: int, floats: Sequence[Array]) -> Blocks:
    """Return blocks of floats, the fifth bits if there are five, and pairs of the low four bits."""
    fields: list[tuple[Any, ...]] = [(f"float_{i}", "<f2") for i in range(len(floats))]
    if n_bits > LOW_BITS:
        fields.append(("fifth", "u1", BLOCK // 8))
    stored = np.empty(len(whole), [*fields, ("pairs", "u1", BLOCK // 2)])
    for i, value in enumerate(floats):
        stored[f"float_{i}"] = value
    if n_bits > LOW_BITS:
        stored["fifth"] = np.packbits(whole >> LOW_BITS, axis=1, bitorder="little")
    first, second = np.split(whole & (2**LOW_BITS - 1), 2, axis=1)
    stored["pairs"] = first | second << LOW_BITS
    return stored


QUANTISERS: dict[str, Quantiser] = {
    "q4_0": _symmetric(4),
    "q4_1": _with_least(4),
    "q5_0": _symmetric(5),
    "q5_1": _with_least(5),
    "q8_0": _q8_0,
}
