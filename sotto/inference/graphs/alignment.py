"""From the decoder's cross attention to when tokens were spoken, as a MAX graph."""

from max.dtype import DType
from max.graph import Graph, Module, TensorType, TensorValue, ops

from sotto.inference.graphs.layers import DEVICE
from sotto.kernels.library import kernel_library

N_ENTRIES = 3
"""Of what is to be timed, as kernels/alignment/op.mojo lists them."""


def alignment_graph(*, module: Module | None = None) -> Graph:
    """Build the graph that tells where in the audio each token begins.

    Inputs: cross-attention scores before softmax (n_heads, n_tokens, n_ctx); int64 (N_ENTRIES,),
    how many positions hold sound, the first token to be timed, and the one after the last.
    Outputs: positions int32 (n_tokens,), 0 for what is not timed; what they are found by, how much
    more than other tokens each one looks at a position, (n_tokens, n_ctx).
    """

    def forward(scores: TensorValue, extent: TensorValue) -> tuple[TensorValue, TensorValue]:
        _, n_tokens, n_ctx = scores.shape
        types = [
            TensorType(DType.int32, [n_tokens], DEVICE),
            TensorType(DType.float32, [n_tokens, n_ctx], DEVICE),
        ]
        starts, looks = ops.custom("sotto_alignment", DEVICE, [scores, extent], types)
        return starts.tensor, looks.tensor

    types = [
        TensorType(DType.float32, ["n_heads", "n_tokens", "n_ctx"], DEVICE),
        TensorType(DType.int64, [N_ENTRIES], DEVICE),
    ]
    return Graph(
        "alignment",
        forward=forward,
        input_types=types,
        kernel_library=kernel_library(),
        module=module,
    )
