"""The operations that the encoder and the decoder are made of, on float32 and the CPU."""

from collections.abc import Iterable, Sequence

import numpy as np
from max.dtype import DType
from max.graph import BufferValue, DeviceRef, Dim, TensorType, TensorValue, Weight, ops

from sotto.inference.graphs.parameters import Parameter

DEVICE = DeviceRef.CPU()


class Weights:
    """The weights of a graph under construction, each named once."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._nodes = {
            p.name: Weight(p.name, DType.float32, list(p.shape), DEVICE) for p in parameters
        }

    def __getitem__(self, name: str) -> TensorValue:
        return TensorValue(self._nodes[name])


def float32(shape: Sequence[Dim | int | str]) -> TensorType:
    """Return the type of a float32 tensor."""
    return TensorType(DType.float32, shape, DEVICE)


def integer(value: int) -> TensorValue:
    """Return a scalar operand."""
    return ops.constant(value, DType.int64, DEVICE)


def linear(
    weights: Weights,
    name: str,
    x: TensorValue,
    n_out: int,
    *,
    gelu: bool = False,
    add: TensorValue | None = None,
) -> TensorValue:
    """Return `add` + gelu(x · weight + bias), (n_rows, n_out); the exact GELU, if any."""
    return _linear(weights, name, x, (x.shape[0], n_out), gelu=gelu, add=add)


def convolution(
    weights: Weights,
    name: str,
    x: TensorValue,
    shape: tuple[Dim, int],
    *,
    stride: int = 1,
    add: TensorValue | None = None,
) -> TensorValue:
    """Return `add` + gelu of a convolution of kernel size 3 over the rows of x, padded by 1."""
    return _linear(weights, name, x, shape, step=stride, gelu=True, add=add)


def _linear(
    weights: Weights,
    name: str,
    x: TensorValue,
    shape: tuple[Dim, int],
    *,
    step: int = 1,
    gelu: bool,
    add: TensorValue | None,
) -> TensorValue:
    if add is None:
        add = ops.constant(np.zeros((0, shape[1]), np.float32), device=DEVICE)
    panels, bias = weights[f"{name}.panels"], weights[f"{name}.bias"]
    operands = [x, panels, bias, add, integer(step), integer(int(gelu))]
    return ops.custom("sotto_linear", DEVICE, operands, [float32(shape)])[0].tensor


def layer_norm(weights: Weights, name: str, x: TensorValue) -> TensorValue:
    """Normalise the rows of x."""
    operands = [x, weights[f"{name}.weight"], weights[f"{name}.bias"]]
    return ops.custom("sotto_layer_norm", DEVICE, operands, [x.type])[0].tensor


def mlp(weights: Weights, block: str, x: TensorValue) -> TensorValue:
    """Return x plus the output of a block's two-layer perceptron."""
    state = int(x.shape[1])
    hidden = layer_norm(weights, f"{block}.mlp_ln", x)
    hidden = linear(weights, f"{block}.mlp.0", hidden, 4 * state, gelu=True)
    return linear(weights, f"{block}.mlp.2", hidden, state, add=x)


def query_key_value(weights: Weights, block: str, x: TensorValue) -> TensorValue:
    """Return the normalised rows' queries, scaled, keys and values, side by side."""
    hidden = layer_norm(weights, f"{block}.attn_ln", x)
    return linear(weights, f"{block}.attn.qkv", hidden, 3 * int(x.shape[1]))


def in_place(
    name: str, like: TensorValue, operands: Sequence[TensorValue | BufferValue]
) -> TensorValue:
    """Return the result, typed as `like`, of an op that also writes to a buffer."""
    return ops.inplace_custom(name, DEVICE, operands, [like.type])[0].tensor
