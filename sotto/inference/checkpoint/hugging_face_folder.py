"""Reading a folder as transformers saves it: config.json, model.safetensors and a tokenizer."""

from functools import partial
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.configuration import dimensions_from_config, generation_rules
from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.json_file import read_object
from sotto.inference.checkpoint.names import openai_name
from sotto.inference.checkpoint.positions import ENCODER_POSITIONS, EncoderPositions
from sotto.inference.checkpoint.safetensors_file import read_safetensors
from sotto.inference.checkpoint.tensors import StoredTensor
from sotto.inference.checkpoint.vocabulary import FIRST_MULTILINGUAL_SIZE, read_tokenizer

CONFIG_FILE = "config.json"
GENERATION_FILE = "generation_config.json"
WEIGHTS_FILE = "model.safetensors"
INDEX_FILE = "model.safetensors.index.json"

# The output projection is the token embedding; some files hold it a second time.
TIED_OUTPUT = "proj_out.weight"


def read_hugging_face(folder: Path) -> Contents:
    """Return what a folder in Hugging Face's layout holds.

    Raises:
        CheckpointError: A file is missing or damaged, or no Whisper model that Sotto runs.
    """
    if not (folder / CONFIG_FILE).exists():
        raise CheckpointError(f"{folder} holds no {CONFIG_FILE}, so it is no model")
    config = read_object(folder / CONFIG_FILE)
    dims = dimensions_from_config(config, folder / CONFIG_FILE)
    generation = config
    if (folder / GENERATION_FILE).exists():
        generation = read_object(folder / GENERATION_FILE)
    is_multilingual = (
        generation.get("is_multilingual", dims.n_vocab >= FIRST_MULTILINGUAL_SIZE) is True
    )
    tensors = {openai_name(name): tensor for name, tensor in _stored_tensors(folder).items()}
    tensors.pop(TIED_OUTPUT, None)
    computed = {}
    if ENCODER_POSITIONS not in tensors:
        computed[ENCODER_POSITIONS] = EncoderPositions((dims.n_audio_ctx, dims.n_audio_state))
    return Contents(
        layout=Layout.HUGGING_FACE,
        path=folder,
        dimensions=dims,
        tensors=tensors,
        is_multilingual=is_multilingual,
        tokenizer=partial(read_tokenizer, folder, dims.n_vocab, is_multilingual=is_multilingual),
        rules=generation_rules(generation, folder / GENERATION_FILE, dims),
        native_short_window=config.get("native_short_window") is True,
        computed=computed,
    )


def _stored_tensors(folder: Path) -> dict[str, StoredTensor]:
    if (folder / WEIGHTS_FILE).exists():
        return read_safetensors(folder / WEIGHTS_FILE)
    if not (folder / INDEX_FILE).exists():
        raise CheckpointError(
            f"{folder} holds neither {WEIGHTS_FILE} nor {INDEX_FILE}; fetch the model again"
        )
    return _sharded_tensors(folder)


def _sharded_tensors(folder: Path) -> dict[str, StoredTensor]:
    index = folder / INDEX_FILE
    weight_map = read_object(index).get("weight_map")
    if not isinstance(weight_map, dict) or not all(map(_is_file_name, weight_map.values())):
        raise CheckpointError(f"{index} is damaged; fetch the model again")
    shards = {name: read_safetensors(folder / name) for name in sorted(set(weight_map.values()))}
    for tensor, name in weight_map.items():
        if tensor not in shards[name]:
            raise CheckpointError(f"{folder / name} holds no tensor {tensor}; fetch it again")
    return {tensor: shards[name][tensor] for tensor, name in weight_map.items()}


def _is_file_name(value: object) -> bool:
    """Tell whether a shard lies in the folder itself: an index must not reach other files."""
    return isinstance(value, str) and Path(value).name == value
