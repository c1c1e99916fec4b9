"""From a recording of any length to its text, window by window."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sotto.errors import UsageError
from sotto.inference.decoding.alignment import find_alignment
from sotto.inference.decoding.decode import detect_language, likeliest
from sotto.inference.decoding.fallback import decode_with_fallback, is_silent
from sotto.inference.decoding.hallucination import (
    TimedWindow,
    after_leading_silence,
    drop_hallucinations,
    last_word_end,
)
from sotto.inference.decoding.mel_window import Spectrogram, spectrogram
from sotto.inference.decoding.options import TranscribeOptions
from sotto.inference.decoding.prompt import Prompt
from sotto.inference.decoding.result import DecodingResult, Segment, Transcription
from sotto.inference.decoding.segmentation import (
    SECONDS_PER_TIMESTAMP,
    Cut,
    Piece,
    cut_at_timestamps,
)
from sotto.inference.decoding.word_timestamps import add_words
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH, N_FRAMES, SAMPLE_RATE
from sotto.inference.interfaces import Array, Audio, Model

# Text sampled at a higher temperature is not trusted to prompt the next window.
MAX_PROMPT_TEMPERATURE = 0.5

Progress = Callable[[float, float], None]
OnSegments = Callable[[tuple[Segment, ...]], None]


def transcribe(
    model: Model,
    pcm: Array,
    options: TranscribeOptions = TranscribeOptions(),  # noqa: B008 (frozen)
    on_progress: Progress | None = None,
    on_segments: OnSegments | None = None,
) -> Transcription:
    """Transcribe a recording (openai-whisper's `transcribe`).

    Args:
        model: Recognises.
        pcm: (n_samples,), 16 kHz, [-1, 1].
        options: How to transcribe.
        on_progress: Called after each window with seconds done and seconds in all.
        on_segments: Called after each window with its segments, if there are any.

    Raises:
        UsageError: when `options.clip_timestamps` do not ascend.
    """
    sound = spectrogram(model, pcm)
    clips = clips_in_frames(options.clip_timestamps, sound.n_frames)
    spoken_at = clips[0][0] if options.language_from_first_clip else 0
    transcriber = _Transcriber(model, sound, options, spoken_at)
    for start, end in clips:
        seek = start
        while seek < end:
            # Rounded word times may stand still; a window then counts as done.
            next_seek = transcriber.transcribe_window(seek, end)
            seek = next_seek if next_seek > seek else min(seek + N_FRAMES, end)
            if on_segments is not None and (segments := transcriber.take_segments()):
                on_segments(segments)
            if on_progress is not None:
                on_progress(min(seek, end) / FRAMES_PER_SECOND, sound.n_frames / FRAMES_PER_SECOND)
    return transcriber.transcription()


class _Transcriber:
    """The text so far of one recording. Owned by one call of `transcribe`."""

    def __init__(
        self, model: Model, sound: Spectrogram, options: TranscribeOptions, spoken_at: int
    ) -> None:
        tokenizer = model.checkpoint.tokenizer
        self._model = model
        self._sound = sound
        self._language = options.language or self._detect_language(spoken_at)
        self._options = replace(options, language=self._language)
        initial = options.initial_prompt
        self._prompt = Prompt(
            () if initial is None else tokenizer.encode(" " + initial.strip()),
            carry_initial=options.carry_initial_prompt,
            capacity=model.checkpoint.dimensions.n_text_ctx // 2 - 1,
        )
        self._rng = np.random.default_rng(options.seed)
        self._segments: list[Segment] = []
        self._n_taken = 0  # of these
        self._last_speech_s = 0.0

    def transcribe_window(self, seek: int, clip_end: int) -> int:
        """Transcribe from mel frame `seek` on; return where to go on."""
        n_frames = min(N_FRAMES, clip_end - seek)
        audio = self._encode(seek, n_frames)
        result = decode_with_fallback(
            self._model, audio, self._options, self._prompt.before_window(), self._rng
        )
        if is_silent(result, self._options):
            return seek + n_frames
        timestamp_begin = self._model.checkpoint.tokenizer.timestamp_begin
        cut = cut_at_timestamps(result.tokens, timestamp_begin, n_frames)
        window = TimedWindow(
            seek=seek,
            n_frames=n_frames,
            n_content_frames=self._sound.n_frames,
            segments=self._segments_of(cut, seek, result),
            next_seek=seek + cut.n_frames,
            ends_in_silence=cut.ends_in_silence,
        )
        if self._options.word_timestamps:
            window = self._time_words(window, audio)
            threshold = self._options.hallucination_silence_threshold
            if threshold is not None:
                again = after_leading_silence(window, threshold)
                if again is not None:
                    return again
                window = drop_hallucinations(window, self._last_speech_s, threshold)
            self._note_speech(window.segments)
        self._keep(window.segments, result)
        return window.next_seek

    def transcription(self) -> Transcription:
        """Return the text so far."""
        text = self._model.checkpoint.tokenizer.decode(self._prompt.spoken)
        return Transcription(text, tuple(self._segments), self._language)

    def take_segments(self) -> tuple[Segment, ...]:
        """Return the segments since the last call."""
        start, self._n_taken = self._n_taken, len(self._segments)
        return tuple(self._segments[start:])

    def _detect_language(self, seek: int) -> str:
        if not self._model.checkpoint.tokenizer.is_multilingual:
            return "en"
        return likeliest(detect_language(self._model, self._encode(seek, N_FRAMES)))

    def _encode(self, seek: int, n_frames: int) -> Audio:
        return self._model.encode(self._sound.window(seek, n_frames, self._model.checkpoint))

    def _segments_of(self, cut: Cut, seek: int, result: DecodingResult) -> tuple[Segment, ...]:
        tokenizer = self._model.checkpoint.tokenizer
        offset = seek * HOP_LENGTH / SAMPLE_RATE
        return tuple(
            Segment(
                id=0,
                seek=seek,
                start=offset + self._start_of(piece),
                end=offset + piece.end,
                text=tokenizer.decode([t for t in piece.tokens if t < tokenizer.eot]),
                tokens=piece.tokens,
                temperature=result.temperature,
                avg_logprob=result.avg_logprob,
                compression_ratio=result.compression_ratio,
                no_speech_prob=result.no_speech_prob,
            )
            for piece in cut.pieces
        )

    def _start_of(self, piece: Piece) -> float:
        """Return where a piece begins: at its first timestamp, or where its words will say.

        openai-whisper begins a window's only segment with the window, so that a subtitle comes
        before what is said.
        """
        timestamp_begin = self._model.checkpoint.tokenizer.timestamp_begin
        if self._options.word_timestamps or piece.tokens[:1] < (timestamp_begin,):
            return piece.start
        start = (piece.tokens[0] - timestamp_begin) * SECONDS_PER_TIMESTAMP
        return start if start < piece.end else piece.start

    def _time_words(self, window: TimedWindow, audio: Audio) -> TimedWindow:
        """Return the window with words, going on where its last word ends."""
        window = replace(window, segments=self._with_words(window, audio))
        end = last_word_end(window.segments)
        if not window.ends_in_silence and end is not None and end > window.start_s:
            window = replace(window, next_seek=round(end * FRAMES_PER_SECOND))
        return window

    def _note_speech(self, segments: tuple[Segment, ...]) -> None:
        end = last_word_end(segments)
        if end is not None:
            self._last_speech_s = end

    def _with_words(self, window: TimedWindow, audio: Audio) -> tuple[Segment, ...]:
        eot = self._model.checkpoint.tokenizer.eot
        text_tokens = [t for segment in window.segments for t in segment.tokens if t < eot]
        alignment = find_alignment(
            self._model, audio, text_tokens, self._options.at(0.0), window.n_frames
        )
        timed = add_words(
            window.segments, alignment, self._options, eot=eot, last_speech_s=self._last_speech_s
        )
        return tuple(timed)

    def _keep(self, segments: tuple[Segment, ...], result: DecodingResult) -> None:
        """Add a window's segments; one without length or text keeps its place but says nothing."""
        for segment in segments:
            kept = replace(segment, id=len(self._segments))
            if segment.start == segment.end or not segment.text.strip():
                kept = replace(kept, text="", tokens=(), words=())
            self._segments.append(kept)
            self._prompt.add(kept.tokens)
        is_trusted = result.temperature <= MAX_PROMPT_TEMPERATURE
        if not (self._options.condition_on_previous_text and is_trusted):
            self._prompt.forget()


def clips_in_frames(timestamps: Sequence[float], n_frames: int) -> list[tuple[int, int]]:
    """Turn start, end, start, end… in seconds to (start, end) in mel frames.

    The last end may be missing; no timestamps at all mean the whole recording. What lies behind
    the end of the recording is left out.

    Raises:
        UsageError: when the timestamps do not ascend from 0.
    """
    points = [min(round(t * FRAMES_PER_SECOND), n_frames) for t in timestamps] or [0]
    if points[0] < 0 or any(later < earlier for earlier, later in pairwise(points)):
        raise UsageError("--clip_timestamps must ascend: start,end,start,end… in seconds")
    if len(points) % 2:
        points.append(n_frames)
    return list(zip(points[::2], points[1::2], strict=True))
