"""Whisper's encoder as one MAX graph; openai-whisper's `AudioEncoder`."""

from max.dtype import DType
from max.graph import DeviceRef, Graph, Module, TensorType, TensorValue

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.layers import DEVICE, HEAD_DIM, SCALAR, Layers, MakeLayers
from sotto.inference.graphs.parameters import encoder_parameters
from sotto.kernels.library import kernel_library


def encoder_graph(
    dims: ModelDimensions,
    module: Module | None = None,
    make_layers: MakeLayers[Layers] = Layers,
    device: DeviceRef = DEVICE,
) -> Graph:
    """Build the encoder for any even number of mel frames up to 2 * n_audio_ctx.

    Inputs: normalised mel, two frames a row, (n_ctx, 2 * n_mels); threads int64 (), 0 for all.
    Outputs: hidden states (n_ctx, state); the keys and values that the decoder's layers take of
    them, (2 * n_text_layer * n_text_head, n_ctx, HEAD_DIM), a layer's keys before its values.
    """

    def forward(mel: TensorValue, threads: TensorValue) -> tuple[TensorValue, TensorValue]:
        layers = make_layers(encoder_parameters(dims), threads)
        x = _stem(layers, mel, dims)
        for index in range(dims.n_audio_layer):
            x = _block(layers, f"encoder.blocks.{index}", x)
        x = layers.layer_norm("encoder.ln_post", x)
        count, width = 2 * dims.n_text_layer * dims.n_text_head, HEAD_DIM
        return x, layers.planes("decoder.cross_attn", x, count, width)

    return Graph(
        "encoder",
        forward=forward,
        input_types=[TensorType(DType.float32, ["n_ctx", 2 * dims.n_mels], device), SCALAR],
        kernel_library=kernel_library(),
        module=module,
    )


def _stem(layers: Layers, mel: TensorValue, dims: ModelDimensions) -> TensorValue:
    """Two convolutions, the second halving the rows; positions are cut to the length."""
    n_ctx, state = mel.shape[0], dims.n_audio_state
    frames = mel.reshape([2 * n_ctx, dims.n_mels])
    x = layers.convolution("encoder.conv1", frames, [2 * n_ctx, state])
    positions = layers.weight("encoder.positional_embedding")
    return layers.convolution("encoder.conv2", x, [n_ctx, state], stride=2, add=positions)


def _block(layers: Layers, block: str, x: TensorValue) -> TensorValue:
    qkv = layers.query_key_value(block, x)
    attended = layers.self_attention(qkv)
    x = layers.linear(f"{block}.attn.out", attended, int(x.shape[1]), add=x)
    return layers.mlp(block, x)
