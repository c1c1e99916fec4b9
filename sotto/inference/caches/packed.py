"""Packed weights, kept on disk: made of a checkpoint once, then mapped in no time.

A file holds the arrays of `graphs.parameters.registry` one after the other, then the paths that
they were made of and a trailer. MAX reads them where they are mapped (26.7 makes no copy), so
processes share the memory, and the checkpoint's own numbers are not read at all.

The checksum, a sum of all words, tells holes, old blocks and flipped bits, and costs a tenth of a
cryptographic digest (4 ms for 40 MB, most of which the first pass would take to map the pages).
It need not stand up to malice: a file that another user can have written is not read, and who can
write here as the user can write the checkpoint, too. What cannot be kept is used from memory.
"""

import hashlib
import math
import mmap
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from struct import Struct
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sotto.inference.caches import cache
from sotto.inference.caches.compiled import ProgressCallback, Recipe
from sotto.inference.checkpoint.tensors import Weights
from sotto.inference.graphs.parameters import Parameter, registry
from sotto.inference.interfaces import Array
from sotto.private_folder import UntrustedError, make_private_folder, open_trusted

Arrays = dict[str, NDArray[Any]]

KEPT = "the model packed for this processor"
WHAT = "Packing the model for this processor"
QUIET_S = 1.0  # small models are done before one can read that they are packed
ALIGNMENT = 64  # bytes: a line of the processor's cache, and the widest vector
WORD = np.dtype(np.uint64)
TRAILER = Struct("<32sQQ")  # key, checksum of the arrays, bytes of the paths


def load(
    recipe: Recipe,
    parameters: Sequence[Parameter],
    weights: Mapping[str, Array],
    progress: ProgressCallback | None = None,
) -> Arrays:
    """Return what the compiled graphs of a recipe are initialised with.

    Args:
        recipe: Of the graphs.
        parameters: Of the graphs, in any order that is always the same.
        weights: A checkpoint's. Those of no file have nothing that tells whether they are still
            the same, and are packed anew each time.
        progress: Called after each parameter, in this thread, where packing takes long.

    Raises:
        CheckpointError: A tensor could not be read.
    """
    if not isinstance(weights, Weights):
        return registry(parameters, weights)
    try:
        file = PackedFile.of(recipe, weights.files, parameters)
    except OSError:  # the checkpoint was removed since it was mapped
        return registry(parameters, weights)
    report = progress or (lambda *_: None)
    try:
        kept = file.read()
    except UntrustedError as error:
        why = (error.strerror or str(error)).lower()
        report(f"{error.filename} is not used ({why}); the model is packed again", 0.0, 0.0)
        kept = None
    return kept or _pack(file, weights, report)


