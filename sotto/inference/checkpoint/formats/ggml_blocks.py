"""Numbers as ggml quantises them: blocks of 32 in a row that share a scale.

The layouts are those of `ggml-common.h` (block_q4_0 and so on), how they become floats is
`dequantize_row_q4_0` and so on of `ggml-quants.c`. `d` is the scale, `m` the least number, `qs`
are the low four bits of two numbers a byte, the one 16 places behind the other in the high half;
`qh` are the fifth bits, that of the first number lowest.
"""

import math
import mmap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sotto.inference.checkpoint.tensors import Array

BLOCK = 32
HALF = BLOCK // 2

SCALE, LEAST = ("d", "<f2"), ("m", "<f2")
LOW_BITS, FIFTH_BITS, BYTES = ("qs", "u1", HALF), ("qh", "<u4"), ("qs", "i1", BLOCK)

Blocks = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class BlockFormat:
    """A block's fields in their order, and how blocks (n,) become float32 (n, 32)."""

    block: np.dtype[Any]
    dequantise: Callable[[Blocks], Array]


@dataclass(frozen=True, slots=True)
class BlockTensor:
    """A tensor of blocks in a file, at `offset` in bytes."""

    path: Path
    buffer: mmap.mmap
    precision: str
    shape: tuple[int, ...]
    offset: int

    @property
    def n_bytes(self) -> int:
        """What it takes in the file."""
        return math.prod(self.shape) // BLOCK * FORMATS[self.precision].block.itemsize

    def rows(self, start: int, stop: int) -> Self:
        """See `Tensor`."""
        skipped = replace(self, shape=(start, *self.shape[1:]))
        shape = (stop - start, *self.shape[1:])
        return replace(self, shape=shape, offset=self.offset + skipped.n_bytes)

    def read(self) -> Array:
        """See `Tensor`."""
        form = FORMATS[self.precision]
        n_blocks = math.prod(self.shape) // BLOCK
        blocks = np.ndarray((n_blocks,), form.block, self.buffer, self.offset)
        return form.dequantise(blocks).reshape(self.shape)


def _q4_0(blocks: Blocks) -> Array:
    return (_low_bits(blocks) - np.float32(8)) * _column(blocks, "d")


def _q4_1(blocks: Blocks) -> Array:
    return _low_bits(blocks) * _column(blocks, "d") + _column(blocks, "m")


def _q5_0(blocks: Blocks) -> Array:
    return (_five_bits(blocks) - np.float32(16)) * _column(blocks, "d")


def _q5_1(blocks: Blocks) -> Array:
    return _five_bits(blocks) * _column(blocks, "d") + _column(blocks, "m")


def _q8_0(blocks: Blocks) -> Array:
    return blocks["qs"].astype(np.float32) * _column(blocks, "d")


def _low_bits(blocks: Blocks) -> Array:
    pairs = blocks["qs"]
    return np.concatenate([pairs & 0x0F, pairs >> 4], axis=1).astype(np.float32)


def _five_bits(blocks: Blocks) -> Array:
    fifth = blocks["qh"][:, np.newaxis] >> np.arange(BLOCK, dtype=np.uint32) & 1
    return _low_bits(blocks) + fifth.astype(np.float32) * np.float32(16)


def _column(blocks: Blocks, field: str) -> Array:
    return blocks[field].astype(np.float32)[:, np.newaxis]


FORMATS = {
    "q4_0": BlockFormat(np.dtype([SCALE, LOW_BITS]), _q4_0),
    "q4_1": BlockFormat(np.dtype([SCALE, LEAST, LOW_BITS]), _q4_1),
    "q5_0": BlockFormat(np.dtype([SCALE, FIFTH_BITS, LOW_BITS]), _q5_0),
    "q5_1": BlockFormat(np.dtype([SCALE, LEAST, FIFTH_BITS, LOW_BITS]), _q5_1),
    "q8_0": BlockFormat(np.dtype([SCALE, BYTES]), _q8_0),
}
