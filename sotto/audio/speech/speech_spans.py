"""Where a recording holds speech."""

from collections.abc import Callable

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.audio.speech.segment_events import SpeechEnded, SpeechStarted

# A recording has no listener who waits for the text: a segment may end sooner than live.
SETTINGS = EndpointerSettings(pre_roll_ms=300, hang_over_ms=400)
_BLOCK = 10 * SAMPLE_RATE  # takes a fraction of a second, even of a slow machine


def speech_spans(pcm: Pcm, check: Callable[[], None] = lambda: None) -> list[tuple[float, float]]:
    """Return start and end, in seconds, of each stretch of speech in pcm (n_samples,).

    `check` is called now and then; what it raises ends the work.
    """
    endpointer = Endpointer(SETTINGS)
    events = []
    for start in range(0, len(pcm), _BLOCK):
        check()
        events += endpointer.feed(pcm[start : start + _BLOCK])
    events += endpointer.flush()
    starts = [event.start / SAMPLE_RATE for event in events if isinstance(event, SpeechStarted)]
    ends = [event.end / SAMPLE_RATE for event in events if isinstance(event, SpeechEnded)]
    return list(zip(starts, ends, strict=True))
