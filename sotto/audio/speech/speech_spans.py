"""Where a recording holds speech."""

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.audio.speech.segment_events import SpeechEnded, SpeechStarted

# A recording has no listener who waits for the text: a segment may end sooner than live.
SETTINGS = EndpointerSettings(pre_roll_ms=300, hang_over_ms=400)


def speech_spans(pcm: Pcm) -> list[tuple[float, float]]:
    """Return start and end, in seconds, of each stretch of speech in pcm (n_samples,)."""
    endpointer = Endpointer(SETTINGS)
    events = [*endpointer.feed(pcm), *endpointer.flush()]
    starts = [event.start / SAMPLE_RATE for event in events if isinstance(event, SpeechStarted)]
    ends = [event.end / SAMPLE_RATE for event in events if isinstance(event, SpeechEnded)]
    return list(zip(starts, ends, strict=True))
