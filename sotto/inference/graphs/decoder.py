"""Whisper's decoder as one MAX graph for prefill and step; openai-whisper's `TextDecoder`."""

from max.dtype import DType
from max.graph import BufferType, DeviceRef, Graph, Module, TensorType, TensorValue, Value

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.layers import DEVICE, SCALAR, AudioContext, Cache, Layers, MakeLayers
from sotto.inference.graphs.parameters import decoder_parameters
from sotto.kernels.library import kernel_library


def decoder_graph(
    dims: ModelDimensions,
    module: Module | None = None,
    make_layers: MakeLayers = Layers,
    kept: DType = Layers.kept,
    device: DeviceRef = DEVICE,
) -> Graph:
    """Build the decoder for any number of new tokens after any number of cached ones.

    Inputs: tokens int64 (n,); position int64 () of the first; rows int64 (r,), the tokens whose
    logits are wanted; audio (2 * n_text_layer, n_ctx, state), of type `kept`, from the encoder;
    slots int32 (n_text_layer, n_text_head), for each head the entry of scores to fill or -1;
    threads int64 (), 0 for all.
    Buffers: keys and values (n_text_layer, n_text_ctx, state); scores (n_kept, n, n_ctx) for
    cross attention before softmax, n_kept may be 0.
    Output: logits (r, n_vocab).
    """
    return Graph(
        "decoder",
        forward=lambda *operands: _forward(dims, make_layers, *operands),
        input_types=_input_types(dims, kept, device),
        kernel_library=kernel_library(),
        module=module,
    )


def _input_types(
    dims: ModelDimensions, kept: DType, device: DeviceRef
) -> list[TensorType | BufferType]:
    cache = [dims.n_text_layer, dims.n_text_ctx, dims.n_text_state]
    return [
        TensorType(DType.int64, ["n"], device),
        SCALAR,
        TensorType(DType.int64, ["r"], device),
        TensorType(kept, [2 * dims.n_text_layer, "n_ctx", dims.n_text_state], device),
        TensorType(DType.int32, [dims.n_text_layer, dims.n_text_head], device),
        SCALAR,
        BufferType(DType.float32, cache, device),
        BufferType(DType.float32, cache, device),
        BufferType(DType.float32, ["n_kept", "n_scored", "n_heard"], device),
    ]


def _forward(dims: ModelDimensions, make_layers: MakeLayers, *operands: Value) -> TensorValue:
    tokens, position, rows, audio, slots, threads = (operand.tensor for operand in operands[:6])
    keys, values, scores = (operand.buffer for operand in operands[6:])
    layers = make_layers(decoder_parameters(dims), threads)
    cache, heard = Cache(keys, values, position), AudioContext(audio, slots, scores)
    x = layers.embedding("decoder.token_embedding", tokens, position)
    for layer in range(dims.n_text_layer):
        x = _block(layers, layer, x, cache, heard)
    x = layers.layer_norm("decoder.ln", x, rows)
    return layers.linear("decoder.token_embedding", x, dims.n_vocab)


def _block(
    layers: Layers, layer: int, x: TensorValue, cache: Cache, heard: AudioContext
) -> TensorValue:
    block, state = f"decoder.blocks.{layer}", int(x.shape[1])
    qkv = layers.query_key_value(block, x)
    attended = layers.cached_self_attention(qkv, layer, cache)
    x = layers.linear(f"{block}.attn.out", attended, state, add=x)

    query = layers.linear(f"{block}.cross_attn.query", x, state, norm=f"{block}.cross_attn_ln")
    attended = layers.cross_attention(query, layer, heard)
    x = layers.linear(f"{block}.cross_attn.out", attended, state, add=x)
    return layers.mlp(block, x)
