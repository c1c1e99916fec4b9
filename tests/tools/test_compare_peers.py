import argparse
import io
import json
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.dimensions import ModelDimensions
from tools.compare_peers import joined_clips, program_and_python
from tools.fixtures.random_checkpoint import (
    OFFICIAL_DIMENSIONS,
    random_weights,
    write_hugging_face,
)
from tools.peers.checkpoints import RandomModel
from tools.peers.comparison import Comparison, Conditions, n_in_common
from tools.peers.engine import Setup, serve
from tools.peers.ggml import QUANTISERS, Content, quantised, write_ggml
from tools.peers.measures import GROUPS, MEASURES, Kind, Measure, Request
from tools.peers.process import WorkerError, WorkerProcess
from tools.peers.programs import (
    SOTTO,
    Installed,
    Variant,
    find_installed,
)
from tools.peers.table import Row, cell, markdown, to_json

SMALL = ModelDimensions(80, 16, 64, 1, 1, 40, 8, 64, 1, 1)
GOLDEN = Path(__file__).parents[1] / "golden" / "checkpoint" / "ggml.npz"
SOTTO_INT8 = Variant(SOTTO, "int8")
SOTTO_FLOAT32 = Variant(SOTTO, "float32")
FASTER, CPP = Variant("faster-whisper", "int8"), Variant("whisper.cpp", "q8_0")


# --- ggml ------------------------------------------------------------------------------------


class GgmlReader:
    """Reads a file as whisper.cpp's `whisper_model_load` does."""

    def __init__(self, content: bytes) -> None:
        self.file = io.BytesIO(content)
        self.magic = self.integers(1)[0]
        self.header = self.integers(11)
        n_mels, n_bins = self.integers(2)
        self.filters = np.frombuffer(self.file.read(4 * n_mels * n_bins), "<f4")
        self.tokens = [self.file.read(self.integers(1)[0]) for _ in range(self.integers(1)[0])]
        self.tensors = dict(self.read_tensors())

    def integers(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}i", self.file.read(4 * count))

    def read_tensors(self) -> Iterator[tuple[str, tuple[int, tuple[int, ...], NDArray[Any]]]]:
        while self.file.tell() < len(self.file.getbuffer()):
            n_dims, name_length, kind = self.integers(3)
            sizes = self.integers(n_dims)
            name = self.file.read(name_length).decode()
            yield name, (kind, sizes, self.values(kind, int(np.prod(sizes))))

    def values(self, kind: int, count: int) -> NDArray[Any]:
        if kind == 8:
            blocks = [struct.unpack("<e32b", self.file.read(34)) for _ in range(count // 32)]
            return np.array([scale * value for scale, *block in blocks for value in block])
        code, size = {0: ("f", 4), 1: ("e", 2)}[kind]
        return np.array(struct.unpack(f"<{count}{code}", self.file.read(count * size)))


@pytest.fixture(name="weights", scope="module")
def fixture_weights() -> dict[str, NDArray[np.float32]]:
    return random_weights(SMALL, 1)


def test_ggml_file_reads_back(tmp_path: Path, weights: dict[str, NDArray[np.float32]]) -> None:
    filters = np.arange(80 * 201, dtype=np.float32).reshape(80, 201)
    content = Content(SMALL, weights, filters, [b"a", b"", b"\xff\x00b"])
    write_ggml(tmp_path / "model.bin", content, "q8_0")
    read = GgmlReader((tmp_path / "model.bin").read_bytes())
    assert read.magic == 0x67676D6C
    assert read.header == (40, 16, 64, 1, 1, 8, 64, 1, 1, 80, 2007)
    assert np.array_equal(read.filters, filters.ravel())
    assert read.tokens == [b"a", b"", b"\xff\x00b"]
    assert read.tensors.keys() == weights.keys()
    for name, (_, sizes, values) in read.tensors.items():
        assert sizes == (
            (1, 64) if name.endswith(("conv1.bias", "conv2.bias")) else weights[name].shape[::-1]
        )
        # Half of a step of 1/127 of the largest, and what f16 rounds away of the scale.
        tolerance = np.abs(weights[name]).max() * (0.5 / 127 + 2**-10)
        np.testing.assert_allclose(values, weights[name].ravel(), atol=tolerance, rtol=0)


@pytest.mark.parametrize(
    ("name", "file_type", "kind"),
    [
        ("encoder.conv1.weight", "q8_0", 1),
        ("encoder.conv1.bias", "q8_0", 0),
        ("encoder.positional_embedding", "q8_0", 0),
        ("decoder.positional_embedding", "f16", 0),
        ("decoder.token_embedding.weight", "q8_0", 8),
        ("decoder.token_embedding.weight", "f16", 1),
        ("decoder.ln.weight", "f16", 0),
    ],
)
def test_ggml_types_are_those_whisper_cpp_expects(
    tmp_path: Path,
    weights: dict[str, NDArray[np.float32]],
    name: str,
    file_type: Any,
    kind: int,
) -> None:
    content = Content(SMALL, weights, np.zeros((80, 201), np.float32), [])
    write_ggml(tmp_path / "model.bin", content, file_type)
    assert GgmlReader((tmp_path / "model.bin").read_bytes()).tensors[name][0] == kind


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=32, max_size=32))
def test_q8_0_is_within_half_a_step(values: list[float]) -> None:
    scale, *whole = struct.unpack("<e32b", quantised(np.array([values], np.float32), "q8_0"))
    step = max(map(abs, values)) / 127
    assert scale == pytest.approx(step, rel=2**-10, abs=2**-24)
    for value, byte in zip(values, whole, strict=True):
        # A block of 127 times the smallest normal number or less is zero.
        assert abs(byte * step - value) <= 0.501 * step + 128 * float(np.finfo(np.float32).tiny)


