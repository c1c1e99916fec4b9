"""Whisper's encoder as one MAX graph; openai-whisper's `AudioEncoder`."""

from max.graph import Graph, Module, TensorValue, ops

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.layers import (
    DEVICE,
    Weights,
    convolution,
    float32,
    layer_norm,
    linear,
    mlp,
    query_key_value,
)
from sotto.inference.graphs.parameters import encoder_parameters
from sotto.kernels.ops import KERNELS_DIR


def encoder_graph(dims: ModelDimensions, module: Module | None = None) -> Graph:
    """Build the encoder for any even number of mel frames up to 2 * n_audio_ctx.

    Input: normalised mel, two frames a row, (n_ctx, 2 * n_mels).
    Outputs: hidden states (n_ctx, state); the keys and values that the decoder's layers take of
    them, (2 * n_text_layer, n_ctx, state), a layer's keys before its values.
    """

    def forward(mel: TensorValue) -> tuple[TensorValue, TensorValue]:
        weights = Weights(encoder_parameters(dims))
        x = _stem(weights, mel, dims)
        for index in range(dims.n_audio_layer):
            x = _block(weights, f"encoder.blocks.{index}", x, dims.n_audio_head)
        x = layer_norm(weights, "encoder.ln_post", x)
        return x, _cross_keys_and_values(weights, x, dims)

    return Graph(
        "encoder",
        forward=forward,
        input_types=[float32(["n_ctx", 2 * dims.n_mels])],
        custom_extensions=[KERNELS_DIR],
        module=module,
    )


def _stem(weights: Weights, mel: TensorValue, dims: ModelDimensions) -> TensorValue:
    """Two convolutions, the second halving the rows; positions are sliced to the length."""
    n_ctx, state = mel.shape[0], dims.n_audio_state
    frames = mel.reshape([2 * n_ctx, dims.n_mels])
    x = convolution(weights, "encoder.conv1", frames, (2 * n_ctx, state))
    positions = weights["encoder.positional_embedding"]
    return convolution(weights, "encoder.conv2", x, (n_ctx, state), stride=2, add=positions)


def _block(weights: Weights, block: str, x: TensorValue, n_head: int) -> TensorValue:
    attended = _attention(query_key_value(weights, block, x), n_head)
    x = linear(weights, f"{block}.attn.out", attended, int(x.shape[1]), add=x)
    return mlp(weights, block, x)


def _attention(qkv: TensorValue, n_head: int) -> TensorValue:
    n_ctx, state = qkv.shape[0], int(qkv.shape[1]) // 3
    shape = [1, n_ctx, n_head, state // n_head]
    heads = [qkv[:, at : at + state].reshape(shape) for at in range(0, 3 * state, state)]
    scale = ops.constant(1.0, qkv.dtype, DEVICE)  # already in the query
    attended = ops.custom(
        "mo.composite.no_mask_flash_attention_cpu", DEVICE, [*heads, scale], [float32(shape)]
    )
    return attended[0].tensor.reshape([n_ctx, state])


def _cross_keys_and_values(
    weights: Weights, hidden: TensorValue, dims: ModelDimensions
) -> TensorValue:
    n_ctx, count, state = hidden.shape[0], 2 * dims.n_text_layer, dims.n_text_state
    rows = linear(weights, "decoder.cross_attn", hidden, count * state)
    return ops.permute(rows.reshape([n_ctx, count, state]), [1, 0, 2])
