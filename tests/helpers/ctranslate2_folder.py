"""Writes folders as CTranslate2 does, for what its own converter cannot be made to write.

What it does write is in tests/golden/checkpoint/ctranslate2.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.fixtures.random_checkpoint import Array, hugging_face_name

Variables = dict[str, NDArray[Any]]

VERSION, REVISION = 6, 3
TYPES = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}
STACKED = {
    "self_attention/linear_0": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "self_attention/linear_1": ("self_attn.out_proj",),
    "attention/linear_0": ("encoder_attn.q_proj",),
    "attention/linear_1": ("encoder_attn.k_proj", "encoder_attn.v_proj"),
    "attention/linear_2": ("encoder_attn.out_proj",),
    "ffn/linear_0": ("fc1",),
    "ffn/linear_1": ("fc2",),
}
NORMS = {
    "self_attention/layer_norm": "self_attn_layer_norm",
    "attention/layer_norm": "encoder_attn_layer_norm",
    "ffn/layer_norm": "final_layer_norm",
}


def write_ctranslate2(
    folder: Path,
    variables: Mapping[str, NDArray[Any]],
    vocabulary: list[str],
    *,
    version: int = VERSION,
    specification: str = "WhisperSpec",
) -> Path:
    """Write model.bin, config.json and vocabulary.txt and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.bin").write_bytes(model_bin(variables, version, specification))
    config = {"suppress_ids": [], "suppress_ids_begin": [], "alignment_heads": [[0, 0]]}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    return folder


def model_bin(
    variables: Mapping[str, NDArray[Any]],
    version: int = VERSION,
    specification: str = "WhisperSpec",
) -> bytes:
    """Return the file; an output projection that is the embedding becomes an alias of it."""
    embedding, output = "decoder/embeddings/weight", "decoder/projection/weight"
    is_tied = variables.get(output) is variables[embedding]
    stored = {name: value for name, value in variables.items() if name != output or not is_tied}
    head = struct.pack("<I", version) + _string(specification)
    head += struct.pack("<II", REVISION, len(stored))
    aliases = [(output, embedding)] if is_tied else []
    tail = struct.pack("<I", len(aliases))
    tail += b"".join(_string(alias) + _string(name) for alias, name in aliases)
    body = b"".join(_variable(name, stored[name], version) for name in sorted(stored))
    return head + body + tail


def variables_of(weights: Mapping[str, Array]) -> Variables:
    """Return openai-whisper's tensors as CTranslate2 names and stacks them."""
    theirs = {hugging_face_name(name): value for name, value in weights.items()}
    variables: Variables = {
        "decoder/embeddings/weight": theirs["decoder.embed_tokens.weight"],
        "decoder/projection/weight": theirs["decoder.embed_tokens.weight"],
        "decoder/pre_norm": np.array(1, np.int8),
    }
    for stack in ("encoder", "decoder"):
        positions = theirs.get(f"{stack}.embed_positions.weight")
        if positions is not None:
            variables[f"{stack}/position_encodings/encodings"] = positions
        variables |= _norm(f"{stack}/layer_norm", f"{stack}.layer_norm", theirs)
        layers = {name.split(".")[2] for name in theirs if name.startswith(f"{stack}.layers.")}
        for layer in layers:
            variables |= _layer(f"{stack}/layer_{layer}", f"{stack}.layers.{layer}", theirs)
    for part in ("conv1", "conv2"):
        for name in ("weight", "bias"):
            variables[f"encoder/{part}/{name}"] = theirs[f"encoder.{part}.{name}"]
    return variables


def _layer(ours: str, name: str, theirs: Mapping[str, Array]) -> Variables:
    variables: Variables = {}
    for module, parts in STACKED.items():
        if f"{name}.{parts[0]}.weight" in theirs:
            matrices = [theirs[f"{name}.{part}.weight"] for part in parts]
            biases = [
                theirs.get(f"{name}.{part}.bias", np.zeros(len(matrix), np.float32))
                for part, matrix in zip(parts, matrices, strict=True)
            ]
            variables[f"{ours}/{module}/weight"] = np.concatenate(matrices)
            variables[f"{ours}/{module}/bias"] = np.concatenate(biases)
    for module, part in NORMS.items():
        if f"{name}.{part}.weight" in theirs:
            variables |= _norm(f"{ours}/{module}", f"{name}.{part}", theirs)
    return variables


def _norm(module: str, name: str, theirs: Mapping[str, Array]) -> Variables:
    return {f"{module}/gamma": theirs[f"{name}.weight"], f"{module}/beta": theirs[f"{name}.bias"]}


def _variable(name: str, value: NDArray[Any], version: int) -> bytes:
    shape = struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
    if version >= 4:
        kind = struct.pack("<BI", TYPES[value.dtype.name], value.nbytes)
    else:
        kind = struct.pack("<BI", value.dtype.itemsize, value.size)
    return _string(name) + shape + kind + value.tobytes()


def _string(text: str) -> bytes:
    encoded = text.encode() + b"\0"
    return struct.pack("<H", len(encoded)) + encoded
