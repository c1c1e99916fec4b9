"""Write what openai-whisper's encoder and decoder compute, for `tests/inference/test_*.py`.

A file in `tests/golden/model` for each shape, with seeded random weights, and for one with a layer
of each kind, and one for the model in the box on a clip. Arrays are subsampled:
`tools/fixtures/model_golden.py` says how.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from whisper.audio import log_mel_spectrogram
from whisper.model import Whisper, disable_sdpa

from sotto.inference.dimensions import ModelDimensions
from tools.fixtures import model_golden as golden
from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS, ONE_LAYER, random_weights
from tools.golden import reference

OUT = Path(__file__).parents[2] / "tests" / "golden" / "model"
Array = NDArray[np.float32]


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch has no types here
def encode(model: Whisper, mel: Array) -> torch.Tensor:
    """Return hidden states (n_ctx, state), with positions cut to the length of mel."""
    positions = model.encoder.positional_embedding
    model.encoder.positional_embedding = positions[: len(mel) // 2]
    try:
        return model.encoder(torch.from_numpy(mel.T[None]))[0]
    finally:
        model.encoder.positional_embedding = positions


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch has no types here
def decode(model: Whisper, tokens: NDArray[np.int64], states: torch.Tensor) -> Array:
    """Return the logits (n, n_vocab) of all tokens."""
    logits: Array = model.decoder(torch.from_numpy(tokens[None]), states[None])[0].numpy()
    return logits


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch has no types here
def align(
    model: Whisper, tokens: NDArray[np.int64], states: torch.Tensor, heads: list[tuple[int, int]]
) -> Array:
    """Return cross-attention scores before softmax, as in `whisper.timing`."""
    scores: list[torch.Tensor] = []
    hooks = [
        block.cross_attn.register_forward_hook(lambda _, __, out: scores.append(out[-1][0]))
        for block in model.decoder.blocks
    ]
    with disable_sdpa():
        model.decoder(torch.from_numpy(tokens[None]), states[None])
    for hook in hooks:
        hook.remove()
    return np.stack([scores[layer][head].numpy() for layer, head in heads])


def record(model: Whisper, mels: dict[int, Array], tokens: NDArray[np.int64]) -> dict[str, Array]:
    """Return subsampled states of all mels, and logits and scores of those that are decoded."""
    arrays: dict[str, Array] = {}
    for n_frames, mel in mels.items():
        states = encode(model, mel)
        arrays[f"states_{n_frames}"] = golden.some(states.numpy())
        if n_frames in golden.DECODED_FRAMES or len(mels) == 1:
            arrays[f"logits_{n_frames}"] = golden.some(decode(model, tokens, states))
            heads = golden.upper_half(model.dims.n_text_layer, model.dims.n_text_head)
            scores = align(model, tokens, states, heads)
            arrays[f"scores_{n_frames}"] = golden.some(scores.reshape(len(heads), -1))
    return arrays


def write(name: str, dims: ModelDimensions, frames: Sequence[int]) -> None:
    """Write the file of a shape."""
    model = reference.whisper_with(asdict(dims), random_weights(dims, golden.SEED))
    mels = {n: golden.random_mel(n, dims.n_mels) for n in frames}
    arrays = record(model, mels, golden.random_tokens(dims.n_vocab))
    np.savez_compressed(OUT / f"{name}.npz", allow_pickle=False, **arrays)


def main() -> None:
    """Write all files."""
    OUT.mkdir(parents=True, exist_ok=True)
    for name in golden.SHAPES:
        write(name, OFFICIAL_DIMENSIONS[name], golden.FRAMES)
    write(golden.ONE_LAYER, ONE_LAYER, golden.DECODED_FRAMES[:1])
    pcm, _ = soundfile.read(golden.STARTER_CLIP, dtype="float32")
    mel = log_mel_spectrogram(pcm).numpy().T
    mel = np.ascontiguousarray(mel[: len(mel) // 2 * 2])
    dims = OFFICIAL_DIMENSIONS["starter-en"]
    arrays = record(reference.starter(), {len(mel): mel}, golden.random_tokens(dims.n_vocab))
    np.savez_compressed(OUT / "starter-en.npz", allow_pickle=False, mel=mel, **arrays)


if __name__ == "__main__":
    main()
