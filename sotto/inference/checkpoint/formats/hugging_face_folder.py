"""Reading a folder as transformers saves it: config.json, model.safetensors and a tokenizer."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.configuration import dimensions_from_config, generation_rules
from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.formats.json_file import read_object
from sotto.inference.checkpoint.formats.safetensors_file import read_safetensors
from sotto.inference.checkpoint.formats.torch_file import read_state
from sotto.inference.checkpoint.names import is_used, openai_name
from sotto.inference.checkpoint.positions import ENCODER_POSITIONS, EncoderPositions
from sotto.inference.checkpoint.tensors import StoredTensor
from sotto.inference.checkpoint.vocabulary import FIRST_MULTILINGUAL_SIZE, read_tokenizer

CONFIG_FILE = "config.json"
GENERATION_FILE = "generation_config.json"

Reader = Callable[[Path], dict[str, StoredTensor]]

# The first that is there counts. The second is from before 2023; many trainings left no other.
WEIGHTS_FILES: dict[str, Reader] = {
    "model.safetensors": read_safetensors,
    "pytorch_model.bin": read_state,
}
INDEX_SUFFIX = ".index.json"  # of the list of parts that a large file was cut into

# The output projection is the token embedding; some files hold it a second time.
TIED_OUTPUT = "proj_out.weight"
EMBEDDING = "decoder.token_embedding.weight"


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
    said = generation.get("is_multilingual")
    is_multilingual = said if isinstance(said, bool) else None
    tensors = {openai_name(name): tensor for name, tensor in _stored_tensors(folder).items()}
    _check_output(tensors.pop(TIED_OUTPUT, None), tensors, config, folder)
    computed = {}
    if ENCODER_POSITIONS not in tensors:
        computed[ENCODER_POSITIONS] = EncoderPositions((dims.n_audio_ctx, dims.n_audio_state))
    return Contents(
        layout=Layout.HUGGING_FACE,
        path=folder,
        dimensions=dims,
        tensors=tensors,
        is_multilingual=(
            dims.n_vocab >= FIRST_MULTILINGUAL_SIZE if is_multilingual is None else is_multilingual
        ),
        tokenizer=partial(read_tokenizer, folder, dims.n_vocab, is_multilingual=is_multilingual),
        rules=generation_rules(generation, folder / GENERATION_FILE, dims),
        native_short_window=config.get("native_short_window") is True,
        computed=computed,
    )


def _check_output(
    output: StoredTensor | None,
    tensors: Mapping[str, StoredTensor],
    config: Mapping[str, object],
    folder: Path,
) -> None:
    """Check that the output projection is the token embedding, where a model says it need not."""
    if output is None or EMBEDDING not in tensors or config.get("tie_word_embeddings") is not False:
        return
    if not np.array_equal(output.read(), tensors[EMBEDDING].read()):
        raise CheckpointError(
            f"{folder} has an output projection of its own; Sotto runs models whose projection is "
            "the token embedding"
        )


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
