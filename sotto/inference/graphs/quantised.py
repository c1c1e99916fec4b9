"""Weights of a byte each: every matrix gets a scale a column, by its largest weight."""

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
    """What a matrix becomes. Made once for the three that ask one after the other."""

    def __init__(self, parameter: Parameter) -> None:
        self._parameter = parameter
        self._floats: Array | None = None

    def scales(self, checkpoint: Checkpoint) -> Array:
        largest = np.abs(self._panels(checkpoint)).max(axis=1).reshape(-1)
        return (np.where(largest > 0, largest, LARGEST) / LARGEST).astype(np.float32)

    def panels(self, checkpoint: Checkpoint) -> NDArray[np.int8]:
        return _grouped(self._bytes(checkpoint))

    def corrections(self, checkpoint: Checkpoint) -> NDArray[np.int32]:
        sums = self._bytes(checkpoint).sum(axis=1, dtype=np.int32).reshape(-1) * OFFSET
        self._floats = None
        return np.asarray(sums, np.int32)

    def _bytes(self, checkpoint: Checkpoint) -> NDArray[np.int8]:
        scales = self.scales(checkpoint).reshape(-1, 1, PANEL)
        return np.asarray(np.rint(self._panels(checkpoint) / scales), np.int8)

    def _panels(self, checkpoint: Checkpoint) -> Array:
        if self._floats is None:
            self._floats = self._parameter.make(checkpoint)
        return self._floats


def _grouped(panels: NDArray[np.int8]) -> NDArray[np.int8]:
    n_panels, n_in, _ = panels.shape
    groups = panels.reshape(n_panels, n_in // GROUP, GROUP, PANEL)
    return groups.transpose(0, 1, 3, 2)
