"""Whisper checkpoints with seeded random weights, in the layouts of Hugging Face and openai.

The weights are scaled so that activations stay near one through any depth, attention looks at
some positions more than at others, and logits spread widely enough to have a clear maximum.
"""

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import TensorSpec, serialize_file

import sotto.assets
from sotto.inference.checkpoint.layout import expected_shapes
from sotto.inference.checkpoint.vocabulary import bundled_ranks
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.languages import LANGUAGES

Array = NDArray[np.float32]
Dtype = Literal["float32", "float16", "bfloat16"]

ASSETS = Path(sotto.assets.__path__[0])
STARTER = ASSETS / "models" / "starter-en"
TOKENIZER_FILES = ("vocab.json", "merges.txt", "added_tokens.json", "tokenizer_config.json")

ENGLISH, MULTILINGUAL, MULTILINGUAL_V3 = 51864, 51865, 51866  # sizes of the official vocabularies


def dimensions(
    width: int, layers: tuple[int, int], n_vocab: int, *, n_mels: int = 80
) -> ModelDimensions:
    """Return official dimensions: heads of 64, 1500 encoder and 448 decoder positions."""
    heads = width // 64
    encoder_layers, decoder_layers = layers
    return ModelDimensions(
        n_mels, 1500, width, heads, encoder_layers, n_vocab, 448, width, heads, decoder_layers
    )


OFFICIAL_DIMENSIONS: dict[str, ModelDimensions] = {
    "tiny.en": dimensions(384, (4, 4), ENGLISH),
    "tiny": dimensions(384, (4, 4), MULTILINGUAL),
    "base.en": dimensions(512, (6, 6), ENGLISH),
    "base": dimensions(512, (6, 6), MULTILINGUAL),
    "small.en": dimensions(768, (12, 12), ENGLISH),
    "small": dimensions(768, (12, 12), MULTILINGUAL),
    "medium.en": dimensions(1024, (24, 24), ENGLISH),
    "medium": dimensions(1024, (24, 24), MULTILINGUAL),
    "large-v1": dimensions(1280, (32, 32), MULTILINGUAL),
    "large-v2": dimensions(1280, (32, 32), MULTILINGUAL),
    "large-v3": dimensions(1280, (32, 32), MULTILINGUAL_V3, n_mels=128),
    "large-v3-turbo": dimensions(1280, (32, 4), MULTILINGUAL_V3, n_mels=128),
    "distil-small.en": dimensions(768, (12, 4), ENGLISH),
    "distil-medium.en": dimensions(1024, (24, 2), ENGLISH),
    "distil-large-v2": dimensions(1280, (32, 2), MULTILINGUAL),
    "distil-large-v3": dimensions(1280, (32, 2), MULTILINGUAL_V3, n_mels=128),
    "starter-en": dimensions(256, (6, 3), 3557),
}


def random_weights(dims: ModelDimensions, seed: int) -> dict[str, Array]:
    """Return every parameter under openai-whisper's name.

    Each tensor has a generator of its own, so it does not depend on the order of the others.
    """
    return {
        name: _random_tensor(
            name, shape, dims, np.random.default_rng([seed, zlib.crc32(name.encode())])
        )
        for name, shape in expected_shapes(dims)
    }


def _random_tensor(
    name: str, shape: tuple[int, ...], dims: ModelDimensions, rng: np.random.Generator
) -> Array:
    if name == "encoder.positional_embedding":
        return sinusoids(*shape)
    noise = rng.standard_normal(shape, dtype=np.float32)
    if "ln" in name:
        return noise * np.float32(0.1) + np.float32(name.endswith("weight"))
    if name.endswith("bias"):
        return noise * np.float32(0.02)
    if name == "decoder.positional_embedding":
        return noise  # ahead of all else, or greedy decoding repeats one token for ever
    if name == "decoder.token_embedding.weight":
        return noise * np.float32(2.5 / np.sqrt(shape[1]))  # logits of standard deviation 2.5
    if name.endswith(("mlp.2.weight", "conv2.weight")):
        # The mean of GELU must not add up to one direction that all positions share.
        noise -= noise.mean(axis=tuple(range(1, noise.ndim)), keepdims=True)
    return noise * np.float32(_gain(name, dims) / np.sqrt(np.prod(shape[1:])))


