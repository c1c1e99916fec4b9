"""The operations that the encoder and the decoder are made of, on the CPU."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from max.dtype import DType
from max.graph import BufferValue, DeviceRef, Dim, TensorType, TensorValue, Weight, ops

from sotto.inference.graphs.parameters import PANELS, Parameter
from sotto.inference.graphs.quantised import quantise
from sotto.kernels.processor import Instructions

DEVICE = DeviceRef.CPU()

MakeLayers = Callable[[Iterable[Parameter]], "Layers"]
"""How a graph gets its layers: with what precision."""


def float32(shape: Sequence[Dim | int | str]) -> TensorType:
    """Return the type of a float32 tensor."""
    return TensorType(DType.float32, shape, DEVICE)


def integer(value: int) -> TensorValue:
    """Return a scalar operand."""
    return ops.constant(value, DType.int64, DEVICE)


def custom(op: str, operands: Sequence[TensorValue], shape: Sequence[Dim | int]) -> TensorValue:
    """Return the float32 result of one of Sotto's operations."""
    return ops.custom(op, DEVICE, operands, [float32(shape)])[0].tensor


def in_place(
    op: str, operands: Sequence[TensorValue | BufferValue], shape: Sequence[Dim | int]
) -> TensorValue:
    """Return the float32 result of one of Sotto's operations that also writes to a buffer."""
    return ops.inplace_custom(op, DEVICE, operands, [float32(shape)])[0].tensor


class Layers:
    """The layers of a graph under construction; `name` is that of a layer's parameters."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._weights = {
            p.name: Weight(p.name, DType.from_numpy(np.dtype(p.dtype)), list(p.shape), DEVICE)
            for p in parameters
        }

    def weight(self, name: str) -> TensorValue:
        """Return a parameter."""
        return TensorValue(self._weights[name])

    def linear(
        self,
        name: str,
        x: TensorValue,
        n_out: int,
        *,
        gelu: bool = False,
        add: TensorValue | None = None,
    ) -> TensorValue:
        """Return `add` + gelu(x · weight + bias), (n_rows, n_out); the exact GELU, if any."""
        return self._product(name, x, add, [x.shape[0], n_out], (1, 1, int(gelu)))

    def convolution(
        self,
        name: str,
        x: TensorValue,
        shape: Sequence[Dim | int],
        *,
        stride: int = 1,
        add: TensorValue | None = None,
    ) -> TensorValue:
        """Return `add` + gelu of a convolution of kernel size 3 over the rows of x, padded by 1."""
        return self._product(name, x, add, shape, (stride, 1, 1))

    def planes(self, name: str, x: TensorValue, count: int, n_out: int) -> TensorValue:
        """Return x · weight + bias, its columns cut into matrices (count, n_rows, n_out)."""
        stacked = self._product(name, x, None, [count * x.shape[0], n_out], (1, count, 0))
        return stacked.reshape([count, x.shape[0], n_out])

    def layer_norm(self, name: str, x: TensorValue, rows: TensorValue | None = None) -> TensorValue:
        """Normalise the rows of x, or those of the given indices."""
        shape = [x.shape[0] if rows is None else rows.shape[0], x.shape[1]]
        if rows is None:
            rows = ops.constant(np.zeros(0, np.int64), device=DEVICE)
        gain, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return custom("sotto_layer_norm", [x, gain, bias, rows], shape)

    def query_key_value(self, block: str, x: TensorValue) -> TensorValue:
        """Return the normalised rows' queries, scaled, keys and values, side by side."""
        hidden = self.layer_norm(f"{block}.attn_ln", x)
        return self.linear(f"{block}.attn.qkv", hidden, 3 * int(x.shape[1]))

    def mlp(self, block: str, x: TensorValue) -> TensorValue:
        """Return x plus the output of a block's two-layer perceptron."""
        state = int(x.shape[1])
        hidden = self.layer_norm(f"{block}.mlp_ln", x)
        hidden = self.linear(f"{block}.mlp.0", hidden, 4 * state, gelu=True)
        return self.linear(f"{block}.mlp.2", hidden, state, add=x)

    def embedding(
        self, name: str, tokens: TensorValue, position: TensorValue, state: int
    ) -> TensorValue:
        """Return the embeddings of tokens, the first at `position`, plus those of positions."""
        positions = self.weight("decoder.positional_embedding")
        operands = [tokens, self.weight(f"{name}{PANELS}"), positions, position]
        return custom("sotto_embedding", operands, [tokens.shape[0], state])

    def _product(
        self,
        name: str,
        x: TensorValue,
        addend: TensorValue | None,
        shape: Sequence[Dim | int],
        step_planes_gelu: tuple[int, int, int],
    ) -> TensorValue:
        panels, bias = self.weight(f"{name}{PANELS}"), self.weight(f"{name}.bias")
        scalars = [integer(value) for value in step_planes_gelu]
        return custom("sotto_linear", [x, panels, bias, _rows(addend, shape), *scalars], shape)


class QuantisedLayers(Layers):
    """Layers whose matrices are bytes."""

    def __init__(self, parameters: Iterable[Parameter], instructions: Instructions) -> None:
        super().__init__(quantise(parameters))
        self._instructions = instructions

    def embedding(
        self, name: str, tokens: TensorValue, position: TensorValue, state: int
    ) -> TensorValue:
        """See `Layers.embedding`."""
        positions = self.weight("decoder.positional_embedding")
        panels, scales = self.weight(f"{name}{PANELS}"), self.weight(f"{name}.scales")
        operands = [tokens, panels, scales, positions, position]
        return custom("sotto_quantised_embedding", operands, [tokens.shape[0], state])

    def _product(
        self,
        name: str,
        x: TensorValue,
        addend: TensorValue | None,
        shape: Sequence[Dim | int],
        step_planes_gelu: tuple[int, int, int],
    ) -> TensorValue:
        suffixes = (PANELS, ".scales", ".corrections", ".bias")
        weights = [self.weight(f"{name}{suffix}") for suffix in suffixes]
        scalars = [integer(value) for value in (*step_planes_gelu, self._instructions)]
        operands = [x, *weights, _rows(addend, shape), *scalars]
        return custom("sotto_quantised_linear", operands, shape)


def _rows(addend: TensorValue | None, shape: Sequence[Dim | int]) -> TensorValue:
    """Return the addend, or one without rows, which the kernels take for none."""
    if addend is not None:
        return addend
    return ops.constant(np.zeros((0, int(shape[1])), np.float32), device=DEVICE)
