"""Reading a folder of CTranslate2, as faster-whisper's models are.

CTranslate2's `WhisperSpec` keeps query, key and value stacked in one matrix (`linear_0` of self
attention; key and value alone in `linear_1` of cross attention), and has a bias for keys, which
Whisper has not: it is zero.
"""

import re
from functools import partial
from itertools import count
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.configuration import (
    HEAD_WIDTH,
    alignment_heads,
    openai_rules,
    parse_dimensions,
    token_ids,
)
from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.formats.ctranslate2_file import CTranslate2File
from sotto.inference.checkpoint.formats.json_file import read_object
from sotto.inference.checkpoint.positions import ENCODER_POSITIONS, EncoderPositions
from sotto.inference.checkpoint.tensors import Located
from sotto.inference.checkpoint.token_list import read_token_list
from sotto.inference.checkpoint.vocabulary import FIRST_MULTILINGUAL_SIZE, read_tokenizer
from sotto.inference.dimensions import N_FRAMES, ModelDimensions
from sotto.inference.interfaces import GenerationRules
from sotto.inference.tokenizer import Tokenizer

WEIGHTS_FILE = "model.bin"
CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
VOCABULARY_FILES = ("vocabulary.json", "vocabulary.txt")

EMBEDDING = "decoder/embeddings/weight"
OUTPUT = "decoder/projection/weight"
POSITIONS = "{}/position_encodings/encodings"

# openai-whisper's names of CTranslate2's modules, of a block's without the block. Several names
# are of matrices that are stacked in one.
MODULES = {
    "encoder/conv1": "encoder.conv1",
    "encoder/conv2": "encoder.conv2",
    "encoder/position_encodings": "encoder",
    "encoder/layer_norm": "encoder.ln_post",
    "decoder/embeddings": "decoder.token_embedding",
    "decoder/position_encodings": "decoder",
    "decoder/layer_norm": "decoder.ln",
}
BLOCK_MODULES = {
    "self_attention/layer_norm": ("attn_ln",),
    "self_attention/linear_0": ("attn.query", "attn.key", "attn.value"),
    "self_attention/linear_1": ("attn.out",),
    "attention/layer_norm": ("cross_attn_ln",),
    "attention/linear_0": ("cross_attn.query",),
    "attention/linear_1": ("cross_attn.key", "cross_attn.value"),
    "attention/linear_2": ("cross_attn.out",),
    "ffn/layer_norm": ("mlp_ln",),
    "ffn/linear_0": ("mlp.0",),
    "ffn/linear_1": ("mlp.2",),
}
BLOCK = re.compile(r"(encoder|decoder)/layer_([0-9]+)/(.+)")
PARTS = {
    "weight": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "encodings": "positional_embedding",
}
KEY_BIAS = ".key.bias"


def read_ctranslate2(folder: Path) -> Contents:
    """Return what a folder in CTranslate2's layout holds.

    Raises:
        CheckpointError: A file is missing or damaged, or no Whisper model that Sotto runs.
    """
    file = CTranslate2File(folder / WEIGHTS_FILE)
    dims = _dimensions(file)
    tensors = _tensors(file)
    is_multilingual = dims.n_vocab >= FIRST_MULTILINGUAL_SIZE  # as CTranslate2 itself decides
    computed = {}
    if ENCODER_POSITIONS not in tensors:
        computed[ENCODER_POSITIONS] = EncoderPositions((dims.n_audio_ctx, dims.n_audio_state))
    return Contents(
        layout=Layout.CTRANSLATE2,
        path=folder,
        dimensions=dims,
        tensors=tensors,
        is_multilingual=is_multilingual,
        tokenizer=partial(_tokenizer, folder, dims.n_vocab, is_multilingual=is_multilingual),
        rules=_rules(folder / CONFIG_FILE, dims),
        computed=computed,
    )