@pytest.mark.parametrize("tensor_type", QUANTISERS)
def test_blocks_are_those_of_ggml(tensor_type: str) -> None:
    with np.load(GOLDEN) as golden:
        blocks = quantised(golden["rows"], tensor_type)
        assert blocks == golden[f"{tensor_type}.blocks"].tobytes()


def test_q8_0_rounds_halves_away_from_zero() -> None:
    block = np.zeros((1, 32), np.float32)
    block[0, :4] = 127, 2.5, -2.5, -127
    assert struct.unpack("<e32b", quantised(block, "q8_0"))[:5] == (1.0, 127, 3, -3, -127)


# --- table -----------------------------------------------------------------------------------


def row(samples: dict[Variant, list[float]]) -> Row:
    measure = Measure("encoder", "encoder, 5 s", Request("encoder", {"seconds": 5}))
    filled = Row(measure)
    for variant, values in samples.items():
        filled.add(variant, values)
    return filled


def test_ratio_is_of_minima_and_to_the_best_peer() -> None:
    measured = row({SOTTO_INT8: [3.0, 2.0], FASTER: [9.0, 4.0], CPP: [5.0], SOTTO_FLOAT32: [8.0]})
    assert measured.best_peer() == FASTER
    assert measured.ratio(SOTTO_INT8) == 0.5
    assert measured.ratio(SOTTO_FLOAT32) == 2.0


def test_without_peers_there_is_no_ratio() -> None:
    alone = row({SOTTO_INT8: [3.0]})
    assert alone.best_peer() is None
    assert alone.ratio(SOTTO_INT8) is None
    assert row({FASTER: [1.0]}).ratio(SOTTO_INT8) is None


def test_samples_of_all_rounds_are_kept() -> None:
    measured = row({FASTER: [4.0]})
    measured.add(FASTER, [2.0, 3.0])
    assert measured.samples[FASTER] == [4.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("samples", "shown"),
    [
        ([], "-"),
        ([0.123, 0.456, 0.789], "0.12 / 0.46"),
        ([12.34, 45.67], "12.3 / 29.0"),
        ([123.4], "123 / 123"),
    ],
)
def test_cell_shows_minimum_and_median(samples: list[float], shown: str) -> None:
    assert cell(samples) == shown


