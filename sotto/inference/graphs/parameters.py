"""The weights of the graphs: names, shapes, and how each is made from a checkpoint's.

Everything that is done to a weight before it meets a graph is done here: convolutions become
matrices, query, key and value become one, the attention scale enters the query, and matrices
are cut into panels of columns for the linear kernel.

Matrices are made a few panels at a time, so that packing a model holds little of it as floats: the
token embedding of a small model is most of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto.inference.checkpoint.tensors import Weights
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import Array

PANEL = 32
"""Output columns of a panel, as in kernels/linear/panels.mojo."""
PANELS = ".panels"
"""How the names of matrices end."""
NUMBERS_AT_ONCE = 1 << 20
"""Most of a matrix that are made at once, unless a panel alone has more: 4 MB as floats."""

Checkpoint = Mapping[str, Array]
"""Weights under openai-whisper's names."""
Make = Callable[[Checkpoint], Iterator[NDArray[Any]]]
"""Yields an array in pieces, cut along its first axis."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A weight as a graph uses it."""

    name: str
    shape: tuple[int, ...]
    make: Make
    dtype: type[np.generic] = np.float32

    def pieces(self, checkpoint: Checkpoint) -> Iterator[NDArray[Any]]:
        """Make it piece by piece.

        MAX reads the memory as it finds it, so each piece is contiguous, and all are checked to
        make up the type and shape that the graph was compiled for.
        """
        n_rows = 0
        for made in self.make(checkpoint):
            piece = np.ascontiguousarray(made)
            n_rows += len(piece)
            if piece.dtype != self.dtype or piece.shape[1:] != self.shape[1:]:
                raise ValueError(f"{self.name} is {piece.dtype} {piece.shape}")
            yield piece
        if n_rows != self.shape[0]:
            raise ValueError(f"{self.name} has {n_rows} rows")


def registry(parameters: Iterable[Parameter], checkpoint: Checkpoint) -> dict[str, NDArray[Any]]:
    """Make the arrays that a compiled graph is initialised with."""
    return {parameter.name: _whole(parameter, checkpoint) for parameter in parameters}


def _whole(parameter: Parameter, checkpoint: Checkpoint) -> NDArray[Any]:
    pieces = list(parameter.pieces(checkpoint))
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a matrix: the weight and bias of one layer of the checkpoint.

    The bias of keys is always zero, and so is that of the projection to logits.
    """

    name: str
    n_rows: int
    scale: float = 1.0
    has_bias: bool = True

    def rows(self, checkpoint: Checkpoint, start: int, stop: int) -> Array:
        """Return rows (stop - start, n_in); a convolution's three side by side."""
        rows = _rows(checkpoint, f"{self.name}.weight", start, stop)
        if rows.ndim > 2:
            rows = rows.transpose(0, 2, 1).reshape(len(rows), -1)
        return rows * np.float32(self.scale)

    def bias(self, checkpoint: Checkpoint) -> Array:
        if not self.has_bias:
            return np.zeros(self.n_rows, np.float32)
        return checkpoint[f"{self.name}.bias"] * np.float32(self.scale)


def _rows(checkpoint: Checkpoint, name: str, start: int, stop: int) -> Array:
    if isinstance(checkpoint, Weights):
        return checkpoint.rows(name, start, stop)  # converts no others
    return checkpoint[name][start:stop]


def encoder_parameters(dims: ModelDimensions) -> list[Parameter]:
    """List the encoder's weights, and the decoder's projections of its output."""
    state = dims.n_audio_state
    return [
        *_convolution("encoder.conv1", state, dims.n_mels),
        *_convolution("encoder.conv2", state, state),
        _same("encoder.positional_embedding", dims.n_audio_ctx, state),
        *_blocks("encoder", dims.n_audio_layer, lambda name: encoder_block(name, dims)),
        *_norm("encoder.ln_post", state),
        *_cross_projections(dims),
    ]