def _gain(name: str, dims: ModelDimensions) -> float:
    """Return by how much a layer multiplies the size of what goes in."""
    if ".cross_attn.query." in name:
        return 4.0  # looks at some of the sound rather than at its average
    if ".query." in name:
        return 2.0
    if name.endswith((".out.weight", ".mlp.2.weight")):
        return float(1 / np.sqrt(dims.n_text_layer))  # what goes in stays heard at any depth
    return 1.0


def sinusoids(length: int, channels: int) -> Array:
    """Return the encoder's positions, in double precision; openai-whisper's `sinusoids`."""
    step = np.log(10000) / (channels // 2 - 1)
    angle = np.arange(length)[:, np.newaxis] * np.exp(-step * np.arange(channels // 2))
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)


# --- Hugging Face layout ---------------------------------------------------------------------

HUGGING_FACE_PARTS = (
    ("blocks.", "layers."),
    ("cross_attn_ln.", "encoder_attn_layer_norm."),
    ("cross_attn.", "encoder_attn."),
    (".attn_ln.", ".self_attn_layer_norm."),
    (".attn.", ".self_attn."),
    ("query.", "q_proj."),
    ("key.", "k_proj."),
    ("value.", "v_proj."),
    (".out.", ".out_proj."),
    ("mlp_ln.", "final_layer_norm."),
    ("mlp.0.", "fc1."),
    ("mlp.2.", "fc2."),
    ("encoder.ln_post.", "encoder.layer_norm."),
    ("decoder.ln.", "decoder.layer_norm."),
    ("token_embedding.", "embed_tokens."),
)


def hugging_face_name(name: str) -> str:
    """Return transformers' name of a parameter of openai-whisper, without `model.` before it."""
    if name.endswith("positional_embedding"):
        return name.replace("positional_embedding", "embed_positions.weight")
    for ours, theirs in HUGGING_FACE_PARTS:
        name = name.replace(ours, theirs)
    return name


def write_hugging_face(
    folder: Path,
    dims: ModelDimensions,
    seed: int,
    *,
    tokenizer_files: Path | None = None,
    dtype: Dtype = "float32",
    shards: int = 1,
    prefix: str = "model.",
    weights: Mapping[str, Array] | None = None,
) -> Path:
    """Write a checkpoint as transformers saves it and return its folder.

    Args:
        folder: Made if missing.
        dims: An entry of `OFFICIAL_DIMENSIONS` or any other.
        seed: Of `random_weights`; unused when `weights` are given.
        tokenizer_files: Folder to copy vocab.json and its companions from. None: the official
            tokenizer of that vocabulary size, or the one of starter-en for 3557.
        dtype: Of the tensors on disk.
        shards: Number of safetensors files; with more than one an index is written.
        prefix: Of all names; transformers writes `model.`, some other tools nothing.
        weights: Under openai-whisper's names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / "config.json", config_json(dims))
    _write_json(folder / "generation_config.json", generation_config_json(dims))
    if tokenizer_files is None and dims.n_vocab == OFFICIAL_DIMENSIONS["starter-en"].n_vocab:
        tokenizer_files = STARTER
    if tokenizer_files is None:
        write_official_tokenizer(folder, dims.n_vocab)
    else:
        copy_tokenizer(tokenizer_files, folder)
    stored = random_weights(dims, seed) if weights is None else weights
    tensors = {prefix + hugging_face_name(name): value for name, value in stored.items()}
    _write_safetensors(folder, tensors, dtype, shards)
    return folder


def config_json(dims: ModelDimensions) -> dict[str, object]:
    """Return what transformers' WhisperConfig writes, as far as it describes the shape."""
    return {
        "model_type": "whisper",
        "architectures": ["WhisperForConditionalGeneration"],
        "activation_function": "gelu",
        "scale_embedding": False,
        "vocab_size": dims.n_vocab,
        "num_mel_bins": dims.n_mels,
        "d_model": dims.n_audio_state,
        "encoder_layers": dims.n_audio_layer,
        "encoder_attention_heads": dims.n_audio_head,
        "encoder_ffn_dim": 4 * dims.n_audio_state,
        "decoder_layers": dims.n_text_layer,
        "decoder_attention_heads": dims.n_text_head,
        "decoder_ffn_dim": 4 * dims.n_text_state,
        "max_source_positions": dims.n_audio_ctx,
        "max_target_positions": dims.n_text_ctx,
    }


def generation_config_json(dims: ModelDimensions) -> dict[str, object]:
    """Return a generation_config.json that leaves the suppress lists to openai-whisper's own."""
    return {"is_multilingual": dims.n_vocab >= MULTILINGUAL, "max_initial_timestamp_index": 50}


def copy_tokenizer(source: Path, folder: Path) -> None:
    """Copy the tokenizer files that `source` has."""
    for name in TOKENIZER_FILES:
        if (source / name).exists():
            shutil.copy(source / name, folder / name)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _write_safetensors(
    folder: Path, tensors: Mapping[str, Array], dtype: Dtype, shards: int
) -> None:
    if shards == 1:
        save_safetensors(folder / "model.safetensors", tensors, dtype)
        return
    names = sorted(tensors)
    weight_map: dict[str, str] = {}
    for shard in range(shards):
        file_name = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        held = names[shard::shards]
        save_safetensors(folder / file_name, {name: tensors[name] for name in held}, dtype)
        weight_map |= dict.fromkeys(held, file_name)
    index = {"metadata": {}, "weight_map": weight_map}
    _write_json(folder / "model.safetensors.index.json", index)


def save_safetensors(path: Path, tensors: Mapping[str, Array], dtype: Dtype) -> None:
    """Write one safetensors file."""
    held = {name: _stored(value, dtype) for name, value in tensors.items()}
    specs = {
        name: TensorSpec(
            dtype=dtype, shape=value.shape, data_ptr=value.ctypes.data, data_len=value.nbytes
        )
        for name, value in held.items()
    }
    serialize_file(specs, path, {"format": "pt"})


def _stored(value: Array, dtype: Dtype) -> NDArray[np.generic]:
    """Return `value` in `dtype`; bfloat16, rounded to nearest even, as its bits in uint16."""
    if dtype == "bfloat16":
        bits = np.ascontiguousarray(value, np.float32).view(np.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return np.ascontiguousarray(value, np.dtype(dtype))


# --- Official tokenizers ---------------------------------------------------------------------


def write_official_tokenizer(folder: Path, n_vocab: int) -> None:
    """Write vocab.json, merges.txt and added_tokens.json as on the hub, from the rank files.

    Like the first official files, they leave the timestamps to `<|notimestamps|>` + 1 and up.
    """
    multilingual = n_vocab >= MULTILINGUAL
    ranks = bundled_ranks("multilingual" if multilingual else "gpt2")
    vocabulary = {_printable(token): rank for token, rank in ranks.items()}
    end, *added = official_specials(n_vocab)
    _write_json(folder / "vocab.json", vocabulary | {end: len(ranks)})
    first = len(ranks) + 1
    _write_json(folder / "added_tokens.json", {name: first + i for i, name in enumerate(added)})
    merges = [f"{_printable(left)} {_printable(right)}" for left, right in merge_pairs(ranks)]
    text = "\n".join(["#version: 0.2", *merges]) + "\n"
    (folder / "merges.txt").write_text(text, encoding="utf-8")


def official_specials(n_vocab: int) -> list[str]:
    """Return the special tokens below the timestamps, in the order of their ids."""
    n_languages = n_vocab - 51765 - int(n_vocab >= MULTILINGUAL)
    return [
        "<|endoftext|>",
        "<|startoftranscript|>",
        *(f"<|{code}|>" for code in list(LANGUAGES)[:n_languages]),
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>" if n_vocab == MULTILINGUAL_V3 else "<|nocaptions|>",
        "<|notimestamps|>",
    ]


def merge_pairs(ranks: Mapping[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the two parts that make each longer token, in the order of their ranks."""
    for token in sorted(ranks, key=ranks.__getitem__):
        if len(token) > 1:
            left, right = _parts(token, ranks)
            yield left, right


def _parts(token: bytes, ranks: Mapping[bytes, int]) -> Sequence[bytes]:
    """Merge the bytes of `token` by rank until only its own merge is left to do."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        _, at = min(
            (ranks.get(left + right, len(ranks)), at)
            for at, (left, right) in enumerate(pairwise(parts))
        )
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


def _byte_characters() -> list[str]:
    """Return GPT-2's printable character of each byte (`bytes_to_unicode`)."""
    plain = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = (chr(0x100 + i) for i in range(256))
    return [chr(byte) if byte in plain else next(others) for byte in range(256)]


BYTE_CHARACTERS = _byte_characters()


def _printable(token: bytes) -> str:
    return "".join(BYTE_CHARACTERS[byte] for byte in token)


# --- openai layout ---------------------------------------------------------------------------

STORAGE_TYPES = {
    "float32": "FloatStorage",
    "float16": "HalfStorage",
    "bfloat16": "BFloat16Storage",
}


def write_openai(
    path: Path,
    dims: ModelDimensions,
    seed: int,
    *,
    dtype: Dtype = "float16",
    weights: Mapping[str, Array] | None = None,
) -> Path:
    """Write a `.pt` as torch saves `{"dims": …, "model_state_dict": …}` and return its path."""
    stored = random_weights(dims, seed) if weights is None else weights
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", _openai_pickle(dims, stored, dtype))
        for key, value in enumerate(stored.values()):
            archive.writestr(f"archive/data/{key}", _stored(value, dtype).tobytes())
    return path


def _openai_pickle(dims: ModelDimensions, weights: Mapping[str, Array], dtype: Dtype) -> bytes:
    dimension_items = b"".join(_text(name) + _integer(n) for name, n in asdict(dims).items())
    tensors = b"".join(
        _text(name) + _tensor(str(key), value.shape, dtype)
        for key, (name, value) in enumerate(weights.items())
    )
    state = b"ccollections\nOrderedDict\n)R(" + tensors + b"u"
    content = _text("dims") + b"}(" + dimension_items + b"u" + _text("model_state_dict") + state
    return b"\x80\x02}(" + content + b"u."


def _tensor(key: str, shape: tuple[int, ...], dtype: Dtype) -> bytes:
    strides = [int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))]
    storage = f"ctorch\n{STORAGE_TYPES[dtype]}\n".encode()
    size = _integer(int(np.prod(shape)))
    persistent = b"(" + _text("storage") + storage + _text(key) + _text("cpu") + size + b"tQ"
    extents = _integers(shape) + _integers(strides)
    hooks = b"\x89ccollections\nOrderedDict\n)R"
    rebuild = b"ctorch._utils\n_rebuild_tensor_v2\n("
    return rebuild + persistent + _integer(0) + extents + hooks + b"tR"


def _text(value: str) -> bytes:
    encoded = value.encode()
    return b"X" + len(encoded).to_bytes(4, "little") + encoded


def _integer(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def _integers(values: Sequence[int]) -> bytes:
    return b"(" + b"".join(_integer(value) for value in values) + b"t"
