"""Speech in recordings, cut as a live stream is."""

import numpy as np
import pytest

from sotto.audio.speech.endpointer import Endpointer
from sotto.audio.speech.segment_events import SpeechStarted
from sotto.audio.speech.silero import CHUNK_SAMPLES
from sotto.audio.speech.speech_spans import BLOCK_SAMPLES, SETTINGS, speech_spans
from tools.fixtures.clips import SAMPLE_RATE, human_clips, starter_clips


def test_each_clip_between_silences_is_a_span() -> None:
    clips = [clip.pcm() for clip in starter_clips()[2:5]]
    silence = np.zeros(2 * SAMPLE_RATE, np.float32)
    pieces = [piece for clip in clips for piece in (silence, clip)]
    spans = speech_spans(np.concatenate([*pieces, silence]))
    end = 0.0
    for clip in clips:
        start, end = end + 2.0, end + 2.0 + len(clip) / SAMPLE_RATE
        inside = [span for span in spans if start - 0.5 <= span[0] and span[1] <= end + 0.5]
        assert inside, (start, end, spans)
        assert inside[0][0] <= start + 0.3
        assert inside[-1][1] >= end - 0.6  # synthesisers end with silence
        spans = [span for span in spans if span not in inside]
    assert spans == []


def test_silence_has_none() -> None:
    assert speech_spans(np.zeros(SAMPLE_RATE, np.float32)) == []


def test_speech_up_to_the_last_sample_is_a_span() -> None:
    pcm = starter_clips()[2].pcm()
    assert speech_spans(pcm[: len(pcm) // 2])[-1][1] == len(pcm) // 2 / SAMPLE_RATE


def test_whoever_has_enough_ends_the_search() -> None:
    pcm = np.zeros(3600 * SAMPLE_RATE, np.float32)
    n_checks = 0

    def check() -> None:
        nonlocal n_checks
        n_checks += 1
        if n_checks == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        speech_spans(pcm, check)


def test_looking_ahead_changes_nothing() -> None:
    """A recording is looked at in blocks, of which the last is no whole chunk; a stream is not."""
    pause = np.zeros(3 * SAMPLE_RATE, np.float32)
    pcm = np.concatenate([piece for clip in human_clips()[:4] for piece in (clip.pcm(), pause)])
    pcm = pcm[: len(pcm) // CHUNK_SAMPLES * CHUNK_SAMPLES - 100]
    assert len(pcm) > 2 * BLOCK_SAMPLES
    endpointer = Endpointer(SETTINGS)
    events = [*endpointer.feed(pcm), *endpointer.flush()]
    starts = [event.start / SAMPLE_RATE for event in events if isinstance(event, SpeechStarted)]
    assert [start for start, _ in speech_spans(pcm)] == starts
