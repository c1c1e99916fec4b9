"""Reading a `.pt` of openai-whisper, which is a dictionary that torch saved."""

from functools import partial
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.configuration import openai_rules, parse_dimensions
from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.formats.torch_file import TorchFile
from sotto.inference.checkpoint.vocabulary import FIRST_MULTILINGUAL_SIZE, bundled_tokenizer


def read_openai(path: Path) -> Contents:
    """Return what a `.pt` holds; no code in it is run.

    Raises:
        CheckpointError: The file is missing, damaged or not openai-whisper's.
    """
    file = TorchFile(path)
    dims = parse_dimensions(file.content.get("dims"), path)
    state = file.content.get("model_state_dict")
    if not isinstance(state, dict):
        raise CheckpointError(f"{path} holds no model_state_dict, so it is not openai-whisper's")
    return Contents(
        layout=Layout.OPENAI,
        path=path,
        dimensions=dims,
        tensors=file.tensors(state),
        is_multilingual=dims.n_vocab >= FIRST_MULTILINGUAL_SIZE,
        tokenizer=partial(bundled_tokenizer, dims.n_vocab, path),
        rules=openai_rules(dims),
    )
