"""Whisper's layers of MAX's own operations, which have code for NVIDIA's processors, too.

The factors of products and what they give are float32 or bfloat16; bias, sums, norms and softmax
are float32, and so is all that goes from layer to layer. Run on the CPU, in both types; for a GPU
it has been compiled, but untried on one. MAX copies the whole cache out for each layer, which a
CPU takes tens of milliseconds for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from max.dtype import DType
from max.graph import (
    BufferType,
    BufferValue,
    DeviceRef,
    Dim,
    Graph,
    Module,
    TensorType,
    TensorValue,
    Value,
    Weight,
    ops,
)
from numpy.typing import NDArray

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.decoder import decode_tokens
from sotto.inference.graphs.encoder import POSITIONS, encoded
from sotto.inference.graphs.layers import HEAD_DIM, SCALAR, Form, Layers, MakeLayers
from sotto.inference.graphs.parameters import (
    PANELS,
    Checkpoint,
    Parameter,
    decoder_parameters,
    encoder_parameters,
)

EPSILON = 1e-5
"""Of layer normalisations, as in torch."""
MATRIX = ".weight"
"""How the names of matrices end here."""


def unpacked(parameters: Iterable[Parameter], dtype: DType) -> list[Parameter]:
    """Replace the panels of every matrix by its rows (n_out, n_in); bfloat16 as uint16 bits.

    As many rows as the panels have columns: those past the matrix are zero.
    """
    return [_unpacked(parameter, dtype) for parameter in parameters]


def _unpacked(parameter: Parameter, dtype: DType) -> Parameter:
    if not parameter.name.endswith(PANELS):
        return parameter
    n_panels, n_in, panel = parameter.shape

    def rows(checkpoint: Checkpoint) -> Iterator[NDArray[Any]]:
        for panels in parameter.pieces(checkpoint):
            matrix = panels.transpose(0, 2, 1).reshape(-1, n_in)
            yield to_bfloat16(matrix) if dtype is DType.bfloat16 else matrix

    return Parameter(
        name=parameter.name.removesuffix(PANELS) + MATRIX,
        shape=(n_panels * panel, n_in),
        make=rows,
        dtype=np.uint16 if dtype is DType.bfloat16 else np.float32,
    )


def to_bfloat16(floats: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return the bits of finite numbers, rounded to nearest even."""
    bits = np.ascontiguousarray(floats).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


@dataclass(frozen=True, slots=True)
class OneSequence:
    """What the tokens of one sequence see.

    Attributes:
        keys, values: (n_text_layer, n_text_ctx, state), of which `position` rows are there.
        audio: (2 * n_text_layer * n_text_head, n_ctx, HEAD_DIM), a layer's keys before its values.
        slots: (n_text_layer, n_text_head), for each head the entry of scores to fill or -1.
        scores: before softmax, (n_kept, n, n_ctx).
    """

    keys: BufferValue
    values: BufferValue
    position: TensorValue
    audio: TensorValue
    slots: TensorValue
    scores: BufferValue


