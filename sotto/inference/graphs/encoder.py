"""Whisper's encoder as one MAX graph; openai-whisper's `AudioEncoder`."""

from max.dtype import DType
from max.graph import Graph, Module, TensorType, TensorValue

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.graphs.layers import DEVICE, HEAD_DIM, SCALAR, Layers, MakeLayers
from sotto.inference.graphs.parameters import encoder_parameters
from sotto.kernels.library import kernel_library

POSITIONS = "encoder.positional_embedding"
N_ENTRIES = 6
"""Of a window, as kernels/attention/encoder.mojo lists them."""


def encoder_graph(
    dims: ModelDimensions, module: Module | None = None, make_layers: MakeLayers[Layers] = Layers
) -> Graph:
    """Build the encoder of any positions of a window of up to n_audio_ctx.

    Inputs: normalised mel, two frames a row, (n_rows, 2 * n_mels); the positions' embeddings
    (n_rows, state); int64 (N_ENTRIES,), which of the rows are kept and where the keys and values
    of the whole window are; threads int64 (), 0 for all.
    Outputs: hidden states (n_rows, state); the keys and values that the decoder's layers take of
    them, (2 * n_text_layer * n_text_head, n_rows, HEAD_DIM), a layer's keys before its values.
    """

    def forward(
        mel: TensorValue, positions: TensorValue, window: TensorValue, threads: TensorValue
    ) -> tuple[TensorValue, TensorValue]:
        layers = make_layers(encoder_parameters(dims), threads)
        return encoded(layers, dims, mel, positions, window)

    types = [
        TensorType(DType.float32, ["n_rows", 2 * dims.n_mels], DEVICE),
        TensorType(DType.float32, ["n_rows", dims.n_audio_state], DEVICE),
        TensorType(DType.int64, [N_ENTRIES], DEVICE),
        SCALAR,
    ]
    return Graph(
        "encoder",
        forward=forward,
        input_types=types,
        kernel_library=kernel_library(),
        module=module,
    )


def encoded(
    layers: Layers,
    dims: ModelDimensions,
    mel: TensorValue,
    positions: TensorValue,
    window: TensorValue | None,
) -> tuple[TensorValue, TensorValue]:
    """Return the outputs of `encoder_graph`; without a window the rows are all of it."""
    x = _stem(layers, mel, positions, dims)
    for index in range(dims.n_audio_layer):
        x = _block(layers, index, x, window)
    x = layers.layer_norm("encoder.ln_post", x)
    count, width = 2 * dims.n_text_layer * dims.n_text_head, HEAD_DIM
    return x, layers.planes("decoder.cross_attn", x, count, width)


def _stem(
    layers: Layers, mel: TensorValue, positions: TensorValue, dims: ModelDimensions
) -> TensorValue:
    """Two convolutions, the second halving the rows; positions are cut to the length."""
    n_ctx, state = mel.shape[0], dims.n_audio_state
    frames = mel.reshape([2 * n_ctx, dims.n_mels])
    x = layers.convolution("encoder.conv1", frames, [2 * n_ctx, state])
    return layers.convolution("encoder.conv2", x, [n_ctx, state], stride=2, add=positions)


def _block(layers: Layers, index: int, x: TensorValue, window: TensorValue | None) -> TensorValue:
    block = f"encoder.blocks.{index}"
    qkv = layers.query_key_value(block, x)
    attended = layers.self_attention(qkv, index, window)
    x = layers.linear(f"{block}.attn.out", attended, int(x.shape[1]), add=x)
    return layers.mlp(block, x)