def _pack(file: "PackedFile", weights: Weights, progress: ProgressCallback) -> Arrays:
    """Write the file and map it; without a folder to write to, keep all in memory."""
    folder = file.path.parent
    try:
        cache.check_room(folder, file.n_bytes)
        file.write(weights, progress)
    except OSError as error:
        progress(cache.not_kept(KEPT, folder, error), 0.0, 0.0)
        return registry(file.parameters, weights)
    remove_orphans(file.path.parent)
    return file.read(is_new=True) or registry(file.parameters, weights)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """Where packed weights lie, and the `key` of 32 bytes that says what they were made of."""

    path: Path
    key: bytes
    sources: Sequence[Path]
    parameters: Sequence[Parameter]

    @classmethod
    def of(cls, recipe: Recipe, sources: Sequence[Path], parameters: Sequence[Parameter]) -> Self:
        """Return the file for the tensors in `sources`.

        It keeps its name when they or Sotto change, so that a checkpoint never has two.

        Raises:
            OSError: A source is gone.
        """
        resolved = [source.resolve() for source in sources]
        name = _digest(recipe.to_json(), *map(str, resolved)).hex()[:16]
        key = _digest(recipe.digest(), *map(_state, resolved))
        path = cache.cache_dir("weights") / f"{recipe.name}-{name}.weights"
        return cls(path, key, resolved, parameters)

    @property
    def n_bytes(self) -> int:
        """The room that its arrays need."""
        return _offsets(self.parameters)[-1]

    def read(self, *, is_new: bool = False) -> Arrays | None:
        """Return read-only views of the file, or None if it is missing, damaged or another's.

        One that `is_new`, written a moment ago, is mapped without being read: summing it up would
        take memory for all of it beside what packing took.

        Raises:
            UntrustedError: Others than the user can have written it.
        """
        try:
            with open_trusted(self.path) as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except UntrustedError:
            raise
        except (OSError, ValueError):  # ValueError: it is empty
            return None
        *offsets, end = _offsets(self.parameters)
        if len(content) < end:
            return None
        words = np.frombuffer(content, WORD, end // WORD.itemsize)
        if not is_new and content[end:] != self._tail(_sum(words)):
            return None
        cache.mark_used(self.path)
        return {
            parameter.name: np.ndarray(parameter.shape, parameter.dtype, content, offset)
            for parameter, offset in zip(self.parameters, offsets, strict=True)
        }

    def write(self, weights: Mapping[str, Array], progress: ProgressCallback) -> None:
        """Pack one parameter after the other, and say how far it is.

        Raises:
            CheckpointError: A tensor could not be read.
            OSError: The folder cannot be written, or the disk is full.
        """
        make_private_folder(self.path.parent)
        started = time.monotonic()
        checksum = 0
        _, *ends = _offsets(self.parameters)
        with cache.replacing(self.path) as file:
            for parameter, end in zip(self.parameters, ends, strict=True):
                for words in _words(parameter.pieces(weights)):
                    checksum += _sum(words)
                    file.write(words.data)
                    _release(weights)
                elapsed_s = time.monotonic() - started
                if elapsed_s > QUIET_S:
                    progress(WHAT, elapsed_s, elapsed_s * ends[-1] / end)
            file.write(self._tail(checksum))

    def _tail(self, checksum: int) -> bytes:
        paths = "\n".join(map(str, self.sources)).encode()
        return paths + TRAILER.pack(self.key, checksum % 2**64, len(paths))


def remove_orphans(folder: Path) -> None:
    """Remove the files of checkpoints that are no longer there: they are as large as models."""
    for path in folder.glob("*.weights"):
        with suppress(OSError, ValueError):
            if not all(source.exists() for source in _sources(path)):
                path.unlink()


def _sources(path: Path) -> list[Path]:
    """Return the paths in a file of packed weights; OSError or ValueError if it is damaged."""
    with path.open("rb") as file:
        trailer = file.seek(-TRAILER.size, os.SEEK_END)
        *_, length = TRAILER.unpack(file.read())
        file.seek(trailer - length)
        return [Path(line) for line in file.read(length).decode().splitlines()]


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode()).digest()


def _state(path: Path) -> str:
    """Return what changes with the content of a file; copying may keep mtime, but not ctime."""
    status = path.stat()
    return f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _offsets(parameters: Sequence[Parameter]) -> list[int]:
    """Return where each parameter lies in the file, and where the last one ends."""
    sizes = (math.prod(each.shape) * np.dtype(each.dtype).itemsize for each in parameters)
    return list(accumulate(map(_aligned, sizes), initial=0))


def _aligned(n_bytes: int) -> int:
    return -(-n_bytes // ALIGNMENT) * ALIGNMENT


def _words(pieces: Iterable[NDArray[Any]]) -> Iterator[NDArray[np.uint64]]:
    """Yield the bytes of an array as words; the last ones are filled up to `ALIGNMENT` with zeros.

    Pieces of matrices end at whole panels, which are multiples of `ALIGNMENT`.
    """
    for piece in pieces:
        words = np.zeros(_aligned(piece.nbytes) // WORD.itemsize, WORD)
        words.view(np.uint8)[: piece.nbytes] = piece.reshape(-1).view(np.uint8)
        yield words


def _release(weights: Mapping[str, Array]) -> None:
    if isinstance(weights, Weights):
        weights.release()


def _sum(words: NDArray[np.uint64]) -> int:
    return int(words.sum(dtype=WORD))
