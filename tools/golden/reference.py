"""openai-whisper as the reference: its models, with given weights put into them.

Two things are patched, for the model in the box only:
- windows are as long as the sound and 0.3 s: the encoder takes the first rows of its positions;
- the vocabulary is its own, so are its lists of suppressed tokens, which openai-whisper has built
  into the code.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import tiktoken
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch.nn import functional
from whisper import _ALIGNMENT_HEADS
from whisper.audio import N_FRAMES, N_SAMPLES, log_mel_spectrogram, pad_or_trim
from whisper.decoding import SuppressBlank
from whisper.model import AudioEncoder, ModelDimensions, Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

from tools.fixtures.official import Official, official
from tools.golden import ctranslate2_file

STARTER = Path(__file__).parents[2] / "sotto" / "assets" / "models" / "starter-en"
SILENT_FRAMES = 30  # 0.3 s

HUGGING_FACE_NAMES = (
    ("model.", ""),
    (".layers.", ".blocks."),
    (".embed_positions.weight", ".positional_embedding"),
    (".embed_tokens.", ".token_embedding."),
    (".encoder_attn_layer_norm.", ".cross_attn_ln."),
    (".self_attn_layer_norm.", ".attn_ln."),
    (".final_layer_norm.", ".mlp_ln."),
    (".encoder_attn.", ".cross_attn."),
    (".self_attn.", ".attn."),
    (".q_proj.", ".query."),
    (".k_proj.", ".key."),
    (".v_proj.", ".value."),
    (".out_proj.", ".out."),
    (".fc1.", ".mlp.0."),
    (".fc2.", ".mlp.2."),
    ("encoder.layer_norm.", "encoder.ln_post."),
    ("decoder.layer_norm.", "decoder.ln."),
)


def openai_name(name: str) -> str:
    for theirs, openai in HUGGING_FACE_NAMES:
        name = name.replace(theirs, openai)
    return name


def whisper_with(dimensions: dict[str, int], weights: dict[str, NDArray[np.float32]]) -> Whisper:
    """Return openai-whisper's model with the given weights, all of them."""
    model = Whisper(ModelDimensions(**dimensions))
    model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return model.eval()


def official_model(name: Official) -> Whisper:
    """Return openai-whisper's model of that name with OpenAI's own weights, in float32."""
    weights = ctranslate2_file.weights(official(name))
    model = whisper_with(ctranslate2_file.dimensions(weights), weights)
    model.set_alignment_heads(_ALIGNMENT_HEADS[name])
    return model


def starter() -> Whisper:
    """Return the model in the box."""
    config = json.loads((STARTER / "config.json").read_text())
    tensors = load_file(STARTER / "model.safetensors")
    model = whisper_with(
        {
            "n_mels": config["num_mel_bins"],
            "n_audio_ctx": config["max_source_positions"],
            "n_audio_state": config["d_model"],
            "n_audio_head": config["encoder_attention_heads"],
            "n_audio_layer": config["encoder_layers"],
            "n_vocab": config["vocab_size"],
            "n_text_ctx": config["max_target_positions"],
            "n_text_state": config["d_model"],
            "n_text_head": config["decoder_attention_heads"],
            "n_text_layer": config["decoder_layers"],
        },
        {openai_name(name): value.float().numpy() for name, value in tensors.items()},
    )
    heads = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in starter_rules()["alignment_heads"]:
        heads[layer, head] = True
    model.register_buffer("alignment_heads", heads.to_sparse(), persistent=False)
    return model


def is_starter(model: Whisper) -> bool:
    """Tell the model in the box by its small vocabulary."""
    return bool(model.dims.n_vocab < 51864)


def starter_tokenizer() -> Tokenizer:
    """Return openai-whisper's tokenizer over the vocabulary of the model in the box."""
    vocabulary = json.loads((STARTER / "vocab.json").read_text(encoding="utf-8"))
    special = json.loads((STARTER / "added_tokens.json").read_text(encoding="utf-8"))
    to_byte = _bytes_of_characters()
    encoding = tiktoken.Encoding(
        "starter",
        pat_str=get_tokenizer(multilingual=False).encoding._pat_str,
        mergeable_ranks={
            bytes(to_byte[c] for c in text): rank
            for text, rank in vocabulary.items()
            if text not in special
        },
        special_tokens=special,
    )
    return Tokenizer(encoding=encoding, num_languages=0)


def _bytes_of_characters() -> dict[str, int]:
    """Return the byte behind each character of GPT-2's printable alphabet."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(others)}


def starter_rules() -> dict[str, Any]:
    """Return the starter's generation_config.json."""
    return dict(json.loads((STARTER / "generation_config.json").read_text()))


@contextmanager
def as_starter() -> Iterator[None]:
    """Patch openai-whisper for the model in the box."""
    tokenizer = starter_tokenizer()
    blank = starter_rules()["begin_suppress_tokens"]

    def encoder(self: AudioEncoder, mel: torch.Tensor) -> torch.Tensor:
        x = functional.gelu(self.conv2(functional.gelu(self.conv1(mel)))).permute(0, 2, 1)
        x = x + self.positional_embedding[: x.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.ln_post(x)

    def suppress_blank(self: SuppressBlank, logits: torch.Tensor, tokens: torch.Tensor) -> None:
        if tokens.shape[1] == self.sample_begin:
            logits[:, blank] = -np.inf

    silence = torch.empty(0)

    def spectrogram(*args: object, **kwargs: object) -> torch.Tensor:
        nonlocal silence
        mel = log_mel_spectrogram(*args, **kwargs)
        silence = mel[:, -1:]
        return mel

    def window(mel: torch.Tensor, _length: int) -> torch.Tensor:
        return followed_by(silence, mel)

    with (
        mock.patch.object(AudioEncoder, "forward", encoder),
        mock.patch.object(SuppressBlank, "apply", suppress_blank),
        mock.patch("whisper.decoding.get_tokenizer", return_value=tokenizer),
        mock.patch("whisper.transcribe.get_tokenizer", return_value=tokenizer),
        mock.patch("whisper.transcribe.log_mel_spectrogram", spectrogram),
        mock.patch("whisper.transcribe.pad_or_trim", window),
    ):
        yield


def followed_by(silence: torch.Tensor, mel: torch.Tensor) -> torch.Tensor:
    """Put 0.3 s of silence (n_mels, 1) behind mel (n_mels, n_frames), and a frame if it is odd."""
    length = mel.shape[-1] + SILENT_FRAMES
    n_missing = min(length + length % 2, N_FRAMES) - mel.shape[-1]
    return torch.cat([mel, silence.expand(-1, n_missing)], dim=-1)


def window_of(pcm: NDArray[np.float32], *, short: bool) -> torch.Tensor:
    """Return the mel window (n_mels, n_frames) that `whisper.transcribe` makes of a short clip."""
    mel = log_mel_spectrogram(pcm, padding=N_SAMPLES)
    silence, content = mel[:, -1:], mel[:, :-N_FRAMES]
    return followed_by(silence, content) if short else pad_or_trim(content, N_FRAMES)
