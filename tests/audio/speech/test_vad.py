import numpy as np
import pytest

from sotto.audio.speech.vad import FRAME_SAMPLES, VoiceDetector
from tools.fixtures.clips import starter_clips


@pytest.mark.parametrize("aggressiveness", [0, 1, 2, 3])
def test_speech_is_voiced_and_silence_is_not(aggressiveness: int) -> None:
    speech = starter_clips()[0].pcm()
    silence = np.zeros(10 * FRAME_SAMPLES, np.float32)
    sound = np.concatenate([silence, speech])
    frames = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    detector = VoiceDetector(aggressiveness)
    voiced = [detector.is_voiced(frame) for frame in frames]
    assert not any(voiced[:10])
    assert np.mean(voiced[10:]) > 0.7


def test_full_scale_does_not_wrap_round() -> None:
    """+1.0 has no int16; wrapped to -1.0 it would turn a buzz into a constant."""
    buzz = np.where(np.arange(FRAME_SAMPLES) % 80 < 40, 1.0, -1.0).astype(np.float32)
    loudest, softer = VoiceDetector(2), VoiceDetector(2)
    clipped = np.minimum(buzz, np.float32(32_767 / 32_768))
    expected = [softer.is_voiced(clipped) for _ in range(50)]
    assert [loudest.is_voiced(buzz) for _ in range(50)] == expected
    assert any(expected)
