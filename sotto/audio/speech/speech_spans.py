"""Where a recording holds speech."""

from collections.abc import Iterator

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.audio.speech.segment_events import SegmentEvent, SpeechEnded, SpeechStarted

# A recording has no listener who waits for the text: a segment may end sooner than live.
SETTINGS = EndpointerSettings(pre_roll_ms=300, hang_over_ms=400)

BLOCK_SAMPLES = 10 * SAMPLE_RATE


def speech_spans(pcm: Pcm) -> list[tuple[float, float]]:
    """Return start and end, in seconds, of each stretch of speech in pcm (n_samples,)."""
    starts, ends = list[float](), list[float]()
    for event in _events(pcm):
        if isinstance(event, SpeechStarted):
            starts.append(event.start / SAMPLE_RATE)
        elif isinstance(event, SpeechEnded):
            ends.append(event.end / SAMPLE_RATE)
    return list(zip(starts, ends, strict=True))


def _events(pcm: Pcm) -> Iterator[SegmentEvent]:
    """Yield what happens, in blocks: events hold the sound as well, which nobody wants here."""
    endpointer = Endpointer(SETTINGS)
    for first in range(0, len(pcm), BLOCK_SAMPLES):
        yield from endpointer.feed(pcm[first : first + BLOCK_SAMPLES])
    yield from endpointer.flush()
