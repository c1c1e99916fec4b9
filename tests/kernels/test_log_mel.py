"""The log-mel kernel against the plain double-precision form."""

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from max.dtype import DType
from max.graph import DeviceRef, Graph, TensorType

from sotto.inference.features import (
    RawLogMel,
    frame_starts,
    log_mel_reference,
    mel_filters,
)
from sotto.inference.interfaces import Array
from sotto.kernels.ops import KERNELS_DIR, kernels_hash, log_mel
from tests.helpers.raw_log_mel import raw_log_mel
from tests.helpers.smoothing import smoothed

ATOL = 1e-4


@pytest.fixture(scope="module", params=[80, 128])
def n_mels(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def kernel(n_mels: int) -> RawLogMel:
    return raw_log_mel(n_mels)


def noise(n_samples: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).uniform(-1, 1, n_samples).astype(np.float32)


def whole(kernel: RawLogMel, pcm: Array) -> Array:
    return kernel(pcm, frame_starts(0, len(pcm) // 160))


@pytest.mark.parametrize(
    "n_samples", [1, 159, 160, 161, 200, 201, 320, 2_559, 2_560, 2_561, 10_240, 163_841, 480_000]
)
def test_equals_the_double_precision_form(kernel: RawLogMel, n_mels: int, n_samples: int) -> None:
    pcm = noise(n_samples)
    mel = whole(kernel, pcm)
    assert mel.shape == (n_samples // 160, n_mels)
    np.testing.assert_allclose(mel, log_mel_reference(pcm, n_mels), rtol=0, atol=ATOL)


@given(n_samples=st.integers(1, 20_000), seed=st.integers(0, 9), gain=st.sampled_from([1, 1e-3]))
def test_any_length(n_samples: int, seed: int, gain: float) -> None:
    pcm = noise(n_samples, seed) * np.float32(gain)
    mel = whole(raw_log_mel(80), pcm)
    np.testing.assert_allclose(mel, log_mel_reference(pcm, 80), rtol=0, atol=ATOL)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 1e-30])
def test_constant_signals_stay_finite(kernel: RawLogMel, level: float) -> None:
    mel = whole(kernel, np.full(4_800, level, np.float32))
    assert np.isfinite(mel).all()
    assert mel.min() >= -10 - 1e-5


def test_silence_is_the_floor(kernel: RawLogMel) -> None:
    np.testing.assert_allclose(whole(kernel, np.zeros(1_600, np.float32)), -10, atol=1e-5)


@pytest.mark.parametrize("sample", range(0, 400, 7))
def test_an_impulse_has_the_power_of_the_window_at_its_place(sample: int) -> None:
    """Each sample reaches its own place in the transform, in each lane."""
    pcm = np.zeros(400, np.float32)
    pcm[sample] = 1
    mel = raw_log_mel(80)(pcm, np.zeros(20, np.int32))
    window = np.hanning(401)[sample]
    expected = np.log10(np.maximum(window**2 * mel_filters(80).sum(axis=1), 1e-10))
    np.testing.assert_allclose(mel, np.tile(expected, (20, 1)), rtol=0, atol=ATOL)


def test_frames_may_start_anywhere(kernel: RawLogMel, n_mels: int) -> None:
    pcm = noise(3_000)
    starts = np.array([2_600, 0, 77, -200, -399, 2_800, 2_999, 5], np.int32)
    padded = np.pad(pcm, 400, mode="reflect")
    frames = [padded[start + 400 : start + 800] for start in starts]
    alone = [kernel(frame, np.zeros(1, np.int32))[0] for frame in frames]
    np.testing.assert_array_equal(kernel(pcm, starts), alone)


def test_a_frame_does_not_depend_on_its_neighbours(kernel: RawLogMel) -> None:
    pcm = noise(16_000)
    starts = frame_starts(0, 100)
    np.testing.assert_array_equal(kernel(pcm, starts)[37:52], kernel(pcm, starts[37:52]))


def test_frames_of_nothing_are_refused(kernel: RawLogMel) -> None:
    with pytest.raises(ValueError, match="frames of an empty signal"):
        kernel(np.empty(0, np.float32), np.zeros(1, np.int32))


@pytest.mark.parametrize("n_frames", [1, 2, 3, 4, 17, 3_000])
def test_smoothing_is_the_mean_of_the_neighbours(n_frames: int) -> None:
    pcm = noise(n_frames * 160)
    mel = whole(raw_log_mel(80, smoothing=True), pcm)
    expected = smoothed(log_mel_reference(pcm, 80))
    np.testing.assert_allclose(mel, expected, rtol=0, atol=ATOL)


def test_smoothing_keeps_what_is_flat_flat() -> None:
    """At the edges too: a mean that counted zeros from outside would be nearer to zero there."""
    mel = whole(raw_log_mel(80, smoothing=True), np.zeros(1_600, np.float32))
    np.testing.assert_allclose(mel, -10, atol=1e-5)


def test_smoothing_follows_the_order_of_the_starts() -> None:
    pcm = noise(3_000)
    starts = np.array([2_600, 0, 77, -200, -399, 2_800], np.int32)
    mel = raw_log_mel(80, smoothing=True)(pcm, starts)
    expected = smoothed(raw_log_mel(80)(pcm, starts))
    np.testing.assert_allclose(mel, expected, rtol=0, atol=1e-5)


def test_smoothing_of_no_frames() -> None:
    mel = raw_log_mel(80, smoothing=True)(noise(100), np.empty(0, np.int32))
    assert mel.shape == (0, 80)


@pytest.mark.parametrize(
    ("samples", "starts", "filters", "error", "words"),
    [
        ((DType.float64, 1), (DType.int32, 1), mel_filters(80), TypeError, "samples must be"),
        ((DType.float32, 2), (DType.int32, 1), mel_filters(80), ValueError, "samples must have"),
        ((DType.float32, 1), (DType.int64, 1), mel_filters(80), TypeError, "starts must be"),
        ((DType.float32, 1), (DType.int32, 2), mel_filters(80), ValueError, "starts must have"),
        (
            (DType.float32, 1),
            (DType.int32, 1),
            mel_filters(80).astype(np.float64),
            TypeError,
            "filters must be float32",
        ),
        ((DType.float32, 1), (DType.int32, 1), mel_filters(81), ValueError, "filters must be"),
        ((DType.float32, 1), (DType.int32, 1), mel_filters(80).T, ValueError, "filters must be"),
    ],
)
def test_wrong_arguments_are_named(
    samples: tuple[DType, int],
    starts: tuple[DType, int],
    filters: Array,
    error: type[Exception],
    words: str,
) -> None:
    device = DeviceRef.CPU()
    types = [
        TensorType(dtype, [f"{name}_{axis}" for axis in range(rank)], device)
        for name, (dtype, rank) in (("samples", samples), ("starts", starts))
    ]
    with Graph("wrong", input_types=types) as graph:
        pcm, first = (value.tensor for value in graph.inputs)
        with pytest.raises(error, match=words):
            log_mel(pcm, first, filters)


@pytest.mark.engine
@pytest.mark.skipif(platform.machine() != "x86_64", reason="AVX2 is of x86-64")
def test_narrower_vectors_give_the_same() -> None:
    assert float(in_own_process("tests.helpers.log_mel_with_avx2")) < ATOL


@pytest.mark.engine
def test_compiles_for_a_gpu() -> None:
    """There is none here: MAX compiles for one that it is told of. Smoothing is one more."""
    printed = in_own_process("tests.helpers.compile_log_mel_for_gpu")
    assert re.match(r"log_mel_kernel and [1-9]\d* more for sm_90a", printed)


def in_own_process(module: str) -> str:
    """Run a module that tells MAX of other hardware, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_hash_changes_with_any_source(tmp_path: Path) -> None:
    copy = tmp_path / "kernels"
    shutil.copytree(KERNELS_DIR, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert kernels_hash(copy) == kernels_hash()
    for source in [copy / "log_mel" / "fft.mojo", copy / "log_mel" / "op.py"]:
        before = kernels_hash(copy)
        source.write_bytes(source.read_bytes() + b"\n")
        assert kernels_hash(copy) != before


def test_hash_changes_when_a_source_moves(tmp_path: Path) -> None:
    (tmp_path / "a.mojo").write_text("x")
    before = kernels_hash(tmp_path)
    (tmp_path / "a.mojo").rename(tmp_path / "b.mojo")
    assert kernels_hash(tmp_path) != before
