"""Log-mel as openai-whisper computes it, at once and as audio arrives."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.features import (
    IncrementalLogMel,
    frame_starts,
    loud_span,
    mel_filters,
    normalise,
)
from sotto.inference.growing import GrowingArray
from sotto.inference.interfaces import Array
from tests.helpers.raw_log_mel import raw_log_mel
from tools.fixtures.clips import human_clips
from tools.fixtures.log_mel_cases import FRAME_STEP, GOLDEN, cases

N_MELS = 80


@cache
def all_cases() -> dict[str, Array]:
    return dict(cases())


def batch(pcm: Array, n_mels: int = N_MELS) -> Array:
    """Return raw log-mel of all frames, computed at once."""
    return raw_log_mel(n_mels)(pcm, frame_starts(0, len(pcm) // 160))


@pytest.mark.parametrize("n_mels", [80, 128])
def test_filters_are_those_of_openai_whisper(n_mels: int) -> None:
    with np.load(GOLDEN / "mel_filters.npz") as golden:
        np.testing.assert_allclose(mel_filters(n_mels), golden[f"mel_{n_mels}"], rtol=0, atol=1e-8)


@pytest.mark.parametrize("n_mels", [80, 128])
def test_log_mel_is_that_of_openai_whisper(n_mels: int) -> None:
    with np.load(GOLDEN / f"mel_{n_mels}.npz") as golden:
        assert set(golden) == set(all_cases())
        for name, pcm in all_cases().items():
            mel = normalise(batch(pcm, n_mels))[::FRAME_STEP]
            np.testing.assert_allclose(mel, golden[name], rtol=0, atol=1e-4, err_msg=name)


def test_normalise_keeps_eight_decades() -> None:
    raw = np.array([[0.0, -20.0], [2.0, -5.0]], np.float32)
    np.testing.assert_allclose(normalise(raw), [[1.0, -0.5], [1.5, -0.25]])


def test_normalise_of_no_frames() -> None:
    assert normalise(np.empty((0, 80), np.float32)).shape == (0, 80)


def test_the_span_of_what_is_loud_leaves_silence_and_hiss_out() -> None:
    rng = np.random.default_rng(0)
    pcm = 1e-4 * rng.standard_normal(32_000, np.float32)
    pcm[8_000:12_000] += 0.1 * rng.standard_normal(4_000, np.float32)
    pcm[14_000:16_000] += 0.05 * rng.standard_normal(2_000, np.float32)
    assert loud_span(normalise(batch(pcm))) == pytest.approx(50, abs=2)
    assert loud_span(normalise(batch(0.1 * rng.standard_normal(32_000, np.float32)))) == 200
    assert loud_span(normalise(batch(np.zeros(1_600, np.float32)))) == 10
    assert loud_span(np.empty((0, N_MELS), np.float32)) == 0


@given(
    chunks=st.lists(st.integers(1, 2_000), max_size=12),
    padding=st.integers(0, 1_000) | st.just(480_000),
    seed=st.integers(0, 3),
)
def test_any_chunks_give_the_batch_result(chunks: list[int], padding: int, seed: int) -> None:
    pcm = np.random.default_rng(seed).uniform(-1, 1, sum(chunks)).astype(np.float32)
    growing = IncrementalLogMel(raw_log_mel(N_MELS), N_MELS)
    for chunk in np.split(pcm, np.cumsum(chunks)[:-1]) if chunks else []:
        growing.append(chunk)
    expected = normalise(batch(np.pad(pcm, (0, padding))) if len(pcm) + padding else pcm)
    features = growing.features(padding)
    np.testing.assert_allclose(features, expected.reshape(-1, N_MELS), rtol=0, atol=1e-6)


@given(steps=st.lists(st.tuples(st.integers(1, 3_000), st.floats(0, 1)), min_size=1, max_size=10))
def test_trimming_forgets_only_the_head(steps: list[tuple[int, float]]) -> None:
    pcm = all_cases()["noise-480000"]
    growing = IncrementalLogMel(raw_log_mel(N_MELS), N_MELS)
    end = 0
    for n_samples, share in steps:
        growing.append(pcm[end : end + n_samples])
        end += n_samples
        complete = max(0, (end - 200) // 160 + 1 if end > 200 else 0) - growing.first_frame
        growing.trim(int(share * complete))
        assert growing.n_samples == end
        expected = normalise(batch(pcm[:end])[growing.first_frame :])
        np.testing.assert_allclose(growing.features(), expected, rtol=0, atol=1e-6)


def test_single_samples_give_the_batch_result() -> None:
    pcm = human_clips()[0].pcm()[:1_500]
    growing = IncrementalLogMel(raw_log_mel(N_MELS), N_MELS)
    for sample in pcm:
        growing.append(np.array([sample], np.float32))
    np.testing.assert_allclose(growing.features(), normalise(batch(pcm)), rtol=0, atol=1e-6)


def test_each_frame_is_computed_once() -> None:
    computed: list[int] = []

    def counted(pcm: Array, starts: np.ndarray[tuple[int], np.dtype[np.int32]]) -> Array:
        computed.append(len(starts))
        assert starts[-1] + 400 <= len(pcm)
        return raw_log_mel(N_MELS)(pcm, starts)

    growing = IncrementalLogMel(counted, N_MELS)
    for _ in range(20):
        growing.append(np.zeros(4_800, np.float32))
    assert sum(computed) == (20 * 4_800 - 200) // 160 + 1


def test_no_audio_has_no_frames() -> None:
    growing = IncrementalLogMel(raw_log_mel(N_MELS), N_MELS)
    assert growing.features().shape == (0, N_MELS)
    assert growing.features(480_000).shape == (3_000, N_MELS)


def test_frames_that_may_still_change_are_not_forgotten() -> None:
    growing = IncrementalLogMel(raw_log_mel(N_MELS), N_MELS)
    growing.append(np.zeros(1_600, np.float32))
    with pytest.raises(ValueError, match="cannot forget 10 frames, 9 are complete"):
        growing.trim(10)


@given(steps=st.lists(st.tuples(st.integers(0, 3_000), st.floats(0, 1)), max_size=30))
def test_growing_array_holds_what_was_not_dropped(steps: list[tuple[int, float]]) -> None:
    growing = GrowingArray(())
    total = 0
    for n_rows, share in steps:
        growing.append(np.arange(total, total + n_rows, dtype=np.float32))
        total += n_rows
        growing.drop_before(growing.start + int(share * (growing.end - growing.start)))
        expected = np.arange(growing.start, total, dtype=np.float32)
        assert growing.end == total
        np.testing.assert_array_equal(growing.view(), expected)
