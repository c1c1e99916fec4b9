"""Whisper's decoder as one MAX graph for prefill and step; openai-whisper's `TextDecoder`.

It runs tokens of any number of sequences at once: reading the weights takes most of a step's time,
and is done once for all of them.
"""

from typing import Protocol, TypeVar

from max.dtype import DType
from max.graph import Graph, Module, TensorType, TensorValue, Value

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.layers import DEVICE, SCALAR, FloatLayers, Layers, MakeLayers, Sequences
from sotto.inference.graphs.parameters import decoder_parameters
from sotto.kernels.library import kernel_library

SEQUENCE_COLUMNS = 7
"""What the graph is told of a sequence, see kernels/attention/sequences.mojo."""

Context_contra = TypeVar("Context_contra", contravariant=True)


class DecoderLayers(Protocol[Context_contra]):
    """Layers that know in what context a token is decoded: its cache and its audio."""

    def embedding(self, name: str, tokens: TensorValue, context: Context_contra) -> TensorValue:
        """Return the embeddings (n, state) of tokens (n,), plus those of their positions."""
        ...

    def cached_self_attention(
        self, qkv: TensorValue, layer: int, context: Context_contra
    ) -> TensorValue:
        """Append to the caches; return each row's attention to what was there, and causally."""
        ...

    def cross_attention(
        self, query: TensorValue, layer: int, context: Context_contra
    ) -> TensorValue:
        """Return the attention of scaled queries to the audio; keep the scores asked for."""
        ...


def decoder_graph(
    dims: ModelDimensions,
    module: Module | None = None,
    make_layers: MakeLayers[FloatLayers] = FloatLayers,
) -> Graph:
    """Build the decoder for any number of new tokens, in sequences of any number of cached ones.

    Inputs: tokens int64 (n,); places int64 (n, 2), each token's sequence and position; sequences
    int64 (s, SEQUENCE_COLUMNS), where their caches and their audio lie in memory, the audio of the
    type that `kept` of the layers says; rows int64 (r,), the tokens whose logits are wanted;
    slots int32 (n_text_layer, n_text_head), for each head the entry of scores to fill or -1;
    threads int64 (), 0 for all.
    Output: logits (r, n_vocab).
    """

    def forward(*operands: Value) -> TensorValue:
        tokens, places, sequences, rows, slots, threads = (each.tensor for each in operands)
        layers = make_layers(decoder_parameters(dims), threads)
        context = Sequences(places, sequences, slots, dims.n_text_ctx)
        return decode_tokens(layers, layers, dims, tokens, rows, context)

    types = [
        TensorType(DType.int64, ["n"], DEVICE),
        TensorType(DType.int64, ["n", 2], DEVICE),
        TensorType(DType.int64, ["s", SEQUENCE_COLUMNS], DEVICE),
        TensorType(DType.int64, ["r"], DEVICE),
        TensorType(DType.int32, [dims.n_text_layer, dims.n_text_head], DEVICE),
        SCALAR,
    ]
    return Graph(
        "decoder",
        forward=forward,
        input_types=types,
        kernel_library=kernel_library(),
        module=module,
    )


def decode_tokens(  # noqa: PLR0913, PLR0917 (what a decoder takes)
    layers: Layers,
    decoding: DecoderLayers[Context_contra],
    dims: ModelDimensions,
    tokens: TensorValue,
    rows: TensorValue,
    context: Context_contra,
) -> TensorValue:
    """Return the logits (r, n_vocab) of what follows the tokens at `rows`.

    `decoding` are the same `layers`, which no type of Python's can say.
    """
    x = decoding.embedding("decoder.token_embedding", tokens, context)
    for layer in range(dims.n_text_layer):
        block, state = f"decoder.blocks.{layer}", int(x.shape[1])
        qkv = layers.query_key_value(block, x)
        attended = decoding.cached_self_attention(qkv, layer, context)
        x = layers.linear(f"{block}.attn.out", attended, state, add=x)
        query = layers.linear(f"{block}.cross_attn.query", x, state, norm=f"{block}.cross_attn_ln")
        attended = decoding.cross_attention(query, layer, context)
        x = layers.linear(f"{block}.cross_attn.out", attended, state, add=x)
        x = layers.mlp(block, x)
    x = layers.layer_norm("decoder.ln", x, rows)
    return layers.linear("decoder.token_embedding", x, dims.n_vocab)
