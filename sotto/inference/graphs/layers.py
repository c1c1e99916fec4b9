"""The operations that the encoder and the decoder are made of, on the CPU."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from max.dtype import DType
from max.graph import DeviceRef, Dim, TensorType, TensorValue, Weight, ops

from sotto.inference.graphs.parameters import PANELS, Parameter
from sotto.inference.graphs.quantised import INPUTS, quantise
from sotto.kernels.processor import Instructions

DEVICE = DeviceRef.CPU()
SCALAR = TensorType(DType.int64, [], DEVICE)
"""The type of a number that is known only when a graph runs."""
HEAD_DIM = 64
"""Width of a head in every Whisper model."""
NO_BYTES = -1
"""In place of `Instructions` where an operation is to compute with floats."""

L = TypeVar("L", bound="Layers")
MakeLayers = Callable[[Iterable[Parameter], TensorValue], L]
"""How a graph gets its layers, with what precision: of parameters and `threads`."""


def float32(shape: Sequence[Dim | int | str]) -> TensorType:
    """Return the type of a float32 tensor."""
    return TensorType(DType.float32, shape, DEVICE)


def integer(value: int) -> TensorValue:
    """Return a scalar operand."""
    return ops.constant(value, DType.int64, DEVICE)


def custom(
    op: str,
    operands: Sequence[TensorValue],
    shape: Sequence[Dim | int],
    dtype: DType = DType.float32,
) -> TensorValue:
    """Return the result of one of Sotto's operations."""
    return ops.custom(op, DEVICE, operands, [TensorType(dtype, shape, DEVICE)])[0].tensor


@dataclass(frozen=True, slots=True)
class Form:
    """What is done to the input of a product and to its output.

    Attributes:
        shape: of the output.
        norm: name of the layer normalisation of the input rows, if any.
        step: input rows from one output row to the next.
        planes: matrices that the output's columns are cut into.
        gelu: whether GELU follows the bias: the exact one, or near enough for bytes.
    """

    shape: Sequence[Dim | int]
    norm: str | None = None
    step: int = 1
    planes: int = 1
    gelu: bool = False

    def scalars(self) -> list[TensorValue]:
        """Return what the kernels take as numbers."""
        return [integer(value) for value in (self.step, self.planes, int(self.gelu))]


@dataclass(frozen=True, slots=True)
class Sequences:
    """Where the tokens that are decoded stand, and what they see there.

    Attributes:
        places: (n, 2), the sequence and the position of each token.
        sequences: (s, 7), addresses and sizes, as in kernels/attention/sequences.mojo.
        slots: (n_text_layer, n_text_head), for each head the entry of a sequence's scores or -1.
        n_text_ctx: positions that a cache has.
    """

    places: TensorValue
    sequences: TensorValue
    slots: TensorValue
    n_text_ctx: int


