"""Reading CTranslate2's model.bin.

The format, as `ModelSpec._serialize` in CTranslate2's `model_spec.py` writes it, all numbers
little-endian: u32 version of the format; the name of the specification and u32 its revision; u32
number of variables, each its name, u8 rank, u32 extents, u8 type, u32 bytes, data; u32 number of
aliases, each two names. A name is u16 length, text and a NUL, which the length counts. Before
version 4 a variable has the bytes of one number in place of the type, and their number; before
version 3 there are no aliases; Whisper came later.
"""

import math
import mmap
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.formats.binary_reader import U8, U16, U32, BinaryReader
from sotto.inference.checkpoint.tensors import (
    Array,
    Located,
    StoredTensor,
    contiguous_strides,
    map_file,
)

OLDEST_VERSION, NEWEST_VERSION = 3, 6
FIRST_TYPED_VERSION = 4
SPECIFICATION = "WhisperSpec"

INT8 = "int8"
# Types by number (`DataType` in CTranslate2's `types.h`), and before they had numbers by size.
TYPES = ("F32", INT8, "int16", "int32", "F16", "BF16")
TYPES_BY_SIZE = {4: "F32", 2: "int16", 1: INT8}
SIZES = {"F32": 4, INT8: 1, "int16": 2, "int32": 4, "F16": 2, "BF16": 2}
FLOATS = ("F32", "F16", "BF16")

SCALE = "_scale"
"""How the scales of a quantised variable are called, behind its own name."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable where it lies: its type, shape and offset in bytes."""

    dtype: str
    shape: tuple[int, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class ScaledRows:
    """A matrix of int8, each row of which was multiplied by a scale."""

    path: Path
    buffer: mmap.mmap
    shape: tuple[int, ...]
    offset: int
    scales: StoredTensor

    @property
    def precision(self) -> str:
        """See `Located`."""
        return INT8

    def rows(self, start: int, stop: int) -> Self:
        """See `Tensor`."""
        shape = (stop - start, *self.shape[1:])
        offset = self.offset + start * math.prod(self.shape[1:])
        return replace(self, shape=shape, offset=offset, scales=self.scales.rows(start, stop))

    def read(self) -> Array:
        """See `Tensor`."""
        whole = np.ndarray(self.shape, np.int8, self.buffer, self.offset)
        scales = self.scales.read().reshape(-1, *[1] * (len(self.shape) - 1))
        floats: Array = np.divide(whole, scales, dtype=np.float32)
        return floats


class CTranslate2File:
    """A model.bin of a Whisper model; its index is read at once, numbers when they are asked for.

    Raises:
        CheckpointError: The file is missing, truncated, damaged or no Whisper model.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._buffer = map_file(path)
        try:
            self._variables = self._index(BinaryReader(self._buffer))
        except (EOFError, UnicodeDecodeError) as error:
            raise self._complaint("is truncated or damaged (its index)") from error

    @property
    def names(self) -> Set[str]:
        """Of the variables and their aliases."""
        return self._variables.keys()

    @property
    def tensor_names(self) -> Set[str]:
        """Of those that are no scalars and no scales of others."""
        scales = {name + SCALE for name in self._variables}
        return {name for name in self._variables if self._variables[name].shape} - scales

    def shape(self, name: str, rank: int) -> tuple[int, ...]:
        """Return a variable's shape.

        Raises:
            CheckpointError: There is none of that name and rank.
        """
        shape = self._variable(name).shape
        if len(shape) != rank:
            raise self._complaint(f"is damaged ({name} has shape {shape})")
        return shape

    def is_same(self, name: str, other: str) -> bool:
        """Tell whether two names are of one variable."""
        return self._variables.get(name) == self._variables.get(other)

    def scalar(self, name: str) -> int | None:
        """Return a whole number that describes the model, None if the file has none so called."""
        variable = self._variables.get(name)
        if variable is None or variable.shape or variable.dtype in FLOATS:
            return None
        size = SIZES[variable.dtype]
        content = self._buffer[variable.offset : variable.offset + size]
        return int.from_bytes(content, "little", signed=True)

    def tensor(self, name: str) -> Located:
        """Return where the numbers of a variable lie.

        Raises:
            CheckpointError: There is none, or its numbers are of a type that Sotto does not read.
        """
        variable = self._variable(name)
        if variable.dtype in FLOATS:
            return self._floats(variable)
        if variable.dtype != INT8 or not variable.shape:
            raise self._complaint(
                f"holds {variable.dtype} numbers in {name}; Sotto reads float32, float16, bfloat16 "
                "and int8",
                "convert the model again",
            )
        scales = self._variable(name + SCALE)
        if scales.dtype not in FLOATS or scales.shape != variable.shape[:1]:
            raise self._complaint(f"has no scale for each row of {name}")
        return ScaledRows(
            self.path, self._buffer, variable.shape, variable.offset, self._floats(scales)
        )

    def _floats(self, variable: Variable) -> StoredTensor:
        strides = contiguous_strides(variable.shape)
        return StoredTensor(
            self.path, self._buffer, variable.dtype, variable.shape, strides, variable.offset
        )

    def _variable(self, name: str) -> Variable:
        if name not in self._variables:
            raise self._complaint(f"holds no {name}")
        return self._variables[name]

    def _index(self, reader: BinaryReader) -> dict[str, Variable]:
        version = reader.number(U32)
        if not OLDEST_VERSION <= version <= NEWEST_VERSION:
            raise self._complaint(
                f"is no model of CTranslate2, or one in version {version} of its format, of which "
                f"Sotto reads {OLDEST_VERSION} to {NEWEST_VERSION}",
                "convert the model again",
            )
        specification = _string(reader)
        if specification != SPECIFICATION:
            raise self._complaint(f"is a {specification!r}", "Sotto runs Whisper models")
        reader.number(U32)  # the revision; what one calls otherwise will be missed by its name
        variables = dict(self._variable_at(reader, version) for _ in range(reader.number(U32)))
        for alias, name in _pairs(reader):
            _alias(variables, alias, name)
            _alias(variables, alias + SCALE, name + SCALE)
        return variables

    def _variable_at(self, reader: BinaryReader, version: int) -> tuple[str, Variable]:
        name = _string(reader)
        shape = tuple(reader.numbers(U32, reader.number(U8)))
        number, count = reader.number(U8), reader.number(U32)
        if version >= FIRST_TYPED_VERSION:
            dtype = TYPES[number] if number < len(TYPES) else None
        else:
            dtype, count = TYPES_BY_SIZE.get(number), count * number
        if dtype is None or math.prod(shape) * SIZES[dtype] != count:
            raise self._complaint(f"is damaged ({name!r} does not fit its {count} bytes)")
        return name, Variable(dtype, shape, reader.skip(count))

    def _complaint(self, what: str, todo: str = "fetch the model again") -> CheckpointError:
        return CheckpointError(f"{self.path} {what}; {todo}")


def _pairs(reader: BinaryReader) -> Iterator[tuple[str, str]]:
    for _ in range(reader.number(U32)):
        yield _string(reader), _string(reader)


def _string(reader: BinaryReader) -> str:
    return reader.take(reader.number(U16)).removesuffix(b"\0").decode()


def _alias(variables: dict[str, Variable], alias: str, name: str) -> None:
    if name in variables:
        variables.setdefault(alias, variables[name])
