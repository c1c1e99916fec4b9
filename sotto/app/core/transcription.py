"""A whole recording to text, in the way that suits the model."""

from dataclasses import replace

from sotto.audio.input.source import Pcm
from sotto.audio.speech.speech_spans import speech_spans
from sotto.inference.decoding import TranscribeOptions, Transcription, transcribe
from sotto.inference.decoding.transcribe import Progress
from sotto.inference.interfaces import Model


def transcribe_recording(
    model: Model, pcm: Pcm, options: TranscribeOptions, on_progress: Progress | None = None
) -> Transcription:
    """Transcribe pcm (n_samples,), 16 kHz, [-1, 1].

    Args:
        model: Recognises.
        pcm: The recording.
        options: How to transcribe.
        on_progress: Called after each window with seconds done and seconds in all.
    """
    if model.checkpoint.native_short_window:
        options = _cut_at_pauses(options, pcm)
    return transcribe(model, pcm, options, on_progress)


def _cut_at_pauses(options: TranscribeOptions, pcm: Pcm) -> TranscribeOptions:
    """Let a model of short windows hear one stretch of speech at a time, without a prompt.

    It knows neither windows of 30 s nor the text before; where nobody speaks there is no window.
    """
    spans = tuple(point for span in speech_spans(pcm) for point in span)
    return replace(options, clip_timestamps=spans or (0.0, 0.0), condition_on_previous_text=False)
