"""Weights of a byte each: every matrix gets a scale a column, by its largest weight."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sotto.inference.graphs.parameters import PANEL, PANELS, Checkpoint, Parameter
from sotto.inference.interfaces import Array

GROUP = 4
"""Inputs of a column that lie together, as in kernels/quantised/layout.mojo."""
LARGEST = 127
OFFSET = 128
"""What the kernels add to each input byte, and the corrections take out again."""


def quantise(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Replace the float panels of every matrix by bytes, scales and corrections."""
    return [new for parameter in parameters for new in _quantise(parameter)]


def _quantise(parameter: Parameter) -> Iterator[Parameter]:
    if not parameter.name.endswith(PANELS):
        yield parameter
        return
    n_panels, n_in, _ = parameter.shape
    matrix = parameter.name.removesuffix(PANELS)
    parts = _Parts(parameter)
    columns = (n_panels * PANEL,)
    shape = (n_panels, n_in // GROUP, PANEL, GROUP)
    yield replace(parameter, shape=shape, make=parts.panels, dtype=np.int8)
    yield Parameter(f"{matrix}.scales", columns, parts.scales)
    yield Parameter(f"{matrix}.corrections", columns, parts.corrections, np.int32)


class _Parts:
    """What a matrix becomes. The bytes are made first; scales and corrections come of it, too."""

    def __init__(self, parameter: Parameter) -> None:
        self._parameter = parameter
        self._made: tuple[Array, NDArray[np.int32]] | None = None

    def panels(self, checkpoint: Checkpoint) -> Iterator[NDArray[np.int8]]:
        scales: list[Array] = []
        sums: list[NDArray[np.int32]] = []
        for floats in self._parameter.pieces(checkpoint):
            scales.append(_scales(floats))
            whole = np.asarray(np.rint(floats / scales[-1][:, np.newaxis]), np.int8)
            sums.append(whole.sum(axis=1, dtype=np.int32))
            yield _grouped(whole)
        self._made = np.concatenate(scales).reshape(-1), np.concatenate(sums).reshape(-1)

    def scales(self, checkpoint: Checkpoint) -> Iterator[Array]:
        yield self._of(checkpoint)[0]

    def corrections(self, checkpoint: Checkpoint) -> Iterator[NDArray[np.int32]]:
        yield self._of(checkpoint)[1] * np.int32(OFFSET)
        self._made = None

    def _of(self, checkpoint: Checkpoint) -> tuple[Array, NDArray[np.int32]]:
        if self._made is None:
            deque(self.panels(checkpoint), maxlen=0)  # which makes them
            return self._of(checkpoint)
        return self._made


def _scales(panels: Array) -> Array:
    """Return the scale of each column, (n_panels, PANEL)."""
    largest = np.abs(panels).max(axis=1)
    return (np.where(largest > 0, largest, LARGEST) / LARGEST).astype(np.float32)


def _grouped(panels: NDArray[np.int8]) -> NDArray[np.int8]:
    n_panels, n_in, _ = panels.shape
    groups = panels.reshape(n_panels, n_in // GROUP, GROUP, PANEL)
    return groups.transpose(0, 1, 3, 2)
