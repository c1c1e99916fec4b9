"""What the files of a checkpoint say about a model and about decoding with it."""

from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.alignment_heads import openai_alignment_heads
from sotto.inference.checkpoint.formats.json_file import is_count, is_counts
from sotto.inference.checkpoint.layout import MLP_RATIO
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import MAX_BEAM_SIZE, GenerationRules

Json = dict[str, object]

HEAD_WIDTH = 64  # of every Whisper model
MEL_SIZES = (80, 128)  # the sizes of openai-whisper's filter banks

# The keys of transformers' WhisperConfig for openai-whisper's dimensions.
CONFIG_KEYS = {
    "n_mels": "num_mel_bins",
    "n_audio_ctx": "max_source_positions",
    "n_audio_state": "d_model",
    "n_audio_head": "encoder_attention_heads",
    "n_audio_layer": "encoder_layers",
    "n_vocab": "vocab_size",
    "n_text_ctx": "max_target_positions",
    "n_text_state": "d_model",
    "n_text_head": "decoder_attention_heads",
    "n_text_layer": "decoder_layers",
}

# What transformers takes for keys that a config.json lacks; the same in every official model.
CONFIG_DEFAULTS = {"max_source_positions": 1500, "max_target_positions": 448, "num_mel_bins": 80}

DEFAULT_MAX_INITIAL_TIMESTAMP_INDEX = 50  # 1.0 s, as in openai-whisper
DEFAULT_TOKENS = -1  # stands for openai-whisper's own list


def dimensions_from_config(config: Json, path: Path) -> ModelDimensions:
    """Return the dimensions in a config.json read from `path`.

    Raises:
        CheckpointError: A key is missing or no Whisper model that Sotto runs is of that kind.
    """
    model_type = config.get("model_type")
    if model_type != "whisper":
        raise CheckpointError(f"{path}: model_type is {model_type!r}; Sotto runs Whisper models")
    config = CONFIG_DEFAULTS | config
    dims = parse_dimensions({name: config.get(key) for name, key in CONFIG_KEYS.items()}, path)
    fixed = {
        "activation_function": "gelu",
        "scale_embedding": False,
        "encoder_ffn_dim": MLP_RATIO * dims.n_audio_state,
        "decoder_ffn_dim": MLP_RATIO * dims.n_text_state,
    }
    for key, supported in fixed.items():
        if config.get(key, supported) != supported:
            raise CheckpointError(f"{path}: {key} is {config[key]!r}; Sotto supports {supported!r}")
    return dims


def parse_dimensions(values: object, path: Path) -> ModelDimensions:
    """Return ten numbers under openai-whisper's names as dimensions that Sotto can run.

    Raises:
        CheckpointError: One is missing, no positive integer, or does not fit the others.
    """
    if not isinstance(values, dict):
        raise CheckpointError(
            f"{path} holds no dimensions, so it is not openai-whisper's; use the model's Hugging "
            "Face folder"
        )
    for name, key in CONFIG_KEYS.items():
        if not is_count(values.get(name)) or not values[name]:
            raise CheckpointError(
                f"{path}: {key} ({name}) is {values.get(name)!r}, not a positive integer"
            )
    dims = ModelDimensions(**{name: values[name] for name in CONFIG_KEYS})
    _check(dims, path)
    return dims


def _check(dims: ModelDimensions, path: Path) -> None:
    for part, width, heads in (
        ("encoder", dims.n_audio_state, dims.n_audio_head),
        ("decoder", dims.n_text_state, dims.n_text_head),
    ):
        if width != heads * HEAD_WIDTH:
            raise CheckpointError(
                f"{path}: the {part}'s width {width} is not {heads} heads of {HEAD_WIDTH}"
            )
    if dims.n_audio_state != dims.n_text_state:
        raise CheckpointError(
            f"{path}: the encoder's width {dims.n_audio_state} is not the decoder's "
            f"{dims.n_text_state}"
        )
    if dims.n_mels not in MEL_SIZES:
        raise CheckpointError(f"{path}: {dims.n_mels} mel bins; Sotto supports 80 and 128")


def generation_rules(generation: Json, path: Path, dims: ModelDimensions) -> GenerationRules:
    """Return what a generation_config.json says about decoding.

    Raises:
        CheckpointError: A value is not what transformers writes there.
    """
    max_initial = generation.get("max_initial_timestamp_index", DEFAULT_MAX_INITIAL_TIMESTAMP_INDEX)
    if max_initial is not None and not is_count(max_initial):
        raise CheckpointError(f"{path}: max_initial_timestamp_index is {max_initial!r}, no integer")
    num_beams = generation.get("num_beams")
    num_beams = 1 if num_beams is None else num_beams
    if not is_count(num_beams) or not 1 <= num_beams <= MAX_BEAM_SIZE:
        raise CheckpointError(f"{path}: num_beams is {num_beams!r}, not 1 to {MAX_BEAM_SIZE}")
    return GenerationRules(
        suppress_tokens=token_ids(generation, "suppress_tokens", path, dims),
        begin_suppress_tokens=token_ids(generation, "begin_suppress_tokens", path, dims),
        max_initial_timestamp_index=max_initial,
        alignment_heads=alignment_heads(generation, path, dims),
        num_beams=num_beams,
    )


def openai_rules(dims: ModelDimensions) -> GenerationRules:
    """Return the rules for files that say nothing: openai-whisper's, and its heads by the shape."""
    return GenerationRules(alignment_heads=openai_alignment_heads(dims))


def token_ids(config: Json, key: str, path: Path, dims: ModelDimensions) -> tuple[int, ...] | None:
    """Return a list of tokens that the model has; None: openai-whisper's own list counts.

    The latter is what -1 means to openai-whisper's `--suppress_tokens`, from where it got into
    files.

    Raises:
        CheckpointError: It is no such list.
    """
    tokens = config.get(key)
    if tokens is None or tokens == [DEFAULT_TOKENS]:
        return None
    if not isinstance(tokens, list) or not all(type(token) is int for token in tokens):
        raise CheckpointError(f"{path}: {key} is no list of token ids")
    return tuple(token for token in tokens if 0 <= token < dims.n_vocab)


def alignment_heads(
    config: Json, path: Path, dims: ModelDimensions
) -> tuple[tuple[int, int], ...] | None:
    """Return the heads that this model has; if `config` lists none, openai-whisper's for its shape.

    Distilled models have been published with the heads of their teacher, which had more layers.

    Raises:
        CheckpointError: They are no such list.
    """
    pairs = config.get("alignment_heads")
    if pairs is None:
        return openai_alignment_heads(dims)
    if not isinstance(pairs, list) or not all(is_counts(pair) and len(pair) == 2 for pair in pairs):
        raise CheckpointError(f"{path}: alignment_heads is no list of [layer, head]")
    heads = tuple(
        (layer, head)
        for layer, head in pairs
        if layer < dims.n_text_layer and head < dims.n_text_head
    )
    return heads or None