def encoder_block(name: str, dims: ModelDimensions) -> Iterator[Parameter]:
    """List the weights of one encoder block, in the order in which the block takes them."""
    state = dims.n_audio_state
    yield from _self_attention(name, state, state // dims.n_audio_head)
    yield from _mlp(name, state)


def decoder_parameters(dims: ModelDimensions) -> list[Parameter]:
    """List the decoder's weights."""
    state = dims.n_text_state
    return [
        *_vocabulary(dims.n_vocab, state),
        _same("decoder.positional_embedding", dims.n_text_ctx, state),
        *_blocks("decoder", dims.n_text_layer, lambda name: decoder_block(name, dims)),
        *_norm("decoder.ln", state),
    ]


def decoder_block(name: str, dims: ModelDimensions) -> Iterator[Parameter]:
    """List the weights of one decoder block, in the order in which the block takes them."""
    state = dims.n_text_state
    head = state // dims.n_text_head
    yield from _self_attention(name, state, head)
    yield from _norm(f"{name}.cross_attn_ln", state)
    yield from _query(f"{name}.cross_attn.query", state, head)
    yield from _linear(f"{name}.cross_attn.out", state, state)
    yield from _mlp(name, state)


def _blocks(
    stack: str, count: int, block: Callable[[str], Iterator[Parameter]]
) -> Iterator[Parameter]:
    for index in range(count):
        yield from block(f"{stack}.blocks.{index}")


def _matrix(name: str, n_in: int, parts: Sequence[_Part]) -> Iterator[Parameter]:
    """A matrix of the parts' rows below each other, and its bias, as the linear kernel takes it."""
    n_out = sum(part.n_rows for part in parts)
    n_panels = -(-n_out // PANEL)
    step = max(1, NUMBERS_AT_ONCE // (PANEL * n_in))  # in panels

    def panels(checkpoint: Checkpoint) -> Iterator[Array]:
        for first in range(0, n_panels, step):
            count = min(step, n_panels - first)
            rows = np.zeros((count * PANEL, n_in), np.float32)
            _fill(rows, first * PANEL, parts, checkpoint)
            yield rows.reshape(count, PANEL, n_in).transpose(0, 2, 1)

    def bias(checkpoint: Checkpoint) -> Iterator[Array]:
        biases = np.concatenate([part.bias(checkpoint) for part in parts])
        yield np.pad(biases, (0, n_panels * PANEL - n_out))

    yield Parameter(f"{name}{PANELS}", (n_panels, n_in, PANEL), panels)
    yield Parameter(f"{name}.bias", (n_panels * PANEL,), bias)


def _fill(rows: Array, first: int, parts: Sequence[_Part], checkpoint: Checkpoint) -> None:
    """Fill in the rows of a matrix from `first` on; what is past its end stays as it is."""
    begin = 0
    for part in parts:
        start = max(first, begin)
        stop = min(first + len(rows), begin + part.n_rows)
        if start < stop:
            rows[start - first : stop - first] = part.rows(checkpoint, start - begin, stop - begin)
        begin += part.n_rows


def _same(name: str, *shape: int) -> Parameter:
    def make(checkpoint: Checkpoint) -> Iterator[Array]:
        yield checkpoint[name]

    return Parameter(name, shape, make)


def _linear(name: str, n_out: int, n_in: int) -> Iterator[Parameter]:
    yield from _matrix(name, n_in, [_Part(name, n_out)])


def _norm(name: str, state: int) -> Iterator[Parameter]:
    yield _same(f"{name}.weight", state)
    yield _same(f"{name}.bias", state)


def _mlp(name: str, state: int) -> Iterator[Parameter]:
    yield from _norm(f"{name}.mlp_ln", state)
    yield from _linear(f"{name}.mlp.0", 4 * state, state)
    yield from _linear(f"{name}.mlp.2", state, 4 * state)


def _convolution(name: str, n_out: int, n_in: int) -> Iterator[Parameter]:
    """A convolution over three rows, as a matrix that multiplies the three rows side by side."""
    yield from _matrix(name, 3 * n_in, [_Part(name, n_out)])


def _vocabulary(n_vocab: int, state: int) -> Iterator[Parameter]:
    """The token embedding, which is also the projection to logits."""
    name = "decoder.token_embedding"
    yield from _matrix(name, state, [_Part(name, n_vocab, has_bias=False)])


def _query(name: str, state: int, head: int) -> Iterator[Parameter]:
    yield from _matrix(name, state, [_Part(name, state, head**-0.5)])


def _self_attention(block: str, state: int, head: int) -> Iterator[Parameter]:
    name = f"{block}.attn"
    parts = [
        _Part(f"{name}.query", state, head**-0.5),
        _Part(f"{name}.key", state, has_bias=False),
        _Part(f"{name}.value", state),
    ]
    yield from _norm(f"{block}.attn_ln", state)
    yield from _matrix(f"{name}.qkv", state, parts)
    yield from _linear(f"{name}.out", state, state)


def _cross_projections(dims: ModelDimensions) -> Iterator[Parameter]:
    """All decoder layers' keys and values of the audio as one matrix, a layer after the other."""
    layers = [f"decoder.blocks.{index}.cross_attn" for index in range(dims.n_text_layer)]
    parts = [
        _Part(f"{layer}.{part}", dims.n_text_state, has_bias=part == "value")
        for layer in layers
        for part in ("key", "value")
    ]
    yield from _matrix("decoder.cross_attn", dims.n_audio_state, parts)
