"""A recording's stretches of speech, many at a time: quicker than one after the other.

As faster-whisper's `BatchedInferencePipeline` and WhisperX (Bain et al., 2023, "WhisperX:
Time-Accurate Speech Transcription of Long-Form Audio"): no stretch knows the text of the one
before it, so they can be decoded together. Each is heard in a window of about its own length.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sotto.inference.decoding.mel_window import encode_window, spectrogram
from sotto.inference.decoding.options import TranscribeOptions
from sotto.inference.decoding.result import Segment, Transcription
from sotto.inference.decoding.search.decode import detect_language, likeliest
from sotto.inference.decoding.search.steps import Steps, finish_together
from sotto.inference.decoding.transcribe import OnSegments, Progress, Transcriber, clips_in_frames
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH
from sotto.inference.interfaces import Array, Model, Sound


def transcribe_batched(
    model: Model,
    pcm: Sound,
    options: TranscribeOptions,
    on_progress: Progress | None = None,
    on_segments: OnSegments | None = None,
) -> Transcription:
    """Transcribe the clips of a recording, `options.batch_size` of them at a time.

    Args:
        model: Recognises.
        pcm: (n_samples,), 16 kHz, [-1, 1].
        options: How to transcribe; `clip_timestamps` say where the clips are. The initial prompt
            comes before each of them.
        on_progress: Called after each clip with seconds done and seconds in all, as if the clips
            were all of the recording.
        on_segments: Called with the segments of each clip that has any, in order of time.

    Raises:
        UsageError: when `options.clip_timestamps` do not ascend.
    """
    total_s = len(pcm) / (HOP_LENGTH * FRAMES_PER_SECOND)
    clips = clips_in_frames(options.clip_timestamps, len(pcm) // HOP_LENGTH)
    clips = [(start, end) for start, end in clips if end > start]
    options = replace(options, language=options.language or _language(model, pcm, clips))
    n_told, done, n_frames = 0, 0, sum(end - start for start, end in clips)
    parts: dict[int, Transcription] = {}
    later = replace(options, prefix=None)  # which only the first begins with
    all_steps = (
        _transcribe_clip(model, pcm, later if index else options, *clip)
        for index, clip in enumerate(clips)
    )
    for index, part in finish_together(model, all_steps, options.batch_size):
        parts[index] = part
        for following in _following(parts, n_told):
            n_told += 1
            if on_segments is not None and following.segments:
                on_segments(following.segments)
        done += clips[index][1] - clips[index][0]
        if on_progress is not None:
            on_progress(total_s * done / n_frames, total_s)
    return _joined([parts[index] for index in sorted(parts)], options.language or "en")


def _following(parts: Mapping[int, Transcription], first: int) -> Iterator[Transcription]:
    """Yield the parts that follow one another from the first on."""
    while first in parts:
        yield parts[first]
        first += 1


def _language(model: Model, pcm: Sound, clips: Sequence[tuple[int, int]]) -> str:
    """Return the language of the first clip."""
    if not model.checkpoint.tokenizer.is_multilingual or not clips:
        return "en"
    return likeliest(detect_language(model, encode_window(model, _cut(pcm, *clips[0]))))


def _cut(pcm: Sound, start: int, end: int) -> Array:
    return pcm[start * HOP_LENGTH : end * HOP_LENGTH]


def _transcribe_clip(
    model: Model, pcm: Sound, options: TranscribeOptions, start: int, end: int
) -> Steps[Transcription]:
    """Transcribe the mel frames from `start` to `end`, with times of the whole recording."""
    sound = spectrogram(model, _cut(pcm, start, end))
    transcriber = Transcriber(model, sound, options, short_windows=True)
    yield from transcriber.transcribe_clip(0, sound.n_frames)
    part = transcriber.transcription()
    segments = tuple(_moved(segment, start) for segment in part.segments)
    return replace(part, segments=segments)


def _moved(segment: Segment, frames: int) -> Segment:
    """Return a segment as much later."""
    later_s = frames / FRAMES_PER_SECOND
    words = segment.words and tuple(
        replace(word, start=word.start + later_s, end=word.end + later_s) for word in segment.words
    )
    return replace(
        segment,
        seek=segment.seek + frames,
        start=segment.start + later_s,
        end=segment.end + later_s,
        words=words,
    )


def _joined(parts: Sequence[Transcription], language: str) -> Transcription:
    segments = (segment for part in parts for segment in part.segments)
    numbered = tuple(replace(segment, id=number) for number, segment in enumerate(segments))
    return Transcription("".join(part.text for part in parts), numbered, language)
