"""The weights of the graphs: names, shapes, and how each is made from a checkpoint's.

Everything that is done to a weight before it meets a graph is done here: convolutions become
matrices, query, key and value become one, the attention scale enters the query, and matrices
are cut into panels of columns for the linear kernel.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import Array

PANEL = 32
"""Output columns of a panel, as in kernels/linear/panels.mojo."""
PANELS = ".panels"
"""How the names of matrices end."""

Checkpoint = Mapping[str, Array]
"""Weights under openai-whisper's names."""
Make = Callable[[Checkpoint], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A weight as a graph uses it."""

    name: str
    shape: tuple[int, ...]
    make: Make
    dtype: type[np.generic] = np.float32


def registry(parameters: Iterable[Parameter], checkpoint: Checkpoint) -> dict[str, NDArray[Any]]:
    """Make the arrays that a compiled graph is initialised with.

    MAX reads the memory as it finds it, so each is checked to be contiguous and of the type and
    shape that the graph was compiled for.
    """
    arrays = {p.name: np.ascontiguousarray(p.make(checkpoint)) for p in parameters}
    for parameter in parameters:
        array = arrays[parameter.name]
        if array.dtype != parameter.dtype or array.shape != parameter.shape:
            raise ValueError(f"{parameter.name} is {array.dtype} {array.shape}")
    return arrays


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


def _matrix(name: str, n_out: int, n_in: int, weight: Make, bias: Make) -> Iterator[Parameter]:
    """A matrix (n_out, n_in) and its bias, as the linear kernel takes them."""
    n_panels = -(-n_out // PANEL)

    def panels(checkpoint: Checkpoint) -> Array:
        rows = np.zeros((n_panels * PANEL, n_in), np.float32)
        rows[:n_out] = weight(checkpoint)
        return rows.reshape(n_panels, PANEL, n_in).transpose(0, 2, 1)

    def padded(checkpoint: Checkpoint) -> Array:
        return np.pad(bias(checkpoint), (0, n_panels * PANEL - n_out))

    yield Parameter(f"{name}{PANELS}", (n_panels, n_in, PANEL), panels)
    yield Parameter(f"{name}.bias", (n_panels * PANEL,), padded)


def _same(name: str, *shape: int) -> Parameter:
    return Parameter(name, shape, lambda checkpoint: checkpoint[name])


def _linear(name: str, n_out: int, n_in: int) -> Iterator[Parameter]:
    yield from _matrix(
        name, n_out, n_in, lambda c: c[f"{name}.weight"], lambda c: c[f"{name}.bias"]
    )


def _norm(name: str, state: int) -> Iterator[Parameter]:
    yield _same(f"{name}.weight", state)
    yield _same(f"{name}.bias", state)


def _mlp(name: str, state: int) -> Iterator[Parameter]:
    yield from _norm(f"{name}.mlp_ln", state)
    yield from _linear(f"{name}.mlp.0", 4 * state, state)
    yield from _linear(f"{name}.mlp.2", state, 4 * state)


def _convolution(name: str, n_out: int, n_in: int) -> Iterator[Parameter]:
    """A convolution over three rows, as a matrix that multiplies the three rows side by side."""

    def weight(c: Checkpoint) -> Array:
        return c[f"{name}.weight"].transpose(0, 2, 1).reshape(n_out, 3 * n_in)

    yield from _matrix(name, n_out, 3 * n_in, weight, lambda c: c[f"{name}.bias"])


def _vocabulary(n_vocab: int, state: int) -> Iterator[Parameter]:
    """The token embedding, which is also the projection to logits and has no bias there."""
    name = "decoder.token_embedding"
    no_bias = np.zeros(n_vocab, np.float32)
    yield from _matrix(name, n_vocab, state, lambda c: c[f"{name}.weight"], lambda _: no_bias)


def _query(name: str, state: int, head: int) -> Iterator[Parameter]:
    scale = np.float32(head**-0.5)
    yield from _matrix(
        name,
        state,
        state,
        lambda c: c[f"{name}.weight"] * scale,
        lambda c: c[f"{name}.bias"] * scale,
    )


def _self_attention(block: str, state: int, head: int) -> Iterator[Parameter]:
    scale = np.float32(head**-0.5)
    name = f"{block}.attn"

    def weight(c: Checkpoint) -> Array:
        query, key, value = (c[f"{name}.{part}.weight"] for part in ("query", "key", "value"))
        return np.concatenate([query * scale, key, value])

    def bias(c: Checkpoint) -> Array:
        query, value = c[f"{name}.query.bias"], c[f"{name}.value.bias"]
        return np.concatenate([query * scale, np.zeros_like(query), value])

    yield from _norm(f"{block}.attn_ln", state)
    yield from _matrix(f"{name}.qkv", 3 * state, state, weight, bias)
    yield from _linear(f"{name}.out", state, state)


def _cross_projections(dims: ModelDimensions) -> Iterator[Parameter]:
    """All decoder layers' keys and values of the audio as one matrix, a layer after the other."""
    layers = [f"decoder.blocks.{index}.cross_attn" for index in range(dims.n_text_layer)]

    def weight(c: Checkpoint) -> Array:
        return np.concatenate(
            [c[f"{n}.{part}.weight"] for n in layers for part in ("key", "value")]
        )

    def bias(c: Checkpoint) -> Array:
        values = [c[f"{n}.value.bias"] for n in layers]
        return np.concatenate([part for value in values for part in (np.zeros_like(value), value)])

    n_out = 2 * dims.n_text_layer * dims.n_text_state
    yield from _matrix("decoder.cross_attn", n_out, dims.n_audio_state, weight, bias)
