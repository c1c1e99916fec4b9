"""Short sounds that tell what a dictation does to somebody who looks elsewhere."""

from enum import Enum

import numpy as np

from sotto.audio.input.portaudio import play
from sotto.audio.input.source import Pcm

_RATE = 48_000  # Hz; what speakers take without conversion
_NOTE_S = 0.07
# -24 dB of full scale: heard in a quiet room, and too soft to be taken for speech when the
# microphone hears the speakers.
_PEAK = 0.06
_FADE_S = 0.012  # without it a tone begins and ends with a click


class Cue(Enum):
    """What happened, and the notes that tell it, in Hz: up is on, down is off."""

    STARTED = (587.3, 880.0)
    STOPPED = (880.0, 587.3)
    NOTHING = (330.0, 330.0)  # nothing was heard, or it was cancelled


def play_cue(cue: Cue) -> None:
    """Play it on the default speakers and return at its end.

    Raises:
        DeviceError: there are no speakers.
    """
    play(samples(cue), _RATE, lambda: False)


def samples(cue: Cue) -> Pcm:
    """Return the cue at 48 kHz, (n,)."""
    return np.concatenate([_note(frequency) for frequency in cue.value]).astype(np.float32)


def _note(frequency: float) -> Pcm:
    n_samples = round(_NOTE_S * _RATE)
    time = np.arange(n_samples) / _RATE
    edge = np.minimum(time, time[::-1]) / _FADE_S
    envelope = np.sin(0.5 * np.pi * np.minimum(edge, 1.0)) ** 2
    return (_PEAK * envelope * np.sin(2 * np.pi * frequency * time)).astype(np.float32)
