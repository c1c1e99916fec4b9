"""Tensors where they lie in a file, read when they are asked for."""

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.formats.json_file import GIT_POINTER, check_pointer
from sotto.regular_file import open_regular

Array = NDArray[np.float32]

# Types of numbers that become float32, each with the numpy type of its bytes.
NUMPY_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
PRECISIONS = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


class Tensor(Protocol):
    """A tensor that becomes float32 when it is read, in whatever form it is kept."""

    @property
    def shape(self) -> tuple[int, ...]:
        """As openai-whisper has it."""
        ...

    def read(self) -> Array:
        """Return it as contiguous float32; may be a view of the file."""
        ...

    def rows(self, start: int, stop: int) -> Self:
        """Return `tensor[start:stop]`, of which nothing is read yet; 0 <= start <= stop."""
        ...


class Located(Tensor, Protocol):
    """A tensor in a file that is mapped."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def buffer(self) -> mmap.mmap:
        """The file's content."""
        ...

    @property
    def precision(self) -> str:
        """How its numbers are stored: float16, int8, q5_1 and so on."""
        ...


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Floats in a file: `offset` in bytes, `strides` in elements as torch counts them."""

    path: Path
    buffer: mmap.mmap
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int

    @property
    def precision(self) -> str:
        """See `Located`."""
        return PRECISIONS[self.dtype]

    def rows(self, start: int, stop: int) -> Self:
        """See `Tensor`."""
        skipped = start * self.strides[0] * np.dtype(NUMPY_TYPES[self.dtype]).itemsize
        shape = (stop - start, *self.shape[1:])
        return replace(self, shape=shape, offset=self.offset + skipped)

    def read(self) -> Array:
        """Return it as contiguous float32; a view of the file if it is stored so."""
        stored = np.dtype(NUMPY_TYPES[self.dtype])
        raw = np.ndarray(
            self.shape,
            stored,
            self.buffer,
            self.offset,
            [stride * stored.itemsize for stride in self.strides],
        )
        if self.dtype == "BF16":
            raw = (raw.astype(np.uint32) << 16).view(np.float32)
        return np.require(raw, np.float32, ["C_CONTIGUOUS", "ALIGNED"])


class Weights(Mapping[str, Array]):
    """The tensors of a checkpoint under openai-whisper's names, converted at each access.

    Holding float32 copies would double the memory of a model that is about to be handed to the
    engine anyway. `computed` are tensors that no file holds.
    """

    def __init__(
        self, located: Mapping[str, Located], computed: Mapping[str, Tensor] | None = None
    ) -> None:
        self._located = dict(located)
        self._tensors: dict[str, Tensor] = {**located, **(computed or {})}

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that hold them, sorted."""
        return tuple(sorted({tensor.path for tensor in self._located.values()}))

    def release(self) -> None:
        """Let the system have the memory of what was read; it is read again when asked for."""
        for buffer in {tensor.buffer for tensor in self._located.values()}:
            if hasattr(buffer, "madvise"):  # not on Windows
                buffer.madvise(mmap.MADV_DONTNEED)

    def rows(self, name: str, start: int, stop: int) -> Array:
        """Return `weights[name][start:stop]`, of which nothing else is converted.

        Raises:
            CheckpointError: A number in it is NaN or infinite.
        """
        return self._checked(name, self._tensors[name].rows(start, stop).read())

    def __getitem__(self, name: str) -> Array:
        return self._checked(name, self._tensors[name].read())

    def _checked(self, name: str, array: Array) -> Array:
        if not is_finite(array):
            located = self._located.get(name)
            where = f"{located.path}: " if located else ""
            raise CheckpointError(
                f"{where}tensor {name} holds numbers that are none (NaN or infinite); fetch the "
                "model again"
            )
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def is_finite(array: Array) -> bool:
    """Tell whether all numbers are; quick, because NaN and infinity stay in every sum."""
    with np.errstate(all="ignore"):
        # A sum may be too large where no number is.
        return bool(np.isfinite(array.sum()) or np.isfinite(array).all())


def map_file(path: Path) -> mmap.mmap:
    """Map a file for reading.

    Raises:
        CheckpointError: It is missing, empty, only a pointer of git, or cannot be read.
    """
    try:
        with open_regular(path) as file:
            buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise CheckpointError(f"{path} is empty; fetch the model again") from error
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}") from error
    check_pointer(buffer[: len(GIT_POINTER)], path)
    return buffer


def unsupported_numbers(path: Path, name: str, dtype: str) -> CheckpointError:
    """Return the complaint about a tensor whose numbers are not of `NUMPY_TYPES`."""
    return CheckpointError(
        f"{path}: tensor {name} holds {dtype} numbers; supported are {', '.join(NUMPY_TYPES)}"
    )


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides, in elements, of a tensor stored row by row."""
    strides: list[int] = []
    step = 1
    for extent in reversed(shape):
        strides.insert(0, step)
        step *= extent
    return tuple(strides)
