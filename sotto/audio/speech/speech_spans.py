"""Where a recording holds speech."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sotto.audio.input.source import SAMPLE_RATE, Sound
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.audio.speech.segment_events import SegmentEvent, SpeechEnded, SpeechStarted
from sotto.audio.speech.silero import CHUNK_SAMPLES
from sotto.audio.speech.speech_judge import BEGINS, SpeechJudge
from sotto.audio.speech.vad import FRAME_MS

# A recording has no listener who waits for the text: a segment may end sooner than live.
SETTINGS = EndpointerSettings(pre_roll_ms=300, hang_over_ms=400)

BLOCK_SAMPLES = 320 * CHUNK_SAMPLES
"""Some 10 s, which take a fraction of a second even of a slow machine; whole chunks and frames."""


_WINDOW_OF_ONSET = SETTINGS.onset_window_ms / SETTINGS.onset_ms  # there are gaps in any voice


def speech_spans(
    pcm: Sound,
    check: Callable[[], None] = lambda: None,
    *,
    threshold: float = BEGINS,
    min_speech_ms: int = SETTINGS.onset_ms,
) -> list[tuple[float, float]]:
    """Return start and end, in seconds, of each stretch of speech in pcm (n_samples,).

    Args:
        pcm: 16 kHz, [-1, 1].
        check: called now and then; what it raises ends the work.
        threshold: the probability from which on it is speech.
        min_speech_ms: shorter ones are none.
    """
    onset_ms = max(FRAME_MS, min_speech_ms)
    window_ms = max(SETTINGS.onset_window_ms, round(onset_ms * _WINDOW_OF_ONSET))
    settings = replace(
        SETTINGS,
        onset_ms=onset_ms,
        onset_window_ms=window_ms,
        look_back_ms=max(SETTINGS.look_back_ms, window_ms),
    )
    judge = SpeechJudge(threshold)
    endpointer = Endpointer(settings, is_speech=judge.is_speech)
    starts, ends = list[float](), list[float]()
    for event in _events(endpointer, judge, pcm, check):
        if isinstance(event, SpeechStarted):
            starts.append(event.start / SAMPLE_RATE)
        elif isinstance(event, SpeechEnded):
            ends.append(event.end / SAMPLE_RATE)
    return list(zip(starts, ends, strict=True))


def _events(
    endpointer: Endpointer, judge: SpeechJudge, pcm: Sound, check: Callable[[], None]
) -> Iterator[SegmentEvent]:
    """Yield what happens, in blocks: events hold the sound as well, which nobody wants here."""
    for first in range(0, len(pcm), BLOCK_SAMPLES):
        check()
        block = pcm[first : first + BLOCK_SAMPLES]
        judge.look_ahead(block)
        yield from endpointer.feed(block)
    yield from endpointer.flush()
