"""Which parts of a recording a model gets to hear: those with speech, some 30 s at a time.

As faster-whisper's `vad_filter`: a model of windows of 30 s makes up words in silence, and loses
those that lie across the end of a window. It cuts the silence out; here windows begin and end
in it, so that every time stays what it is.
"""

from collections.abc import Sequence
from itertools import pairwise

Span = tuple[float, float]

PAD_S = 0.2
"""Around speech, beside what the endpointer keeps; together the 0.4 s that faster-whisper keeps."""
MAX_PAUSE_S = 5.0
"""A pause that is heard along; a model that hears one longer is tempted to fill it."""
WINDOW_S = 30.0
"""What a model hears at a time. Speech without a pause goes on from window to window."""
BATCHED_WINDOW_S = 20.0
MAX_BATCHED_PAUSE_S = 2.0


def speech_windows(spans: Sequence[Span], length_s: float) -> list[Span]:
    """Return start and end, in seconds, of parts that hold all of the speech.

    Args:
        spans: start and end of each stretch of speech, in order of time.
        length_s: of the recording.
    """
    windows: list[Span] = []
    for span in spans:
        padded = max(0.0, span[0] - PAD_S), min(length_s, span[1] + PAD_S)
        if windows and _belongs(windows[-1], padded):
            windows[-1] = (windows[-1][0], padded[1])
        else:
            windows.append(padded)
    return windows


def batched_windows(spans: Sequence[Span], length_s: float) -> list[Span]:
    """Return start and end, in seconds, of parts that hold all of the speech, to be heard at once.

    None depends on another, so they may be short, which makes their sound and each of their words
    cheaper to decode. They are parted in the middle of a pause, however short that is.

    Args:
        spans: start and end of each stretch of speech, in order of time.
        length_s: of the recording.
    """
    windows: list[Span] = []
    for start, end in _parted(spans, length_s):
        if (
            windows
            and start - windows[-1][1] <= MAX_BATCHED_PAUSE_S
            and end - windows[-1][0] <= BATCHED_WINDOW_S
        ):
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _parted(spans: Sequence[Span], length_s: float) -> list[Span]:
    """Pad spans where there is silence for it, else part them in the middle of what is there."""
    middles = [(end + start) / 2 for (_, end), (start, _) in pairwise(spans)]
    bounds = pairwise([0.0, *middles, length_s])
    return [
        (max(start - PAD_S, before), min(end + PAD_S, after))
        for (start, end), (before, after) in zip(spans, bounds, strict=False)
    ]


def _belongs(window: Span, span: Span) -> bool:
    """Tell whether a span fits into a window, or cannot be parted from it."""
    pause_s = span[0] - window[1]  # of the silence that neither keeps
    return pause_s <= 0 or (pause_s <= MAX_PAUSE_S and span[1] - window[0] <= WINDOW_S)
