"""From a recording of any length to its text, window by window."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sotto.errors import UsageError
from sotto.inference.decoding.mel_window import Spectrogram, spectrogram
from sotto.inference.decoding.options import TranscribeOptions
from sotto.inference.decoding.prompt import Prompt
from sotto.inference.decoding.result import DecodingResult, Segment, Transcription
from sotto.inference.decoding.search.decode import DecodingTask, detect_language, likeliest
from sotto.inference.decoding.search.fallback import has_failed, is_silent, steps_with_fallback
from sotto.inference.decoding.search.rules import USUAL, tokens_matching
from sotto.inference.decoding.search.steps import Steps, finish
from sotto.inference.decoding.timestamps.alignment import find_alignment
from sotto.inference.decoding.timestamps.hallucination import (
    TimedWindow,
    after_leading_silence,
    drop_hallucinations,
    last_word_end,
)
from sotto.inference.decoding.timestamps.segmentation import (
    SECONDS_PER_TIMESTAMP,
    Cut,
    Piece,
    cut_at_timestamps,
)
from sotto.inference.decoding.timestamps.word_timestamps import add_words
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH, N_FRAMES, SAMPLE_RATE
from sotto.inference.interfaces import Audio, Model, Sound
from sotto.inference.tokenizer import Tokenizer

Progress = Callable[[float, float], None]
OnSegments = Callable[[tuple[Segment, ...]], None]


def transcribe(
    model: Model,
    pcm: Sound,
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
    transcriber = Transcriber(model, sound, options, spoken_at)

    def report(seek: int) -> None:
        if on_segments is not None and (segments := transcriber.take_segments()):
            on_segments(segments)
        if on_progress is not None:
            on_progress(seek / FRAMES_PER_SECOND, sound.n_frames / FRAMES_PER_SECOND)

    for start, end in clips:
        finish(model, transcriber.transcribe_clip(start, end, report))
    return transcriber.transcription()


class Transcriber:
    """The text so far of one recording. Owned by one call of `transcribe`."""

    def __init__(
        self,
        model: Model,
        sound: Spectrogram,
        options: TranscribeOptions,
        spoken_at: int = 0,
        *,
        short_windows: bool = False,
    ) -> None:
        """Begin without text.

        Args:
            model: Recognises.
            sound: The recording.
            options: How to transcribe.
            spoken_at: Mel frame from which the language is taken, if that is not given.
            short_windows: Hear each window without all of the silence that makes 30 s of it,
                and only if that gives no good text, with it.
        """
        tokenizer = model.checkpoint.tokenizer
        self._model = model
        self._sound = sound
        self._is_multilingual = options.multilingual and tokenizer.is_multilingual
        self._language = options.language or self._detect_language(spoken_at, options)
        self._options = replace(
            options, language=self._language, suppress_tokens=_suppressed(tokenizer, options)
        )
        self._short_windows = short_windows
        # Those who give a prefix get no hotwords, as in faster-whisper.
        self._prompt = Prompt(
            self._tokens_of(options.initial_prompt),
            carry_initial=options.carry_initial_prompt,
            capacity=_longest_prompt(model, options),
            hotwords=() if options.prefix else self._tokens_of(options.hotwords or None),
        )
        self._beginning = self._tokens_of(options.prefix or None)
        if self._beginning and not options.without_timestamps:
            self._beginning = [tokenizer.timestamp_begin, *self._beginning]
        self._rng = np.random.default_rng(options.seed)
        self._segments: list[Segment] = []
        self._n_taken = 0  # of these
        self._last_speech_s = 0.0

    def transcribe_clip(
        self, start: int, end: int, on_window: Callable[[int], None] = lambda _: None
    ) -> Steps[None]:
        """Transcribe the mel frames from `start` to `end`; tell where each next window begins."""
        seek = start
        while seek < end:
            # Rounded word times may stand still; a window then counts as done.
            next_seek = yield from self._transcribe_window(seek, end)
            seek = min(next_seek if next_seek > seek else seek + N_FRAMES, end)
            on_window(seek)

    def _transcribe_window(self, seek: int, clip_end: int) -> Steps[int]:
        """Transcribe from mel frame `seek` on; return where to go on."""
        n_frames = min(N_FRAMES, clip_end - seek)
        audio, result = yield from self._hear(seek, n_frames)
        self._beginning = []
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

    def _hear(self, seek: int, n_frames: int) -> Steps[tuple[Audio, DecodingResult]]:
        """Return a window as it was encoded, and its text."""
        audio = self._encode(seek, n_frames, is_short=self._short_windows)
        if self._is_multilingual:
            self._hear_language(audio)
        prompt, beginning = self._prompt.before_window(), tuple(self._beginning)
        if self._short_windows:
            options = self._options.at(0.0, prompt, beginning)
            result = yield from DecodingTask(self._model, audio, options).steps(options)
            if not has_failed(result, self._options):
                return audio, result
            audio = self._encode(seek, n_frames)
        result = yield from steps_with_fallback(
            self._model, audio, self._options, prompt, self._rng, beginning=beginning
        )
        return audio, result

    def _tokens_of(self, text: str | None) -> list[int]:
        if text is None:
            return []
        return self._model.checkpoint.tokenizer.encode(" " + text.strip())

    def _detect_language(self, seek: int, options: TranscribeOptions) -> str:
        """Detect the language from `seek` on: where it is clear, or else that of most windows."""
        if not self._model.checkpoint.tokenizer.is_multilingual:
            return "en"
        heard: list[str] = []
        for at in range(options.language_detection_segments):
            start = seek + at * N_FRAMES
            if at and start >= self._sound.n_frames:
                break
            probabilities = detect_language(self._model, self._encode(start, N_FRAMES))
            heard.append(likeliest(probabilities))
            if probabilities[heard[-1]] > options.language_detection_threshold:
                return heard[-1]
        return max(heard, key=heard.count)

    def _hear_language(self, audio: Audio) -> None:
        """Take the window for the language that it is in; text in another is no prompt for it."""
        language = likeliest(detect_language(self._model, audio))
        if language != self._options.language:
            self._prompt.forget()
        self._options = replace(self._options, language=language)

    def _encode(self, seek: int, n_frames: int, *, is_short: bool = False) -> Audio:
        window = self._sound.window(seek, n_frames, self._model.checkpoint, is_short=is_short)
        return self._model.encode(window)

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
                language=self._options.language if self._is_multilingual else None,
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
        is_trusted = result.temperature <= self._options.prompt_reset_on_temperature
        if not (self._options.condition_on_previous_text and is_trusted):
            self._prompt.forget()


def _suppressed(tokenizer: Tokenizer, options: TranscribeOptions) -> tuple[int, ...] | None:
    """Return the tokens never to emit, those among them that are named by their text."""
    if not options.suppress_regex:
        return options.suppress_tokens
    named = (USUAL,) if options.suppress_tokens is None else options.suppress_tokens
    return (*named, *tokens_matching(tokenizer, options.suppress_regex))


def _longest_prompt(model: Model, options: TranscribeOptions) -> int:
    """Return how many tokens may prompt a window: at most what leaves half to the text."""
    longest = model.checkpoint.dimensions.n_text_ctx // 2 - 1
    return longest if options.max_prompt_tokens is None else min(longest, options.max_prompt_tokens)


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
