"""Weights of a byte each: every matrix gets a scale a column, by its largest weight.

Some inputs of the vocabulary are far larger than others, and a row's steps are as wide as its
largest input demands: half of all that bytes lose was lost there. So its inputs are balanced first,
as SmoothQuant does (arXiv:2211.10438): the layer normalisation before it divides each by what its
weights are multiplied by. How large an input will be, its gain and bias tell.
"""

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


NORM, VOCABULARY = "decoder.ln", "decoder.token_embedding"
"""What is balanced: the last layer normalisation, and the matrix behind it."""
INPUTS = ".inputs"
"""How the name of the factors ends that take the balance out of an embedding again."""
LARGEST_NORMALISED = 3.0
"""Of a row whose numbers have the variance 1."""
TINY = 1e-5


def quantise(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Replace the float panels of every matrix by bytes, scales and corrections."""
    listed = list(parameters)
    balance = next((_Balance(p) for p in listed if p.name == f"{VOCABULARY}{PANELS}"), None)
    balanced = [new for p in listed for new in (balance.apply(p) if balance else [p])]
    return [new for parameter in balanced for new in _quantise(parameter)]


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


class _Balance:
    """What the inputs of the vocabulary are divided by, and its weights multiplied."""

    def __init__(self, vocabulary: Parameter) -> None:
        self._vocabulary = vocabulary

    def apply(self, parameter: Parameter) -> Iterator[Parameter]:
        """Yield a parameter as it is, or balanced; before the vocabulary, what undoes it."""
        if parameter.name in {f"{NORM}.weight", f"{NORM}.bias"}:
            yield replace(parameter, make=lambda c: self._divided(parameter, c))
        elif parameter == self._vocabulary:
            yield Parameter(f"{VOCABULARY}{INPUTS}", parameter.shape[1:2], self._inverse)
            yield replace(parameter, make=self._multiplied)
        else:
            yield parameter

    def _divided(self, parameter: Parameter, checkpoint: Checkpoint) -> Iterator[Array]:
        factors = self._factors(checkpoint)
        for piece in parameter.pieces(checkpoint):
            yield np.asarray(piece / factors, np.float32)

    def _multiplied(self, checkpoint: Checkpoint) -> Iterator[Array]:
        factors = self._factors(checkpoint)[:, np.newaxis]
        for piece in self._vocabulary.pieces(checkpoint):
            yield np.asarray(piece * factors, np.float32)

    def _inverse(self, checkpoint: Checkpoint) -> Iterator[Array]:
        yield np.asarray(1 / self._factors(checkpoint), np.float32)

    def _factors(self, checkpoint: Checkpoint) -> Array:
        """Return (n_text_state,), SmoothQuant's for a migration strength of 0.5; 1 in the mean."""
        gain, bias = checkpoint[f"{NORM}.weight"], checkpoint[f"{NORM}.bias"]
        expected = LARGEST_NORMALISED * np.abs(gain) + np.abs(bias)
        pieces = self._vocabulary.pieces(checkpoint)
        largest = np.max([np.abs(piece).max(axis=(0, 2)) for piece in pieces], axis=0)
        ratio = np.maximum(expected, TINY) / np.maximum(largest, TINY)
        logarithm = np.log(ratio) / 2
        return np.asarray(np.exp(logarithm - logarithm.mean()), np.float32)


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
