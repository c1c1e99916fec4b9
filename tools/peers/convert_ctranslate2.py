"""Makes CTranslate2's folders from arrays: `python -m tools.peers.convert_ctranslate2 FOLDER`.

FOLDER holds `weights.npz` (openai-whisper's names), `shape.json` and the files of a tokenizer;
`int8` and `float32` are made beside them. Runs under faster-whisper's Python, without Sotto.
"""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
from ctranslate2.specs import common_spec, whisper_spec
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]


def main() -> None:
    folder = Path(sys.argv[1])
    with np.load(folder / "weights.npz") as archive:
        weights = dict(archive)
    shape = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
    vocabulary = _vocabulary(folder, shape["n_vocab"])
    for compute_type in ("float32", "int8"):  # in this order: quantising overwrites the arrays
        made = folder / compute_type
        made.mkdir()
        spec = model_spec(weights, shape)
        spec.register_vocabulary(vocabulary)
        spec.validate()
        spec.optimize(None if compute_type == "float32" else compute_type)
        spec.save(str(made))
        _write_tokenizer(folder, made / "tokenizer.json")
        features = {"feature_size": shape["n_mels"]}
        (made / "preprocessor_config.json").write_text(json.dumps(features), encoding="utf-8")


def model_spec(weights: Weights, shape: dict[str, int]) -> Any:
    """Return the model as CTranslate2 describes it."""
    spec = whisper_spec.WhisperSpec(
        shape["n_audio_layer"], shape["n_audio_head"], shape["n_text_layer"], shape["n_text_head"]
    )
    _set_linear(spec.encoder.conv1, weights, ["encoder.conv1"])
    _set_linear(spec.encoder.conv2, weights, ["encoder.conv2"])
    spec.encoder.position_encodings.encodings = weights["encoder.positional_embedding"]
    _set_norm(spec.encoder.layer_norm, weights, "encoder.ln_post")
    spec.decoder.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.decoder.projection.weight = weights["decoder.token_embedding.weight"]
    spec.decoder.position_encodings.encodings = weights["decoder.positional_embedding"]
    _set_norm(spec.decoder.layer_norm, weights, "decoder.ln")
    for part in ("encoder", "decoder"):
        for index, layer in enumerate(getattr(spec, part).layer):
            _set_layer(layer, weights, f"{part}.blocks.{index}")
    heads = itertools.product(range(shape["n_text_layer"]), range(shape["n_text_head"]))
    spec.config.alignment_heads = list(heads)
    spec.config.suppress_ids, spec.config.suppress_ids_begin, spec.config.lang_ids = [], [], []
    return spec


def _set_layer(layer: Any, weights: Weights, name: str) -> None:
    query, key, value = (f"{name}.attn.{part}" for part in ("query", "key", "value"))
    _set_linear(layer.self_attention.linear[0], weights, [query, key, value])
    _set_linear(layer.self_attention.linear[1], weights, [f"{name}.attn.out"])
    _set_norm(layer.self_attention.layer_norm, weights, f"{name}.attn_ln")
    if name.startswith("decoder"):
        query, key, value = (f"{name}.cross_attn.{part}" for part in ("query", "key", "value"))
        _set_linear(layer.attention.linear[0], weights, [query])
        _set_linear(layer.attention.linear[1], weights, [key, value])
        _set_linear(layer.attention.linear[2], weights, [f"{name}.cross_attn.out"])
        _set_norm(layer.attention.layer_norm, weights, f"{name}.cross_attn_ln")
    _set_linear(layer.ffn.linear_0, weights, [f"{name}.mlp.0"])
    _set_linear(layer.ffn.linear_1, weights, [f"{name}.mlp.2"])
    _set_norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")


def _set_linear(spec: common_spec.LinearSpec, weights: Weights, names: list[str]) -> None:
    """Set one matrix of several stacked; those without a bias (keys) get one of zeros."""
    matrices = [weights[f"{name}.weight"] for name in names]
    zeros = [np.zeros(len(matrix), np.float32) for matrix in matrices]
    named = zip(names, zeros, strict=True)
    spec.weight = np.concatenate(matrices)
    spec.bias = np.concatenate([weights.get(f"{name}.bias", zero) for name, zero in named])


def _set_norm(spec: common_spec.LayerNormSpec, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _read(path: Path) -> dict[str, int]:
    ids: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return ids


def _vocabulary(folder: Path, n_vocab: int) -> list[str]:
    ids = _read(folder / "vocab.json") | _read(folder / "added_tokens.json")
    named = sorted(ids, key=ids.__getitem__)
    return named + [f"<|{index * 0.02:.2f}|>" for index in range(n_vocab - len(named))]


def _write_tokenizer(folder: Path, path: Path) -> None:
    """Write the file without which faster-whisper would fetch one."""
    vocabulary, added = _read(folder / "vocab.json"), _read(folder / "added_tokens.json")
    merges = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [(left, right) for left, _, right in (line.partition(" ") for line in merges)]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, pairs))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>", *sorted(added, key=added.__getitem__)])
    tokenizer.save(str(path))


if __name__ == "__main__":
    main()
