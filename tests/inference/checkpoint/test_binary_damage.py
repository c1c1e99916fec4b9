"""Any damage to CTranslate2's and whisper.cpp's files is told in one line, and costs no memory."""

import re
import shutil
import struct
import tracemalloc
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.load import load_checkpoint, read_contents
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.checkpoint.tensors import Weights
from sotto.inference.dimensions import ModelDimensions
from tests.helpers.examples import examples
from tests.helpers.ggml_model import write_ggml_model
from tools.fixtures.random_checkpoint import random_weights

CONVERTED = Path(__file__).parents[2] / "golden" / "checkpoint" / "ctranslate2"
SMALL = ModelDimensions(80, 24, 64, 1, 1, 40, 16, 64, 1, 1)
MEGABYTE = 1 << 20


@pytest.fixture(scope="module", params=["f16", "q5_1"])
def ggml(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("ggml") / "model.bin"
    tokens = [bytes([i]) for i in range(20)]
    write_ggml_model(path, SMALL, random_weights(SMALL, 0), request.param, tokens)
    return path.read_bytes()


@pytest.fixture(scope="module", params=["int8_float16", "bfloat16"])
def model_bin(request: pytest.FixtureRequest) -> bytes:
    return (CONVERTED / f"{request.param}.bin").read_bytes()


def damaged(data: st.DataObject, content: bytes) -> bytes:
    """Return content cut off or overwritten anywhere."""
    at = data.draw(st.integers(0, len(content)))
    if data.draw(st.booleans()):
        return content[:at]
    patch = data.draw(st.binary(min_size=1, max_size=64))
    return content[:at] + patch + content[at + len(patch) :]


def damaged_number(data: st.DataObject, content: bytes, names: bytes) -> bytes:
    """Return content with other numbers around the name of a tensor: its shape, type and so on."""
    places = [match.start() for match in re.finditer(re.escape(names), content)]
    at = data.draw(st.sampled_from(places)) + data.draw(st.integers(-24, 64))
    extreme = st.sampled_from([0, 1, 3, 2**15, 2**31 - 1, 2**31, 2**32 - 1])
    patch = struct.pack("<I", data.draw(extreme))
    return content[:at] + patch + content[at + 4 :]


def assert_reads_or_complains(path: Path) -> None:
    complaint = ""
    try:
        with np.errstate(all="ignore"):  # numbers may be anything
            contents = read_contents(path)
            weights = Weights(contents.tensors, contents.computed)
            assert all(weights[name].dtype == np.float32 for name in weights)
            summarise(path)
    except CheckpointError as error:
        complaint = str(error)
    assert complaint == "" or str(path) in complaint
    assert "\n" not in complaint


def check_folder(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "model.bin").write_bytes(content)
        assert_reads_or_complains(Path(folder))


def check_file(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ggml-model.bin"
        path.write_bytes(content)
        assert_reads_or_complains(path)


@settings(max_examples=examples(100))
@given(data=st.data())
def test_any_damage_to_a_ctranslate2_file(model_bin: bytes, data: st.DataObject) -> None:
    check_folder(damaged(data, model_bin))


@settings(max_examples=examples(100))
@given(data=st.data())
def test_odd_numbers_in_a_ctranslate2_file(model_bin: bytes, data: st.DataObject) -> None:
    check_folder(damaged_number(data, model_bin, b"encoder/"))


@settings(max_examples=examples(100))
@given(data=st.data())
def test_any_damage_to_a_ggml_file(ggml: bytes, data: st.DataObject) -> None:
    check_file(damaged(data, ggml))


@settings(max_examples=examples(100))
@given(data=st.data())
def test_odd_numbers_in_a_ggml_file(ggml: bytes, data: st.DataObject) -> None:
    check_file(damaged_number(data, ggml, b"encoder."))


@pytest.mark.parametrize("number", [2**31 - 1, 2**32 - 1])
def test_absurd_numbers_cost_no_memory(number: int, model_bin: bytes, ggml: bytes) -> None:
    """Each number of the header, and of the first variable, in turn."""
    patch = struct.pack("<I", number)
    tracemalloc.start()
    try:
        for at in range(0, 60, 2):
            check_folder(model_bin[:at] + patch + model_bin[at + 4 :])
            check_file(ggml[:at] + patch + ggml[at + 4 :])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * MEGABYTE


@settings(max_examples=examples(60))
@given(data=st.data())
def test_any_damage_to_a_list_of_tokens(data: st.DataObject) -> None:
    content = (CONVERTED / "vocabulary.json").read_bytes()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copy(CONVERTED / "int8_float16.bin", folder / "model.bin")
        (folder / "vocabulary.json").write_bytes(damaged(data, content))
        with suppress(CheckpointError):
            load_checkpoint(folder)
