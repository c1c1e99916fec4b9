import numpy as np
import pytest

from sotto.audio.level import SILENCE_DB, Loudness, level


def test_a_full_scale_sine() -> None:
    sine = np.sin(2 * np.pi * np.arange(16_000) / 16).astype(np.float32)
    loudness = level(sine)
    assert loudness.rms_db == pytest.approx(-3.01, abs=0.01)
    assert loudness.peak_db == pytest.approx(0.0, abs=1e-5)


def test_half_the_amplitude_is_six_decibels_less() -> None:
    loudness = level(np.full(100, -0.5, np.float32))
    assert loudness.rms_db == pytest.approx(-6.02, abs=0.01)
    assert loudness.peak_db == pytest.approx(-6.02, abs=0.01)


@pytest.mark.parametrize("n_samples", [0, 1, 1_000])
def test_silence_has_a_number_too(n_samples: int) -> None:
    assert level(np.zeros(n_samples, np.float32)) == Loudness(SILENCE_DB, SILENCE_DB)