def test_markdown_has_a_column_for_each_variant_and_ratio() -> None:
    lines = markdown([row({SOTTO_INT8: [1.0], CPP: [4.0]})], [SOTTO_INT8, FASTER, CPP]).split("\n")
    assert lines[0].startswith("| minimum / median | unit | sotto int8 | faster-whisper int8 |")
    assert lines[2] == (
        "| encoder, 5 s | ms | 1.00 / 1.00 | - | 4.00 / 4.00 | whisper.cpp q8_0 | 0.25 |"
    )
    assert len({line.count("|") for line in lines}) == 1


def test_json_keeps_every_sample() -> None:
    (entry,) = to_json([row({SOTTO_INT8: [1.0, 3.0], CPP: [4.0]})], [SOTTO_INT8])
    assert json.loads(json.dumps(entry)) == {
        "group": "encoder",
        "label": "encoder, 5 s",
        "unit": "ms",
        "samples": {"sotto int8": [1.0, 3.0], "whisper.cpp q8_0": [4.0]},
        "minimum": {"sotto int8": 1.0, "whisper.cpp q8_0": 4.0},
        "median": {"sotto int8": 2.0, "whisper.cpp q8_0": 4.0},
        "best_peer": "whisper.cpp q8_0",
        "ratio": {"sotto int8": 0.25},
    }


# --- measures --------------------------------------------------------------------------------


def test_rows_are_told_apart_by_their_labels() -> None:
    assert len({measure.label for measure in MEASURES}) == len(MEASURES)
    assert {measure.group for measure in MEASURES} == set(GROUPS)


@pytest.mark.parametrize(
    ("request_", "n_tokens"),
    [
        (Request("encoder", {"seconds": 5}), None),
        (Request("by_default", {"seconds": 5, "n_tokens": 15}), 15),
        (Request("greedy", {"seconds": 30, "n_tokens": 100}), 100),
        (Request("greedy", {"seconds": 161.5, "n_tokens": 100}), 600),
    ],
)
def test_tokens_are_counted_by_window(request_: Request, n_tokens: int | None) -> None:
    assert request_.n_tokens == n_tokens


def test_recording_is_made_of_clips() -> None:
    recording = joined_clips(161.5)
    assert recording.shape == (161.5 * 16_000,)
    assert recording.dtype == np.float32
    assert 0.1 < np.abs(recording).max() <= 1


# --- workers ---------------------------------------------------------------------------------


class Toy:
    """An engine that samples what it is told to."""

    def decoder(self, n_tokens: int) -> Any:
        return lambda: [7] * n_tokens

    def encoder(self, seconds: float) -> Any:
        return lambda: time.sleep(seconds)

    def transcription(self, pcm: NDArray[np.float32], language: str) -> Any:
        return lambda: f"{len(pcm)} samples of {language}"