class Layers:
    """The layers of a graph under construction; `name` is that of a layer's parameters.

    `threads` is how many threads each operation may use, 0 for all of the pool.
    """

    kept: DType = DType.float32
    """What `planes` returns."""

    def __init__(self, parameters: Iterable[Parameter], threads: TensorValue) -> None:
        self.threads = threads
        self._instructions: int = NO_BYTES
        self._weights = {
            p.name: Weight(p.name, DType.from_numpy(np.dtype(p.dtype)), list(p.shape), DEVICE)
            for p in parameters
        }

    def weight(self, name: str) -> TensorValue:
        """Return a parameter."""
        return TensorValue(self._weights[name])

    def linear(  # noqa: PLR0913 (three of them by keyword)
        self,
        name: str,
        x: TensorValue,
        n_out: int,
        *,
        norm: str | None = None,
        gelu: bool = False,
        add: TensorValue | None = None,
    ) -> TensorValue:
        """Return `add` + gelu(norm(x) · weight + bias), (n_rows, n_out)."""
        return self._product(name, x, add, Form([x.shape[0], n_out], norm=norm, gelu=gelu))

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
        return self._product(name, x, add, Form(shape, step=stride, gelu=True))

    def planes(self, name: str, x: TensorValue, count: int, n_out: int) -> TensorValue:
        """Return x · weight + bias, its columns cut into matrices (count, n_rows, n_out).

        They are read again for every token, so byte weights leave them with half precision.
        """
        stacked = self._product(name, x, None, Form([count * x.shape[0], n_out], planes=count))
        return stacked.reshape([count, x.shape[0], n_out])

    def layer_norm(self, name: str, x: TensorValue, rows: TensorValue | None = None) -> TensorValue:
        """Normalise the rows of x, or those of the given indices."""
        shape = [x.shape[0] if rows is None else rows.shape[0], x.shape[1]]
        if rows is None:
            rows = ops.constant(np.zeros(0, np.int64), device=DEVICE)
        gain, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return custom("sotto_layer_norm", [x, gain, bias, rows, self.threads], shape)

    def query_key_value(self, block: str, x: TensorValue) -> TensorValue:
        """Return the normalised rows' queries, scaled, keys and values, side by side."""
        return self.linear(f"{block}.attn.qkv", x, 3 * int(x.shape[1]), norm=f"{block}.attn_ln")

    def self_attention(
        self, qkv: TensorValue, layer: int, window: TensorValue | None
    ) -> TensorValue:
        """Return the attention of rows by `query_key_value` to all of a window that they enter.

        A window is what kernels/attention/encoder.mojo makes of it. None, where a device knows no
        windows: the rows are all of it.
        """
        if window is None:
            raise ValueError("these layers attend within windows only")
        numbers = [integer(layer), integer(self._instructions), self.threads]
        shape = [qkv.shape[0], int(qkv.shape[1]) // 3]
        return custom("sotto_self_attention", [qkv, window, *numbers], shape)

    def mlp(self, block: str, x: TensorValue) -> TensorValue:
        """Return x plus the output of a block's two-layer perceptron."""
        state = int(x.shape[1])
        hidden = self.linear(f"{block}.mlp.0", x, 4 * state, norm=f"{block}.mlp_ln", gelu=True)
        return self.linear(f"{block}.mlp.2", hidden, state, add=x)

    def _product(
        self, name: str, x: TensorValue, addend: TensorValue | None, form: Form
    ) -> TensorValue:
        x = self.layer_norm(form.norm, x) if form.norm else x
        weights = [self.weight(f"{name}{PANELS}"), self.weight(f"{name}.bias")]
        operands = [x, *weights, _rows(addend, form.shape), *form.scalars(), self.threads]
        return custom("sotto_linear", operands, form.shape)


class FloatLayers(Layers):
    """The layers in float32, with those that only a decoder has."""

    def embedding(self, name: str, tokens: TensorValue, context: Sequences) -> TensorValue:
        """Return the embeddings (n, state) of tokens (n,), plus those of their positions."""
        positions = self.weight("decoder.positional_embedding")
        operands = [tokens, *self._embedded(name), positions, context.places]
        return custom(self._embedding, operands, [tokens.shape[0], positions.shape[1]])

    def cached_self_attention(
        self, qkv: TensorValue, layer: int, context: Sequences
    ) -> TensorValue:
        """Append to the caches; return each row's attention to what was there, and causally."""
        numbers = [integer(layer), integer(context.n_text_ctx), self.threads]
        operands = [qkv, context.places, context.sequences, *numbers]
        shape = [qkv.shape[0], int(qkv.shape[1]) // 3]
        return custom("sotto_cached_self_attention", operands, shape)

    def cross_attention(self, query: TensorValue, layer: int, context: Sequences) -> TensorValue:
        """Return the attention of scaled queries to the audio; keep the scores asked for."""
        halves = integer(int(self.kept is DType.float16))
        numbers = [integer(layer), context.slots, halves, self.threads]
        operands = [query, context.places, context.sequences, *numbers]
        return custom("sotto_cross_attention", operands, query.shape)

    _embedding = "sotto_embedding"

    def _embedded(self, name: str) -> list[TensorValue]:
        return [self.weight(f"{name}{PANELS}")]


class QuantisedLayers(FloatLayers):
    """Layers whose matrices are bytes."""

    kept = DType.float16

    def __init__(
        self, parameters: Iterable[Parameter], threads: TensorValue, instructions: Instructions
    ) -> None:
        super().__init__(quantise(parameters), threads)
        self._instructions = instructions

    def mlp(self, block: str, x: TensorValue) -> TensorValue:
        """See `Layers.mlp`."""
        layers = [*self._matrix(f"{block}.mlp.0"), *self._matrix(f"{block}.mlp.2")]
        scalars = [integer(self._instructions), self.threads]
        operands = [x, *self._norm(f"{block}.mlp_ln"), *layers, *scalars]
        return custom("sotto_quantised_mlp", operands, x.shape)

    def _product(
        self, name: str, x: TensorValue, addend: TensorValue | None, form: Form
    ) -> TensorValue:
        weights = [*self._norm(form.norm), *self._matrix(name)]
        scalars = [*form.scalars(), integer(self._instructions), self.threads]
        operands = [x, *weights, _rows(addend, form.shape), *scalars]
        dtype = self.kept if form.planes > 1 else DType.float32
        return custom("sotto_quantised_linear", operands, form.shape, dtype)

    _embedding = "sotto_quantised_embedding"

    def _embedded(self, name: str) -> list[TensorValue]:
        return [self.weight(f"{name}{suffix}") for suffix in (PANELS, ".scales", INPUTS)]

    def _matrix(self, name: str) -> list[TensorValue]:
        suffixes = (PANELS, ".scales", ".corrections", ".bias")
        return [self.weight(f"{name}{suffix}") for suffix in suffixes]

    def _norm(self, name: str | None) -> list[TensorValue]:
        if name is None:
            return [ops.constant(np.zeros(0, np.float32), device=DEVICE)] * 2
        return [self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]


def _rows(addend: TensorValue | None, shape: Sequence[Dim | int]) -> TensorValue:
    """Return the addend, or one without rows, which the kernels take for none."""
    if addend is not None:
        return addend
    return ops.constant(np.zeros((0, int(shape[1])), np.float32), device=DEVICE)
