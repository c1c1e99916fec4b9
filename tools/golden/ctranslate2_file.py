"""OpenAI's own weights out of a CTranslate2 folder, for openai-whisper and transformers.

Read without Sotto's reader, which the golden data is to check.
"""

import json
import re
from pathlib import Path
from struct import calcsize, unpack_from
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

BINARY_VERSION = 6
DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 4: np.float16}
HEAD_WIDTH = 64

# CTranslate2's names, the ends after the beginnings, and openai-whisper's.
NAMES = (
    (r"^encoder/layer_norm/", "encoder.ln_post."),
    (r"^decoder/layer_norm/", "decoder.ln."),
    (r"^decoder/embeddings/", "decoder.token_embedding."),
    (r"/position_encodings/encodings$", ".positional_embedding"),
    (r"/layer_(\d+)/", r".blocks.\1."),
    (r"self_attention/layer_norm/", "attn_ln."),
    (r"self_attention/linear_1/", "attn.out."),
    (r"\.attention/layer_norm/", ".cross_attn_ln."),
    (r"\.attention/linear_0/", ".cross_attn.query."),
    (r"\.attention/linear_2/", ".cross_attn.out."),
    (r"ffn/layer_norm/", "mlp_ln."),
    (r"ffn/linear_0/", "mlp.0."),
    (r"ffn/linear_1/", "mlp.2."),
    (r"/conv([12])/", r".conv\1."),
    (r"gamma$", "weight"),
    (r"beta$", "bias"),
)
# Layers that CTranslate2 runs at once, one below the other.
STACKED = (
    (r"self_attention/linear_0/", "attn.", ("query", "key", "value")),
    (r"\.attention/linear_1/", ".cross_attn.", ("key", "value")),
)


class _Reader:
    """Takes one value after the other from bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, code: str) -> int:
        value: int = unpack_from("<" + code, self._content, self._at)[0]
        self._at += calcsize("<" + code)
        return value

    def bytes(self, length: int) -> bytes:
        self._at += length
        return self._content[self._at - length : self._at]

    def string(self) -> str:
        return self.bytes(self.number("H")).rstrip(b"\0").decode()

    def variable(self) -> tuple[str, Array]:
        name = self.string()
        shape = [self.number("I") for _ in range(self.number("B"))]
        dtype = DTYPES[self.number("B")]
        data = self.bytes(self.number("I"))
        return name, np.frombuffer(data, dtype).reshape(shape).astype(np.float32)


def weights(folder: Path) -> dict[str, Array]:
    """Return every parameter under openai-whisper's name."""
    reader = _Reader((folder / "model.bin").read_bytes())
    if (version := reader.number("I")) != BINARY_VERSION:
        raise ValueError(f"version {version}")
    if (spec := reader.string()) != "WhisperSpec":
        raise ValueError(spec)
    reader.number("I")  # revision of the specification
    variables = [reader.variable() for _ in range(reader.number("I"))]
    named: dict[str, Array] = {}
    for name, value in variables:
        if value.ndim:  # the others are settings
            named |= _openai(name, value)
    return named


def _openai(name: str, value: Array) -> dict[str, Array]:
    for pattern, openai in NAMES:
        name = re.sub(pattern, openai, name)
    for pattern, attention, layers in STACKED:
        if re.search(pattern, name):
            names = [re.sub(pattern, f"{attention}{layer}.", name) for layer in layers]
            parts = dict(zip(names, np.split(value, len(layers)), strict=True))
            # openai-whisper's keys have no bias.
            dropped = [parts.pop(part) for part in names if part.endswith("key.bias")]
            assert not np.any(dropped)
            return parts
    return {name: value}


def dimensions(named: dict[str, Array]) -> dict[str, int]:
    """Return openai-whisper's dimensions of such weights."""
    width, n_mels, _ = named["encoder.conv1.weight"].shape
    layers = {part: _n_layers(named, part) for part in ("encoder", "decoder")}
    return {
        "n_mels": n_mels,
        "n_audio_ctx": len(named["encoder.positional_embedding"]),
        "n_audio_state": width,
        "n_audio_head": width // HEAD_WIDTH,
        "n_audio_layer": layers["encoder"],
        "n_vocab": len(named["decoder.token_embedding.weight"]),
        "n_text_ctx": len(named["decoder.positional_embedding"]),
        "n_text_state": width,
        "n_text_head": width // HEAD_WIDTH,
        "n_text_layer": layers["decoder"],
    }


def _n_layers(named: dict[str, Array], part: str) -> int:
    return len({name.split(".")[2] for name in named if name.startswith(f"{part}.blocks.")})


def generation_config(folder: Path, *, is_multilingual: bool) -> dict[str, Any]:
    """Return what transformers needs to know of the tokens, out of CTranslate2's config.json."""
    config = json.loads((folder / "config.json").read_text())
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    ids = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    rules: dict[str, Any] = {
        "suppress_tokens": config["suppress_ids"],
        "begin_suppress_tokens": config["suppress_ids_begin"],
        "decoder_start_token_id": ids["<|startoftranscript|>"],
        "bos_token_id": ids["<|endoftext|>"],
        "eos_token_id": ids["<|endoftext|>"],
        "pad_token_id": ids["<|endoftext|>"],
        "no_timestamps_token_id": ids["<|notimestamps|>"],
        "prev_sot_token_id": ids["<|startofprev|>"],
        "max_initial_timestamp_index": 50,
        "max_length": 448,
        "is_multilingual": is_multilingual,
    }
    if is_multilingual:
        rules["lang_to_id"] = {name: i for name, i in ids.items() if i in config["lang_ids"]}
        rules["task_to_id"] = {task: ids[f"<|{task}|>"] for task in ("transcribe", "translate")}
    return rules
