"""Telling whose files a model is made of."""

from collections.abc import Callable
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.contents import Contents
from sotto.inference.checkpoint.formats import ctranslate2_folder
from sotto.inference.checkpoint.formats.ctranslate2_folder import read_ctranslate2
from sotto.inference.checkpoint.formats.ggml_file import MAGIC, read_ggml
from sotto.inference.checkpoint.formats.hugging_face_folder import read_hugging_face
from sotto.inference.checkpoint.formats.openai_file import read_openai
from sotto.regular_file import open_regular

Reader = Callable[[Path], Contents]

SUPPORTED = (
    "a folder in Hugging Face or CTranslate2 layout, a .pt of openai-whisper "
    "or a ggml .bin of whisper.cpp"
)

# Files that tell a folder's layout, the surest first.
FOLDERS: dict[str, Reader] = {
    "model.safetensors": read_hugging_face,
    "model.safetensors.index.json": read_hugging_face,
    ctranslate2_folder.WEIGHTS_FILE: read_ctranslate2,
    "pytorch_model.bin": read_hugging_face,
    "pytorch_model.bin.index.json": read_hugging_face,
}

# Patterns of files in folders that hold no model that Sotto reads: what they are, what to do.
OTHER_FOLDERS = {
    "vocabulary.*": f"lacks {ctranslate2_folder.WEIGHTS_FILE}; fetch the model again",
    "openvino_*": "is a model for OpenVINO; fetch it in Hugging Face's layout",
    "*.mlmodelc": "holds a model for Core ML; give the ggml .bin beside it",
    "*.mil": "is a model for Core ML; give the ggml .bin beside it",
    "*.onnx": "is a model for ONNX; fetch it in Hugging Face's layout",
    "ggml-*.bin": "is no model itself; give the path of one of its ggml .bin files",
    "*.pt": "is no model itself; give the path of one of its .pt files",
}

# How files begin that Sotto does not read: what they are, what to do.
OTHER_FILES = {
    b"GGUF": "is a GGUF file; fetch whisper.cpp's ggml .bin of the model, or its .pt",
    b"tjgg": "is a ggjt file, not whisper.cpp's; fetch its ggml .bin of the model, or its .pt",
    b"fmgg": "is a ggmf file, not whisper.cpp's; fetch its ggml .bin of the model, or its .pt",
}


def reader_of(path: Path) -> Reader:
    """Return what reads the file or folder.

    Raises:
        CheckpointError: It is missing, or nothing that Sotto reads; the message says what it is.
    """
    if path.is_dir():
        return _reader_of_folder(path)
    if path.suffix == ".pt":
        return read_openai
    if not path.exists():
        raise CheckpointError(f"{path} does not exist; give {SUPPORTED}")
    return _reader_of_file(path)


def _reader_of_folder(folder: Path) -> Reader:
    for name, reader in FOLDERS.items():
        if (folder / name).exists():
            return reader
    for pattern, complaint in OTHER_FOLDERS.items():
        if any(folder.glob(pattern)):
            raise CheckpointError(f"{folder} {complaint}")
    return read_hugging_face  # which says what is missing


def _reader_of_file(path: Path) -> Reader:
    try:
        with open_regular(path) as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}") from error
    if start == MAGIC:
        return read_ggml
    if path.name in FOLDERS:
        raise CheckpointError(f"{path} is one file of a model; give the folder {path.parent}")
    raise CheckpointError(f"{path} {OTHER_FILES.get(start, f'is neither {SUPPORTED}')}")
