"""Speech is slower or faster, and as high as it was."""

import numpy as np
import pytest

from sotto.audio.tempo import at_tempo

RATE = 16_000
TONE_HZ = 200.0
TONE = (8000 * np.sin(np.arange(4 * RATE) * 2 * np.pi * TONE_HZ / RATE)).astype(np.int16)


@pytest.mark.parametrize("tempo", [0.5, 0.75, 1.0, 1.25, 2.0])
def test_it_takes_its_share_of_the_time_at_the_same_pitch(tempo: float) -> None:
    heard = np.concatenate(list(at_tempo(TONE, RATE, tempo)))
    assert heard.dtype == np.int16
    assert len(heard) / RATE == pytest.approx(4 / tempo, rel=0.01)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert spectrum.argmax() * RATE / len(heard) == pytest.approx(TONE_HZ, abs=1)


def test_it_comes_in_short_blocks_so_that_it_can_be_stopped() -> None:
    assert max(map(len, at_tempo(TONE, RATE, 0.5))) <= 0.2 * RATE


def test_of_nothing_nothing_is_heard() -> None:
    assert sum(map(len, at_tempo(TONE[:0], RATE, 1.5))) == 0


@pytest.mark.parametrize("tempo", [0.49, 2.01])
def test_other_tempos_are_refused(tempo: float) -> None:
    with pytest.raises(ValueError, match="tempo"):
        list(at_tempo(TONE, RATE, tempo))