def ask_toy(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    setup = dict.fromkeys(Setup.__dataclass_fields__, "") | {"prompt": [1]}
    lines = [{"method": "load"} | setup, *requests]
    replies = io.StringIO()
    serve(lambda _: Toy(), io.StringIO("".join(json.dumps(r) + "\n" for r in lines)), replies)
    return [json.loads(line) for line in replies.getvalue().splitlines()][1:]


def measure(what: str, **arguments: Any) -> dict[str, Any]:
    return {
        "method": "measure",
        "what": what,
        "arguments": arguments,
        "repeats": 2,
        "warm_up": True,
    }


def test_worker_answers_each_line_and_survives_errors() -> None:
    failed, sampled, slept = ask_toy(
        measure("unknown"),
        measure("decoder", n_tokens=3),
        measure("encoder", seconds=0.01),
    )
    assert failed["error"].startswith("AttributeError")
    assert sampled["tokens"] == [7, 7, 7]
    assert len(sampled["ms"]) == 2
    assert slept["tokens"] is None
    assert min(slept["ms"]) >= 10
    assert slept["peak_mb"] > 1


def test_worker_hears_a_sound(tmp_path: Path) -> None:
    np.save(tmp_path / "sound.npy", np.zeros(160, np.float32))
    request = {"what": "transcription", "sound": str(tmp_path / "sound.npy"), "language": "de"}
    (reply,) = ask_toy({"method": "hear"} | request)
    assert reply["text"] == "160 samples of de"
    assert reply["seconds"] >= 0
    assert reply["peak_mb"] > 1


def test_programs_that_cannot_be_imported_are_left_out(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    found = find_installed(dict.fromkeys(["sotto", "whisper.cpp", "librosa"], str(bare)))
    assert found.keys().isdisjoint({"sotto", "whisper.cpp", "librosa"})


@pytest.mark.parametrize("value", ["whisper.cpp", "whisper.cpp=/nowhere/python", "siri=/bin/sh"])
def test_wrong_pythons_are_refused(value: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not PROGRAM=PYTHON"):
        program_and_python(value)


@pytest.fixture(name="comparison", scope="module")
def fixture_comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Sotto alone, on random weights in the shape of the model in the box."""
    folder = tmp_path_factory.mktemp("starter-en")
    dims = OFFICIAL_DIMENSIONS["starter-en"]
    path = write_hugging_face(folder / "model", dims, seed=0)
    model = RandomModel("starter-en", folder, {}, path, load_checkpoint(path).tokenizer)
    np.save(folder / "sound.npy", joined_clips(6))
    conditions = Conditions(model, folder / "sound.npy", threads=1, rounds=1)
    here = {SOTTO: Installed(sys.executable, "")}
    return Comparison(conditions, here, {SOTTO_FLOAT32: path})


def seconds_of(what: str, **arguments: Any) -> Request:
    return Request(what, {"seconds": 5} | arguments)


@pytest.mark.engine
def test_sotto_is_measured_in_every_way(comparison: Comparison) -> None:
    measures = [
        Measure("a", "encoder", seconds_of("encoder"), repeats=3),
        Measure("a", "log-mel", seconds_of("log_mel"), repeats=3),
        Measure("a", "default", seconds_of("by_default", n_tokens=4), repeats=1),
        Measure("a", "partial", seconds_of("partial", n_tokens=4), repeats=1),
        Measure("a", "native", seconds_of("native", n_tokens=4), repeats=1),
        Measure("a", "greedy", seconds_of("greedy", n_tokens=4), repeats=1),
        Measure("a", "window", seconds_of("in_window", n_tokens=4, positions=256), repeats=1),
        Measure("a", "token", seconds_of("decoder", n_tokens=35), Kind.SLOPE, repeats=2),
        Measure("a", "too many", seconds_of("greedy", n_tokens=10_000), repeats=1),
        Measure("a", "start", seconds_of("by_default", n_tokens=4), Kind.START),
        Measure("a", "peak", seconds_of("by_default", n_tokens=4), Kind.PEAK),
        Measure("a", "extra", seconds_of("log_mel"), Kind.EXTRA),
    ]
    rows = comparison.run(measures)
    n_samples = [len(measured.samples.get(SOTTO_FLOAT32, [])) for measured in rows]
    assert n_samples == [3, 3, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1]
    start, peak, extra = (measured.lowest(SOTTO_FLOAT32) for measured in rows[-3:])
    assert start > 0.1
    assert peak > 100  # MAX alone is as large
    assert 0 <= extra < peak  # none where the system has given more than was asked for
    assert len(comparison.sampled[SOTTO_FLOAT32]) == 15
    (failure,) = comparison.failures
    assert "too many" in failure
    assert "instead of 10000" in failure


@pytest.mark.parametrize(
    ("some", "others", "expected"),
    [([1, 2, 3], [1, 2, 3], 3), ([1, 2, 3], [1, 9, 3], 1), ([], [1], 0), ([1, 2], [1], 1)],
)
def test_tokens_in_common(some: list[int], others: list[int], expected: int) -> None:
    assert n_in_common(some, others) == expected


def test_worker_that_ends_says_why() -> None:
    with WorkerProcess("siri", sys.executable, 1) as worker, pytest.raises(WorkerError) as caught:
        worker.call("load")
    assert "exit code 1" in str(caught.value)
    assert "No module named 'tools.peers.with_siri'" in str(caught.value)
