"""What is no model that Sotto reads is told in one line: what it is, and what to do."""

from pathlib import Path

import pytest

from sotto.errors import CheckpointError
from sotto.inference.checkpoint import load_checkpoint


def complaint(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path))


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["config.json", "vocabulary.txt", "tokenizer.json"], "lacks model.bin; fetch the model"),
        (["vocabulary.json"], "lacks model.bin"),
        (["openvino_encoder_model.xml", "config.json"], "is a model for OpenVINO"),
        (["base-encoder.mlmodelc/model.mil", "notes"], "holds a model for Core ML"),
        (["model.mil", "weights/weight.bin"], "is a model for Core ML"),
        (["encoder.onnx"], "is a model for ONNX"),
        (["ggml-base.bin", "ggml-tiny.bin"], "give the path of one of its ggml .bin files"),
        (["base.pt"], "give the path of one of its .pt files"),
        (["notes.txt"], "holds no config.json, so it is no model"),
        ([], "holds no config.json, so it is no model"),
        (["config.json"], "config.json is damaged"),
    ],
)
def test_folders_of_something_else(files: list[str], told: str, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert told in complaint(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("base.gguf", b"GGUF\3\0\0\0", "is a GGUF file; fetch whisper.cpp's ggml .bin"),
        ("old.bin", b"tjgg\1\0\0\0", "is a ggjt file"),
        ("old.bin", b"fmgg\1\0\0\0", "is a ggmf file"),
        ("model.safetensors", bytes(8), "is one file of a model; give the folder"),
        ("model.bin", b"\6\0\0\0\x0cWhisperSpec", "is one file of a model; give the folder"),
        ("ggml-base-encoder.bin", bytes(100), "is neither a folder in Hugging Face or CTranslate2"),
        ("empty.bin", b"", "is neither a folder"),
        ("cut.bin", b"lmg", "is neither a folder"),
        ("cut.bin", b"lmgg", "is truncated or damaged"),
        ("ggml.pt", b"lmgg", "is truncated or no checkpoint of torch"),
    ],
)
def test_files_of_something_else(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert told in complaint(tmp_path / name)


def test_nothing_there(tmp_path: Path) -> None:
    told = complaint(tmp_path / "none")
    assert told.startswith(" does not exist; give a folder in Hugging Face or CTranslate2 layout")


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "loop.bin").symlink_to(tmp_path / "loop.bin")
    assert "does not exist" in complaint(tmp_path / "loop.bin")
