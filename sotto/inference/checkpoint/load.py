"""From a path to a checked checkpoint."""

from pathlib import Path

from sotto.inference.checkpoint.contents import Contents, Layout
from sotto.inference.checkpoint.formats.recognise import reader_of
from sotto.inference.checkpoint.tensors import Weights
from sotto.inference.interfaces import Checkpoint


def load_checkpoint(path: Path) -> Checkpoint:
    """Read and check a Whisper model; the numbers stay on disk until they are asked for.

    Args:
        path: A folder in Hugging Face layout (config.json; model.safetensors or
            pytorch_model.bin, or shards of one with their index; tokenizer.json or vocab.json
            unless the vocabulary is an official one; perhaps generation_config.json); a folder of
            CTranslate2, as faster-whisper's are (model.bin, tokenizer.json or vocabulary.txt or
            vocabulary.json, perhaps config.json); a `.pt` of openai-whisper; or a ggml `.bin` of
            whisper.cpp. No code in a file is run.

    Raises:
        CheckpointError: A file, key or tensor is missing, damaged, truncated or mis-shaped, or
            the layout is another; the message names it.
    """
    contents = read_contents(path)
    return Checkpoint(
        name=_name(contents),
        path=path,
        dimensions=contents.dimensions,
        weights=Weights(contents.tensors, contents.computed),
        tokenizer=contents.tokenizer(),
        rules=contents.rules,
        native_short_window=contents.native_short_window,
    )


def read_contents(path: Path) -> Contents:
    """Return what a model's files hold, whatever their layout, with its tensors checked.

    Raises:
        CheckpointError: As `load_checkpoint`, but for the tokenizer.
    """
    contents = reader_of(path)(path)
    contents.check_tensors()
    return contents


def _name(contents: Contents) -> str:
    """Return what a user calls the model: the folder's name or the file's."""
    if contents.path.is_dir():
        return contents.path.resolve().name
    stem = contents.path.stem
    return stem.removeprefix("ggml-") if contents.layout is Layout.GGML else stem
