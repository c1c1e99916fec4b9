"""Which parts of a recording a model gets to hear: those with speech, some 30 s at a time.

As faster-whisper's `vad_filter`: a model of windows of 30 s makes up words in silence, and loses
those that lie across the end of a window. It cuts the silence out; here windows begin and end
in it, so that every time stays what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.audio.speech.speech_judge import BEGINS
from sotto.audio.speech.speech_spans import SETTINGS

Span = tuple[float, float]

KEPT_S = 0.2
"""What the endpointer keeps around speech at least."""
PAD_S = 0.2
"""Around speech, beside that; together the 0.4 s that faster-whisper keeps."""
MAX_PAUSE_S = 5.0
"""A pause that is heard along; a model that hears one longer is tempted to fill it."""
WINDOW_S = 30.0
"""What a model hears at a time. Speech without a pause goes on from window to window."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What counts as speech, and how much of it a model hears at a time.

    Attributes:
        threshold: the probability from which on it is speech.
        min_speech_ms: shorter speech is none.
        max_speech_s: the most in a window, but for speech without a pause.
        max_pause_s: a longer pause is heard by nobody.
        pad_s: kept around speech, beside what the endpointer keeps.
    """

    threshold: float = BEGINS
    min_speech_ms: int = SETTINGS.onset_ms
    max_speech_s: float = WINDOW_S
    max_pause_s: float = MAX_PAUSE_S
    pad_s: float = PAD_S


def speech_windows(
    spans: Sequence[Span],
    length_s: float,
    hearing: Hearing = Hearing(),
) -> list[Span]:
    """Return start and end, in seconds, of parts that hold all of the speech.

    Args:
        spans: start and end of each stretch of speech, in order of time.
        length_s: of the recording.
        hearing: how much is heard at a time.
    """
    windows: list[Span] = []
    for span in spans:
        padded = max(0.0, span[0] - hearing.pad_s), min(length_s, span[1] + hearing.pad_s)
        if windows and _belongs(windows[-1], padded, hearing):
            windows[-1] = (windows[-1][0], padded[1])
        else:
            windows.append(padded)
    return windows


def _belongs(window: Span, span: Span, hearing: Hearing) -> bool:
    """Tell whether a span fits into a window, or cannot be parted from it."""
    pause_s = span[0] - window[1]  # of the silence that neither keeps
    fits = span[1] - window[0] <= hearing.max_speech_s
    return pause_s <= 0 or (pause_s <= hearing.max_pause_s and fits)
