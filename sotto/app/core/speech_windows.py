"""Which parts of a recording a model gets to hear: those with speech, some 30 s at a time.

As faster-whisper's `vad_filter`: a model of windows of 30 s makes up words in silence, and loses
those that lie across the end of a window. It cuts the silence out; here windows begin and end
in it, so that every time stays what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
BATCHED_WINDOW_S = 20.0
MAX_BATCHED_PAUSE_S = 2.0


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


def batched_windows(
    spans: Sequence[Span],
    length_s: float,
    hearing: Hearing = Hearing(),
) -> list[Span]:
    """Return start and end, in seconds, of parts that hold all of the speech, to be heard at once.

    None depends on another, so they may be short, which makes their sound and each of their words
    cheaper to decode. They are parted in the middle of a pause, however short that is.

    Args:
        spans: start and end of each stretch of speech, in order of time.
        length_s: of the recording.
        hearing: how much is heard at a time, but no more than `BATCHED_WINDOW_S`.
    """
    longest_s = min(hearing.max_speech_s, BATCHED_WINDOW_S)
    longest_pause_s = min(hearing.max_pause_s, MAX_BATCHED_PAUSE_S)
    windows: list[Span] = []
    for start, end in _parted(spans, length_s, hearing.pad_s):
        if (
            windows
            and start - windows[-1][1] <= longest_pause_s
            and end - windows[-1][0] <= longest_s
        ):
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _parted(spans: Sequence[Span], length_s: float, pad_s: float) -> list[Span]:
    """Pad spans where there is silence for it, else part them in the middle of what is there."""
    middles = [(end + start) / 2 for (_, end), (start, _) in pairwise(spans)]
    bounds = pairwise([0.0, *middles, length_s])
    return [
        (max(start - pad_s, before), min(end + pad_s, after))
        for (start, end), (before, after) in zip(spans, bounds, strict=False)
    ]


def _belongs(window: Span, span: Span, hearing: Hearing) -> bool:
    """Tell whether a span fits into a window, or cannot be parted from it."""
    pause_s = span[0] - window[1]  # of the silence that neither keeps
    fits = span[1] - window[0] <= hearing.max_speech_s
    return pause_s <= 0 or (pause_s <= hearing.max_pause_s and fits)