def _dimensions(file: CTranslate2File) -> ModelDimensions:
    """Return the dimensions, most of which only the shapes tell."""
    n_vocab, width = file.shape(EMBEDDING, rank=2)
    _, n_mels, _ = file.shape("encoder/conv1/weight", rank=3)
    n_text_ctx, _ = file.shape(POSITIONS.format("decoder"), rank=2)
    n_audio_ctx = N_FRAMES // 2  # the second convolution halves them
    if POSITIONS.format("encoder") in file.names:
        n_audio_ctx, _ = file.shape(POSITIONS.format("encoder"), rank=2)
    values = {
        "n_mels": n_mels,
        "n_audio_ctx": n_audio_ctx,
        "n_audio_state": width,
        "n_audio_head": _n_heads(file, "encoder", width),
        "n_audio_layer": _n_layers(file, "encoder"),
        "n_vocab": n_vocab,
        "n_text_ctx": n_text_ctx,
        "n_text_state": width,
        "n_text_head": _n_heads(file, "decoder", width),
        "n_text_layer": _n_layers(file, "decoder"),
    }
    return parse_dimensions(values, file.path)


def _n_heads(file: CTranslate2File, stack: str, width: int) -> int:
    stored = file.scalar(f"{stack}/num_heads")
    return width // HEAD_WIDTH if stored is None else stored


def _n_layers(file: CTranslate2File, stack: str) -> int:
    return next(n for n in count() if f"{stack}/layer_{n}/ffn/linear_0/weight" not in file.names)


def _tensors(file: CTranslate2File) -> dict[str, Located]:
    """Return all tensors under openai-whisper's names, but for the keys' biases."""
    if OUTPUT in file.names and not file.is_same(OUTPUT, EMBEDDING):
        raise CheckpointError(
            f"{file.path}: the output projection is not the token embedding, as it is in Whisper"
        )
    tensors: dict[str, Located] = {}
    for variable in sorted(file.tensor_names - {OUTPUT}):
        tensors |= _unstacked(file, variable)
    for name in [name for name in tensors if name.endswith(KEY_BIAS)]:
        if tensors.pop(name).read().any():
            raise CheckpointError(f"{file.path}: {name} is not zero, and Whisper has none")
    return tensors


def _unstacked(file: CTranslate2File, variable: str) -> dict[str, Located]:
    """Return the tensors that a variable holds, one or several below each other."""
    names = _openai_names(variable)
    if not names:
        raise CheckpointError(f"{file.path}: {variable} is not part of a Whisper model")
    tensor = file.tensor(variable)
    if len(names) == 1:
        return {names[0]: tensor}
    n_rows, rest = divmod(tensor.shape[0], len(names))
    if rest:
        raise CheckpointError(f"{file.path}: {variable} has {tensor.shape[0]} rows")
    return {name: tensor.rows(i * n_rows, (i + 1) * n_rows) for i, name in enumerate(names)}


def _openai_names(variable: str) -> list[str]:
    """Return what openai-whisper calls the tensors in a variable, none if it has no such."""
    module, _, part = variable.rpartition("/")
    if part not in PARTS:
        return []
    modules = [MODULES[module]] if module in MODULES else []
    if block := BLOCK.fullmatch(module):
        stack, layer, rest = block.groups()
        modules = [f"{stack}.blocks.{layer}.{name}" for name in BLOCK_MODULES.get(rest, ())]
    return [f"{each}.{PARTS[part]}" for each in modules]


def _tokenizer(folder: Path, n_vocab: int, *, is_multilingual: bool) -> Tokenizer:
    if (folder / TOKENIZER_FILE).exists():
        return read_tokenizer(folder, n_vocab, is_multilingual=is_multilingual)
    for name in VOCABULARY_FILES:
        if (folder / name).exists():
            return read_token_list(folder / name, n_vocab, is_multilingual=is_multilingual)
    raise CheckpointError(
        f"{folder} has neither {TOKENIZER_FILE} nor {' nor '.join(VOCABULARY_FILES)}; "
        "fetch the model again"
    )


def _rules(path: Path, dims: ModelDimensions) -> GenerationRules:
    """Return what config.json says about decoding; the first conversions have none."""
    if not path.exists():
        return openai_rules(dims)
    config = read_object(path)
    return GenerationRules(
        suppress_tokens=token_ids(config, "suppress_ids", path, dims),
        begin_suppress_tokens=token_ids(config, "suppress_ids_begin", path, dims),
        alignment_heads=alignment_heads(config, path, dims),
    )