class StockLayers(Layers):
    """Layers of MAX's own operations on a device, whose products are of `dtype`.

    Positions and numbers of threads stay with the CPU.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        threads: TensorValue,
        device: DeviceRef,
        dtype: DType,
    ) -> None:
        super().__init__([], threads)
        self.kept = self._dtype = dtype
        self._device = device
        self._weights = {
            p.name: Weight(p.name, _dtype(p), list(p.shape), device)
            for p in unpacked(parameters, dtype)
        }

    def convolution(
        self,
        name: str,
        x: TensorValue,
        shape: Sequence[Dim | int],
        *,
        stride: int = 1,
        add: TensorValue | None = None,
    ) -> TensorValue:
        """See `Layers.convolution`."""
        return self._product(name, _triples(x, shape[0], stride), add, Form(shape, gelu=True))

    def layer_norm(self, name: str, x: TensorValue, rows: TensorValue | None = None) -> TensorValue:
        """See `Layers.layer_norm`."""
        x = x if rows is None else ops.gather(x, rows, axis=0)
        gain, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return ops.layer_norm(x, gain, bias, EPSILON)

    def embedding(self, name: str, tokens: TensorValue, context: OneSequence) -> TensorValue:
        """See `DecoderLayers.embedding`."""
        position, n = context.position, tokens.shape[0]
        positions = self.weight("decoder.positional_embedding")
        places = slice(position, position + TensorValue(n))
        embedded = ops.gather(self.weight(f"{name}{MATRIX}"), tokens, axis=0)
        return embedded.cast(DType.float32) + positions[(places, n), :]

    def self_attention(
        self,
        qkv: TensorValue,
        layer: int,  # noqa: ARG002 (of a window's memory)
        window: TensorValue | None,
    ) -> TensorValue:
        """See `Layers.self_attention`; the rows are all of the window."""
        if window is not None:
            raise ValueError("there are no windows on this device")
        query, keys, values = (_heads(part) for part in _thirds(qkv))
        return self._weighed(self._scores(query, keys), values)

    def cached_self_attention(
        self, qkv: TensorValue, layer: int, context: OneSequence
    ) -> TensorValue:
        """See `DecoderLayers.cached_self_attention`."""
        query, new_keys, new_values = _thirds(qkv)
        keys = _appended(context.keys, new_keys, layer, context.position)
        values = _appended(context.values, new_values, layer, context.position)
        scores = self._scores(_heads(query), _heads(keys))
        return self._weighed(self._causal(scores, context.position), _heads(values))

    def cross_attention(self, query: TensorValue, layer: int, context: OneSequence) -> TensorValue:
        """See `DecoderLayers.cross_attention`."""
        n_heads = int(query.shape[1]) // HEAD_DIM
        keys, values = (
            context.audio[(2 * layer + part) * n_heads : (2 * layer + part + 1) * n_heads]
            for part in range(2)
        )
        scores = self._scores(_heads(query), keys)
        _keep(scores, context.slots[layer], context.scores)
        return self._weighed(scores, values)

    def _product(
        self, name: str, x: TensorValue, addend: TensorValue | None, form: Form
    ) -> TensorValue:
        x = self.layer_norm(form.norm, x) if form.norm else x
        n_rows, n_out = form.shape[0], form.planes * int(form.shape[1])
        y = self._matmul(x, self.weight(f"{name}{MATRIX}").T) + self.weight(f"{name}.bias")
        y = y[:, :n_out]
        y = ops.gelu(y) if form.gelu else y
        if addend is not None:
            y += addend[(slice(0, TensorValue(n_rows)), n_rows), :]
        return y if form.planes == 1 else _planes(y, form).cast(self.kept)

    def _matmul(self, a: TensorValue, b: TensorValue) -> TensorValue:
        return ops.matmul(a.cast(self._dtype), b.cast(self._dtype)).cast(DType.float32)

    def _scores(self, query: TensorValue, keys: TensorValue) -> TensorValue:
        """Return (n_head, n, n_ctx) of scaled queries (n_head, n, 64) and keys like them."""
        return self._matmul(query, keys.transpose(1, 2))

    def _weighed(self, scores: TensorValue, values: TensorValue) -> TensorValue:
        """Return the mean of the values by the softmax of scores, (n, state)."""
        mean = self._matmul(ops.softmax(scores), values).transpose(0, 1)
        return mean.reshape([mean.shape[0], mean.shape[1] * HEAD_DIM])

    def _causal(self, scores: TensorValue, position: TensorValue) -> TensorValue:
        """Return scores (n_head, n, position + n) with -inf for the keys after each query."""
        _, n, length = scores.shape
        query = self._range(n) + position.to(self._device)
        seen = self._range(length).reshape([1, length]) <= query.reshape([n, 1])
        never = ops.constant(-np.inf, DType.float32, self._device)
        return ops.where(seen, scores, never)

    def _range(self, length: Dim) -> TensorValue:
        return ops.range(0, TensorValue(length), 1, length, dtype=DType.int64, device=self._device)


def stock_encoder_graph(
    dims: ModelDimensions, module: Module, make_layers: MakeLayers[StockLayers], device: DeviceRef
) -> Graph:
    """Build the encoder for whole windows.

    Inputs: normalised mel, two frames a row, (n_ctx, 2 * n_mels); threads int64 (), not used.
    Outputs: those of `encoder_graph`.
    """

    def forward(mel: TensorValue, threads: TensorValue) -> tuple[TensorValue, TensorValue]:
        layers = make_layers(encoder_parameters(dims), threads)
        return encoded(layers, dims, mel, layers.weight(POSITIONS), None)

    types = [TensorType(DType.float32, ["n_ctx", 2 * dims.n_mels], device), SCALAR]
    return Graph("encoder", forward=forward, input_types=types, module=module)


def stock_decoder_graph(
    dims: ModelDimensions,
    module: Module,
    make_layers: MakeLayers[StockLayers],
    kept: DType,
    device: DeviceRef,
) -> Graph:
    """Build the decoder for any number of new tokens of one sequence.

    Inputs: tokens int64 (n,); position int64 () of the first; rows int64 (r,), the tokens whose
    logits are wanted; then what `OneSequence` has: audio, of type `kept`, and slots; threads
    int64 (), not used; the buffers keys, values and scores. Output: logits (r, n_vocab).
    """

    def forward(*operands: Value) -> TensorValue:
        tokens, position, rows, audio, slots, threads = (each.tensor for each in operands[:6])
        keys, values, scores = (each.buffer for each in operands[6:])
        layers = make_layers(decoder_parameters(dims), threads)
        context = OneSequence(keys, values, position, audio, slots, scores)
        return decode_tokens(layers, layers, dims, tokens, rows, context)

    types = _decoder_inputs(dims, kept, device)
    return Graph("decoder", forward=forward, input_types=types, module=module)


def _decoder_inputs(
    dims: ModelDimensions, kept: DType, device: DeviceRef
) -> list[TensorType | BufferType]:
    cache = [dims.n_text_layer, dims.n_text_ctx, dims.n_text_state]
    return [
        TensorType(DType.int64, ["n"], device),
        SCALAR,
        TensorType(DType.int64, ["r"], device),
        TensorType(kept, [2 * dims.n_text_layer * dims.n_text_head, "n_ctx", HEAD_DIM], device),
        TensorType(DType.int32, [dims.n_text_layer, dims.n_text_head], device),
        SCALAR,
        BufferType(DType.float32, cache, device),
        BufferType(DType.float32, cache, device),
        BufferType(DType.float32, ["n_kept", "n_scored", "n_heard"], device),
    ]


def _dtype(parameter: Parameter) -> DType:
    if parameter.dtype is np.uint16:
        return DType.bfloat16
    return DType.from_numpy(np.dtype(parameter.dtype))


def _triples(x: TensorValue, n_rows: Dim | int, stride: int) -> TensorValue:
    """Return every `stride`th row between its two neighbours, (n_rows, 3 * width)."""
    padded = ops.pad(x, [1, 1, 0, 0])
    span = stride * TensorValue(n_rows)
    rows = (slice(first, first + span, stride) for first in range(3))
    return ops.concat([padded[(each, n_rows), :] for each in rows], axis=1)


def _thirds(qkv: TensorValue) -> list[TensorValue]:
    parts: list[TensorValue] = ops.split(qkv, [int(qkv.shape[1]) // 3] * 3, axis=1)
    return parts


def _heads(x: TensorValue) -> TensorValue:
    """Return rows (n, state) as (n_head, n, 64)."""
    return x.reshape([x.shape[0], int(x.shape[1]) // HEAD_DIM, HEAD_DIM]).transpose(0, 1)


def _planes(y: TensorValue, form: Form) -> TensorValue:
    n_rows, n_out = y.shape[0], form.shape[1]
    return y.reshape([n_rows, form.planes, n_out]).transpose(0, 1).reshape(form.shape)


def _appended(
    buffer: BufferValue, rows: TensorValue, layer: int, position: TensorValue
) -> TensorValue:
    """Write rows behind the `position` ones that a layer has in the buffer; return them all."""
    before = buffer[layer, (slice(0, position), "n_before"), :]
    end = position + TensorValue(rows.shape[0])
    buffer[layer, (slice(position, end), rows.shape[0]), :] = rows
    return ops.concat([before, rows], axis=0)


def _keep(scores: TensorValue, slots: TensorValue, kept: BufferValue) -> None:
    """Write the scores (n_head, n, n_ctx) of each head whose slot is not -1.

    The others go to one entry more, which is cut off again.
    """
    n_kept = kept.shape[0]
    n, n_ctx = scores.shape[1:]
    held = kept[...].rebind([n_kept, n, n_ctx])
    unwanted = ops.broadcast_to(ops.constant(0, DType.float32, scores.device), [1, n, n_ctx])
    last = TensorValue(n_kept).cast(DType.int32).to(scores.device)
    entries = ops.where(slots < 0, last, slots).reshape([slots.shape[0], 1])
    written = ops.scatter_nd(ops.concat([held, unwanted], axis=0), scores, entries)
    result = written[(slice(0, TensorValue(n_kept)), n_kept), :, :]
    kept[...] = result.rebind(kept.shape)
