"""Which tensors a Whisper model has, and of what shape."""

from collections.abc import Collection, Iterator
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.dimensions import ModelDimensions

Shape = tuple[int, ...]
NamedShape = tuple[str, Shape]

KERNEL_SIZE = 3  # of both convolutions
MLP_RATIO = 4  # width of the hidden layer over the width of the model


def expected_shapes(dims: ModelDimensions) -> Iterator[NamedShape]:
    """Yield every parameter of `whisper.model.Whisper(dims)` with its shape, in its order."""
    yield from _encoder(dims)
    yield from _decoder(dims)


def _encoder(dims: ModelDimensions) -> Iterator[NamedShape]:
    width = dims.n_audio_state
    yield "encoder.positional_embedding", (dims.n_audio_ctx, width)
    yield "encoder.conv1.weight", (width, dims.n_mels, KERNEL_SIZE)
    yield "encoder.conv1.bias", (width,)
    yield "encoder.conv2.weight", (width, width, KERNEL_SIZE)
    yield "encoder.conv2.bias", (width,)
    for layer in range(dims.n_audio_layer):
        prefix = f"encoder.blocks.{layer}"
        yield from _attention(f"{prefix}.attn", width)
        yield from _mlp(prefix, width)
    yield from _layer_norm("encoder.ln_post", width)


def _decoder(dims: ModelDimensions) -> Iterator[NamedShape]:
    width = dims.n_text_state
    yield "decoder.token_embedding.weight", (dims.n_vocab, width)
    yield "decoder.positional_embedding", (dims.n_text_ctx, width)
    for layer in range(dims.n_text_layer):
        prefix = f"decoder.blocks.{layer}"
        yield from _attention(f"{prefix}.attn", width)
        yield from _attention(f"{prefix}.cross_attn", width)
        yield from _mlp(prefix, width)
    yield from _layer_norm("decoder.ln", width)


def _attention(prefix: str, width: int) -> Iterator[NamedShape]:
    yield from _linear(f"{prefix}.query", width, width)
    yield f"{prefix}.key.weight", (width, width)
    yield from _linear(f"{prefix}.value", width, width)
    yield from _linear(f"{prefix}.out", width, width)
    yield from _layer_norm(f"{prefix}_ln", width)


def _mlp(prefix: str, width: int) -> Iterator[NamedShape]:
    yield from _linear(f"{prefix}.mlp.0", width, MLP_RATIO * width)
    yield from _linear(f"{prefix}.mlp.2", MLP_RATIO * width, width)
    yield from _layer_norm(f"{prefix}.mlp_ln", width)


def _linear(prefix: str, n_in: int, n_out: int) -> Iterator[NamedShape]:
    yield f"{prefix}.weight", (n_out, n_in)
    yield f"{prefix}.bias", (n_out,)


def _layer_norm(prefix: str, width: int) -> Iterator[NamedShape]:
    yield f"{prefix}.weight", (width,)
    yield f"{prefix}.bias", (width,)


def absent_tensor(name: str, names: Collection[str], path: Path) -> CheckpointError:
    """Return the complaint about a tensor that is not among the `names` in a file.

    Quantised weights are there under longer names (`weight_packed`), or next to scales.
    """
    module = name.removesuffix("weight")
    if any(other.startswith(module) and other != f"{module}bias" for other in names):
        return CheckpointError(
            f"{path}: {name} is quantised in a way that Sotto does not read; get the model with "
            "float weights"
        )
    return CheckpointError(f"{path}: tensor {name} is missing; fetch the model again")
