"""Log-mel for other programs: Whisper's values, of arrays that are not copied."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from max.driver import Buffer

from sotto.inference.features import log_mel_reference, normalise
from sotto.inference.front_end import LogMel, SupportsDLPack, shared, shared_buffer
from sotto.inference.interfaces import Array
from tests.helpers.dlpack import Exporter, OnGraphicsCard
from tests.helpers.smoothing import smoothed
from tools.fixtures.log_mel_cases import FRAME_STEP, GOLDEN, cases

ATOL = 1e-4


@cache
def front_end(n_mels: int = 80, *, smoothing: bool = False) -> LogMel:
    return LogMel(n_mels, smoothing=smoothing)


def noise(n_samples: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).uniform(-1, 1, n_samples).astype(np.float32)


def read_only(array: Array) -> Array:
    array.setflags(write=False)
    return array


@pytest.mark.parametrize("n_mels", [80, 128])
def test_is_that_of_openai_whisper(n_mels: int) -> None:
    with np.load(GOLDEN / f"mel_{n_mels}.npz") as golden:
        for name, pcm in cases():
            mel = front_end(n_mels)(pcm)[::FRAME_STEP]
            np.testing.assert_allclose(mel, golden[name], rtol=0, atol=ATOL, err_msg=name)


@given(n_samples=st.integers(0, 20_000), seed=st.integers(0, 9), smoothing=st.booleans())
def test_any_length(n_samples: int, seed: int, smoothing: bool) -> None:
    pcm = noise(n_samples, seed)
    expected = log_mel_reference(pcm, 80)
    mel = front_end(smoothing=smoothing).raw(pcm)
    assert mel.shape == (n_samples // 160, 80)
    if len(mel):
        reference = smoothed(expected) if smoothing else expected
        np.testing.assert_allclose(mel, reference, rtol=0, atol=ATOL)


@pytest.mark.parametrize("smoothing", [False, True])
def test_a_call_normalises_the_raw_values(smoothing: bool) -> None:
    pcm = noise(16_000)
    log_mel = front_end(smoothing=smoothing)
    np.testing.assert_array_equal(log_mel(pcm), normalise(log_mel.raw(pcm)))


def test_a_result_outlives_the_next_call() -> None:
    first = front_end()(noise(16_000))
    kept = first.copy()
    front_end()(noise(16_000, seed=1))
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("make", [lambda pcm: pcm, read_only, Exporter, Buffer.from_numpy])
def test_any_array_of_floats_will_do(make: type[Exporter]) -> None:
    pcm = noise(16_000)
    expected = front_end()(pcm.copy())
    np.testing.assert_array_equal(front_end()(make(pcm)), expected)


@pytest.mark.parametrize("make", [lambda pcm: pcm, read_only, Exporter, Buffer.from_numpy])
def test_samples_are_read_where_they_lie(make: type[Exporter]) -> None:
    pcm = noise(16_000)
    buffer = shared_buffer(shared(make(pcm)))
    assert buffer._data_ptr() == pcm.ctypes.data


def test_the_result_is_shared_by_dlpack() -> None:
    mel = front_end()(noise(16_000))
    assert np.shares_memory(np.from_dlpack(mel), mel)
    assert mel.flags.writeable
    assert mel.flags.c_contiguous


MEMORY = """
import numpy as np
from sotto.inference.front_end import LogMel
from tools.peak_memory import peak_growth
front_end = LogMel()
pcm = np.random.default_rng(0).uniform(-0.5, 0.5, 600 * 16_000).astype(np.float32)
print(peak_growth(pcm.copy), peak_growth(lambda: front_end(pcm)))
"""


def test_memory_grows_by_the_result_alone() -> None:
    """Ten minutes: 38 MB of sound, 19 MB of log-mel, in a process that does nothing else."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", MEMORY]
    result = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    of_a_copy, of_log_mel = map(int, result.stdout.split())
    assert of_a_copy > 0.95 * 600 * 16_000 * 4  # it can be seen
    assert of_log_mel < 60_000 * 80 * 4 + 8e6  # the system may round up to pages of 2 MB


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        ([0.0, 0.5], "samples must be an array, not list; use numpy.array"),
        (np.zeros(400), "samples must be float32 in .*, not float64; convert"),
        (np.zeros(400, np.int16), "not int16; convert"),
        (np.zeros(400, ">f4"), "not >f4; convert"),
        (Exporter(np.zeros(400)), "not float64; convert"),
        (np.zeros((2, 400), np.float32), r"must be \(n_samples,\), not \(2, 400\); give one"),
        (np.zeros((), np.float32), r"not \(\); give one"),
        (np.zeros(400, np.float32)[::2], "must be contiguous; copy"),
        (np.zeros(400, np.float32)[::-1], "must be contiguous; copy"),
        (Exporter(np.zeros(400, np.float32)[::2]), "must be contiguous; copy"),
        (OnGraphicsCard(np.zeros(400, np.float32)), "cannot be read .*; give .* in CPU memory"),
    ],
)
def test_what_cannot_be_shared_is_refused(samples: SupportsDLPack, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        front_end()(samples)


@pytest.mark.parametrize("n_mels", [0, -16, 81])
def test_bands_come_in_sixteens(n_mels: int) -> None:
    with pytest.raises(ValueError, match=f"n_mels must be a multiple of 16, not {n_mels}"):
        LogMel(n_mels)
