"""A whole recording to text, in the way that suits the model."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sotto.app.core.quiet_moments import cut_where_quiet
from sotto.app.core.speech_windows import (
    BATCHED_WINDOW_S,
    Hearing,
    Span,
    batched_windows,
    speech_windows,
)
from sotto.app.core.spoken_languages import ENGLISH
from sotto.audio.input.source import SAMPLE_RATE, Sound
from sotto.audio.speech.speech_spans import speech_spans
from sotto.audio.speech.sure_speech import is_sure_speech
from sotto.inference.decoding import (
    Segment,
    TranscribeOptions,
    Transcription,
    WordTiming,
    transcribe,
)
from sotto.inference.decoding.batched import transcribe_batched
from sotto.inference.decoding.transcribe import OnSegments, Progress
from sotto.inference.interfaces import Model

MIN_SPEECH_SAMPLES = SAMPLE_RATE // 10
"""0.1 s: a syllable takes twice that, and of less a model makes up a sentence."""

BATCH_SIZE = 6
"""Stretches of speech that are decoded together. With five beams each, more are no quicker."""

Timed = TypeVar("Timed", Segment, WordTiming)


def transcribe_recording(  # noqa: PLR0913 (each but the first three has a default)
    model: Model,
    pcm: Sound,
    options: TranscribeOptions,
    on_progress: Progress | None = None,
    *,
    on_segments: OnSegments | None = None,
    check: Callable[[], None] = lambda: None,
    only_speech: bool = True,
    hearing: Hearing = Hearing(),  # noqa: B008 (frozen)
) -> Transcription:
    """Transcribe pcm (n_samples,), 16 kHz, [-1, 1].

    Args:
        model: Recognises.
        pcm: The recording.
        options: How to transcribe.
        on_progress: Called after each window with seconds done and seconds in all.
        on_segments: Called after each window with its segments, if there are any.
        check: Called now and then while speech is looked for; what it raises ends the work.
        only_speech: Let the model hear nothing but speech, and take the language from the first
            of it. Without it all is as openai-whisper does it.
        hearing: What counts as speech.
    """
    if len(pcm) < MIN_SPEECH_SAMPLES:
        return Transcription("", (), options.language or ENGLISH)
    length_s = len(pcm) / SAMPLE_RATE
    if model.checkpoint.native_short_window:
        options = _cut_at_pauses(options, _spans(pcm, hearing, check))
        options = replace(options, beam_size=options.beam_size or _usual_beams(model))
    elif only_speech and not options.clip_timestamps:
        spans = _spans(pcm, hearing, check)
        if options.batch_size > 1:
            spans = cut_where_quiet(pcm, spans, BATCHED_WINDOW_S)
        cut = batched_windows if options.batch_size > 1 else speech_windows
        windows = [
            (start, end)
            for start, end in cut(spans, length_s, hearing)
            if is_sure_speech(
                pcm[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)], hearing.threshold
            )
        ]
        if not windows:
            return Transcription("", (), options.language or ENGLISH)
        options = _of_speech(options, windows)

    def tell(segments: tuple[Segment, ...]) -> None:
        if on_segments is not None:
            on_segments(tuple(_segment_within(segment, length_s) for segment in segments))

    how = transcribe_batched if options.batch_size > 1 else transcribe
    return _within(how(model, pcm, options, on_progress, tell), length_s)


def _usual_beams(model: Model) -> int | None:
    """Return how many beams a model asks for itself; None where greedy search will do."""
    n_beams = model.checkpoint.rules.num_beams
    return n_beams if n_beams > 1 else None


def _of_speech(options: TranscribeOptions, windows: list[Span]) -> TranscribeOptions:
    return replace(
        options,
        clip_timestamps=tuple(point for window in windows for point in window),
        language_from_first_clip=True,
    )


def _within(transcription: Transcription, length_s: float) -> Transcription:
    """Let nothing be said after the end: a model's times are those of a window of 30 s."""
    segments = tuple(_segment_within(segment, length_s) for segment in transcription.segments)
    return replace(transcription, segments=segments)


def _segment_within(segment: Segment, length_s: float) -> Segment:
    words = segment.words and tuple(_clamped(word, length_s) for word in segment.words)
    return replace(_clamped(segment, length_s), words=words)


def _clamped(timed: Timed, length_s: float) -> Timed:
    if timed.end <= length_s:
        return timed
    return replace(timed, start=min(timed.start, length_s), end=length_s)


def _spans(pcm: Sound, hearing: Hearing, check: Callable[[], None]) -> list[Span]:
    return speech_spans(
        pcm, check, threshold=hearing.threshold, min_speech_ms=hearing.min_speech_ms
    )


def _cut_at_pauses(options: TranscribeOptions, speech: list[Span]) -> TranscribeOptions:
    """Let a model of short windows hear one stretch of speech at a time, without a prompt.

    It knows neither windows of 30 s nor the text before; where nobody speaks there is no window.
    """
    spans = tuple(point for span in speech for point in span)
    return replace(options, clip_timestamps=spans or (0.0, 0.0), condition_on_previous_text=False)
