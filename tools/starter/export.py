"""Write a trained model as a Hugging Face folder.

    python -m tools.starter.export RUN/checkpoint.pt FOLDER [--before RUN/before-people.pt]

The tokenizer's files are made by tools.starter.vocabulary. With --before, weights are written that
lie between those before and those after people were heard: they hear people nearly as the later
ones do, and synthesisers nearly as the earlier (Wortsman et al., "Robust fine-tuning of zero-shot
models", 2022).
"""

import argparse
import json
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import save_file
from torch import Tensor

from tools.starter.config import ModelSize, read_config
from tools.starter.model import HEAD_WIDTH, N_MELS, N_POSITIONS, N_TEXT_POSITIONS
from tools.starter.tokenizer import Tokenizer
from tools.starter.train import GUIDED_HEADS, GUIDED_LAYERS

MAX_INITIAL_TIMESTAMP = 50  # 1 s, as in Whisper
# Beams take off a third of the errors of a small model that mishears, and its tokens are cheap.
# As many as `sotto transcribe` searches.
NUM_BEAMS = 5
LATER = 0.6  # of the way from the weights before to those after


def export(state: dict[str, Tensor], size: ModelSize, tokenizer: Tokenizer, folder: Path) -> None:
    """Write weights in fp16, config.json and generation_config.json."""
    weights = {
        name: value.to(torch.float16).contiguous()
        for name, value in state.items()
        if name.startswith("model.")
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    _write(folder / "config.json", configuration(size, tokenizer))
    _write(folder / "generation_config.json", generation(size, tokenizer))


def between(before: dict[str, Tensor], after: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights that lie LATER of the way between these."""
    return {name: (1 - LATER) * before[name] + LATER * value for name, value in after.items()}


def configuration(size: ModelSize, tokenizer: Tokenizer) -> dict[str, Any]:
    """Return config.json. `native_short_window` is ours: do not pad windows to 30 s."""
    n_heads = size.d_model // HEAD_WIDTH
    return {
        "model_type": "whisper",
        "architectures": ["WhisperForConditionalGeneration"],
        "vocab_size": tokenizer.vocab_size,
        "num_mel_bins": N_MELS,
        "d_model": size.d_model,
        "encoder_layers": size.encoder_layers,
        "encoder_attention_heads": n_heads,
        "encoder_ffn_dim": 4 * size.d_model,
        "decoder_layers": size.decoder_layers,
        "decoder_attention_heads": n_heads,
        "decoder_ffn_dim": 4 * size.d_model,
        "max_source_positions": N_POSITIONS,
        "max_target_positions": N_TEXT_POSITIONS,
        "activation_function": "gelu",
        "scale_embedding": False,
        "bos_token_id": tokenizer.eot,
        "eos_token_id": tokenizer.eot,
        "pad_token_id": tokenizer.eot,
        "decoder_start_token_id": tokenizer.sot,
        "torch_dtype": "float16",
        "native_short_window": True,
    }


def generation(size: ModelSize, tokenizer: Tokenizer) -> dict[str, Any]:
    """Return generation_config.json; the guided heads are those that time words."""
    layers = range(size.decoder_layers)[GUIDED_LAYERS]
    return {
        "bos_token_id": tokenizer.eot,
        "eos_token_id": tokenizer.eot,
        "pad_token_id": tokenizer.eot,
        "decoder_start_token_id": tokenizer.sot,
        "no_timestamps_token_id": tokenizer.no_timestamps,
        "prev_sot_token_id": tokenizer.prev,
        "is_multilingual": False,
        "max_initial_timestamp_index": MAX_INITIAL_TIMESTAMP,
        "max_length": N_TEXT_POSITIONS,
        "suppress_tokens": list(range(tokenizer.sot, tokenizer.no_timestamps)),
        "begin_suppress_tokens": [],  # it may say nothing at all
        "num_beams": NUM_BEAMS,
        "alignment_heads": [[layer, head] for layer in layers for head in range(GUIDED_HEADS)],
    }


def _write(path: Path, table: dict[str, Any]) -> None:
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def _weights(checkpoint: Path) -> dict[str, Tensor]:
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    return cast("dict[str, Tensor]", state["model"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path, help="where the tokenizer's files are")
    parser.add_argument("--before", type=Path, help="a checkpoint of before people were heard")
    arguments = parser.parse_args()
    state = _weights(arguments.checkpoint)
    if arguments.before:
        state = between(_weights(arguments.before), state)
    export(state, read_config().model, Tokenizer(arguments.folder), arguments.folder)


if __name__ == "__main__":
    main()
