"""From a path to a checked checkpoint."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.configuration import (
    dimensions_from_config,
    generation_rules,
    parse_dimensions,
)
from sotto.inference.checkpoint.json_file import read_object
from sotto.inference.checkpoint.layout import absent_tensor, expected_shapes
from sotto.inference.checkpoint.names import is_used, openai_name
from sotto.inference.checkpoint.safetensors_file import read_safetensors
from sotto.inference.checkpoint.tensors import StoredTensor, Weights
from sotto.inference.checkpoint.torch_file import TorchFile, read_state
from sotto.inference.checkpoint.vocabulary import bundled_tokenizer, read_tokenizer
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import Checkpoint, GenerationRules

CONFIG_FILE = "config.json"
GENERATION_FILE = "generation_config.json"

Reader = Callable[[Path], dict[str, StoredTensor]]

# The first that is there counts. The second is from before 2023; many trainings left no other.
WEIGHTS_FILES: dict[str, Reader] = {
    "model.safetensors": read_safetensors,
    "pytorch_model.bin": read_state,
}
INDEX_SUFFIX = ".index.json"  # of the list of parts that a large file was cut into

ENCODER_POSITIONS = "encoder.positional_embedding"
# The output projection is the token embedding; some files hold it a second time.
TIED_OUTPUT = "proj_out.weight"
EMBEDDING = "decoder.token_embedding.weight"
LONGEST_WAVELENGTH = 10_000  # of the sinusoids, in positions, over 2 pi


def load_checkpoint(path: Path) -> Checkpoint:
    """Read and check a Whisper model; the numbers stay on disk until they are asked for.

    Args:
        path: A folder in Hugging Face layout (config.json; model.safetensors or
            pytorch_model.bin, or shards of one with their index; tokenizer.json or vocab.json
            unless the vocabulary is an official one; perhaps generation_config.json), or a `.pt`
            of openai-whisper. No code in a `.pt` or `.bin` is run.

    Raises:
        CheckpointError: A file, key or tensor is missing, damaged, truncated or mis-shaped; the
            message names it.
    """
    if path.is_dir():
        return _load_hugging_face(path)
    if path.suffix == ".pt":
        return _load_openai(path)
    if not path.exists():
        raise CheckpointError(f"{path} does not exist; give a model's folder or .pt file")
    raise CheckpointError(f"{path} is neither a folder in Hugging Face layout nor a .pt file")


def _load_hugging_face(folder: Path) -> Checkpoint:
    if not (folder / CONFIG_FILE).exists():
        raise CheckpointError(f"{folder} holds no {CONFIG_FILE}, so it is no model")
    config = read_object(folder / CONFIG_FILE)
    dims = dimensions_from_config(config, folder / CONFIG_FILE)
    generation = config
    if (folder / GENERATION_FILE).exists():
        generation = read_object(folder / GENERATION_FILE)
    is_multilingual = generation.get("is_multilingual")
    return Checkpoint(
        name=folder.resolve().name,
        path=folder,
        dimensions=dims,
        weights=_hugging_face_weights(folder, dims, tied=config.get("tie_word_embeddings", True)),
        tokenizer=read_tokenizer(
            folder,
            dims.n_vocab,
            is_multilingual=is_multilingual if isinstance(is_multilingual, bool) else None,
        ),
        rules=generation_rules(generation, folder / GENERATION_FILE, dims),
        native_short_window=config.get("native_short_window") is True,
    )


def _load_openai(path: Path) -> Checkpoint:
    file = TorchFile(path)
    dims = parse_dimensions(file.content.get("dims"), path)
    state = file.content.get("model_state_dict")
    if not isinstance(state, dict):
        raise CheckpointError(f"{path} holds no model_state_dict, so it is not openai-whisper's")
    tensors = {openai_name(name): tensor for name, tensor in file.tensors(state).items()}
    tensors.pop(TIED_OUTPUT, None)
    _check_tensors(tensors, dims, path)
    return Checkpoint(
        name=path.stem,
        path=path,
        dimensions=dims,
        weights=Weights(tensors),
        tokenizer=bundled_tokenizer(dims.n_vocab, path),
        rules=GenerationRules(),
        native_short_window=False,
    )


def _hugging_face_weights(folder: Path, dims: ModelDimensions, *, tied: object) -> Weights:
    tensors = {openai_name(name): tensor for name, tensor in _stored_tensors(folder).items()}
    output = tensors.pop(TIED_OUTPUT, None)
    computed = {}
    if ENCODER_POSITIONS not in tensors:
        computed[ENCODER_POSITIONS] = sinusoids(dims.n_audio_ctx, dims.n_audio_state)
    _check_tensors(tensors, dims, folder, computed)
    if tied is False and output and not np.array_equal(output.read(), tensors[EMBEDDING].read()):
        raise CheckpointError(
            f"{folder} has an output projection of its own; Sotto runs models whose projection is "
            "the token embedding"
        )
    return Weights(tensors, computed)


def _stored_tensors(folder: Path) -> dict[str, StoredTensor]:
    for name, read in WEIGHTS_FILES.items():
        if (folder / name).exists():
            return read(folder / name)
        if (folder / f"{name}{INDEX_SUFFIX}").exists():
            return _sharded_tensors(folder / f"{name}{INDEX_SUFFIX}", read)
    raise CheckpointError(
        f"{folder} holds neither {' nor '.join(WEIGHTS_FILES)}, nor an index of parts of one; "
        "fetch the model again, or convert its weights"
    )


def _sharded_tensors(index: Path, read: Reader) -> dict[str, StoredTensor]:
    folder = index.parent
    weight_map = read_object(index).get("weight_map")
    if not isinstance(weight_map, dict) or not all(map(_is_file_name, weight_map.values())):
        raise CheckpointError(f"{index} is damaged; fetch the model again")
    weight_map = {tensor: name for tensor, name in weight_map.items() if is_used(tensor)}
    shards = {name: read(folder / name) for name in sorted(set(weight_map.values()))}
    for tensor, name in weight_map.items():
        if tensor not in shards[name]:
            raise CheckpointError(f"{folder / name} holds no tensor {tensor}; fetch it again")
    return {tensor: shards[name][tensor] for tensor, name in weight_map.items()}


def _is_file_name(value: object) -> bool:
    """Tell whether a shard lies in the folder itself: an index must not reach other files."""
    return isinstance(value, str) and Path(value).name == value


def _check_tensors(
    tensors: Mapping[str, StoredTensor],
    dims: ModelDimensions,
    path: Path,
    computed: Mapping[str, object] | None = None,
) -> None:
    """Check names and shapes against the dimensions, from the headers alone."""
    expected = {}
    for name, shape in expected_shapes(dims):
        expected[name] = shape
        if name in (computed or {}):
            continue
        if name not in tensors:
            raise absent_tensor(name, tensors, path)
        if tensors[name].shape != shape:
            raise CheckpointError(
                f"{path}: tensor {name} has shape {tensors[name].shape}, not {shape} as the "
                "model's configuration says"
            )
    for name in tensors:
        if name not in expected:
            raise CheckpointError(f"{path}: tensor {name} is not part of such a Whisper model")


def sinusoids(length: int, channels: int) -> NDArray[np.float32]:
    """Return the positions of the encoder, (length, channels); openai-whisper's `sinusoids`."""
    increment = np.log(LONGEST_WAVELENGTH) / (channels // 2 - 1)
    inverse_wavelengths = np.exp(
        np.float32(-increment) * np.arange(channels // 2, dtype=np.float32)
    )
    angles = np.arange(length, dtype=np.float32)[:, np.newaxis] * inverse_wavelengths
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
