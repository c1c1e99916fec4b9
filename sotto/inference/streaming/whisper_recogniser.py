"""Whisper as a recogniser of speech that is still growing."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sotto.inference.decoding.options import DecodingOptions, TranscribeOptions
from sotto.inference.decoding.result import DecodingResult
from sotto.inference.decoding.search.decode import DecodingTask, detect_language
from sotto.inference.decoding.search.fallback import is_improbable
from sotto.inference.decoding.timestamps.segmentation import SECONDS_PER_TIMESTAMP
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH
from sotto.inference.encoder_window import short_window, whole_window
from sotto.inference.features import IncrementalLogMel, loud_span
from sotto.inference.interfaces import Array, Audio, Model
from sotto.inference.streaming.commit import written_as
from sotto.inference.streaming.decoded_words import new_words, with_newest_mark
from sotto.inference.streaming.guards import (
    GuardSettings,
    has_no_time,
    is_invented,
    token_cap,
    without_invented,
)
from sotto.inference.streaming.incremental_encoder import IncrementalEncoder
from sotto.inference.streaming.language_choice import choice_for
from sotto.inference.streaming.recogniser import NO_SPEECH, Hypothesis, Word
from sotto.inference.streaming.thread_choice import ALL, ThreadChoice
from sotto.inference.streaming.word_boundaries import grouped_as
from sotto.inference.tokenizer import Task

SHORTEST_WORD_FRAMES = 10  # 0.1 s; in less, models invent words
REST_S = 0.5  # behind what a text covers: in less there is no word more than its last

CONTEXT_TOKENS = 60
"""Of the text before: the last sentence or two. More costs time and gives loops to take up."""


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """How to recognise.

    Attributes:
        language: code of the spoken language; None lets a multilingual model detect it, segment
            by segment.
        task: `translate` asks a multilingual model for English.
        prompt: text put before each segment, such as names to be spelled right.
        terms: names and words to be heard rather than what is alike.
        with_context: put what was said before there as well.
        temperatures: tried in a final pass until the text is good; with only one, the first text
            is taken.
        guards: against text that nobody said.
        allowed_languages: codes of those that may be detected; none for any.
        expected_language: code of the likeliest one, such as the system's.
    """

    language: str | None = None
    task: Task = "transcribe"
    prompt: str = ""
    terms: tuple[str, ...] = ()
    with_context: bool = True
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    guards: GuardSettings = field(default_factory=GuardSettings)
    allowed_languages: tuple[str, ...] = ()
    expected_language: str | None = None


@dataclass(frozen=True, slots=True)
class _Heard:
    """A window's text: its words, those of the prefix first, and how the decoder judges it.

    `end_probability` is that of its last token, mostly a mark.
    """

    words: tuple[Word, ...]
    result: DecodingResult
    end_probability: float


class WhisperRecogniser:
    """A `Recogniser` over a Whisper model. Owned by the engine thread."""

    def __init__(self, model: Model, settings: WhisperSettings | None = None) -> None:
        self._model = model
        self._settings = settings or WhisperSettings()
        self._thresholds = TranscribeOptions()  # openai-whisper's
        self._tokenizer = model.checkpoint.tokenizer
        self._expected = self._prompt_of(self._settings.prompt)
        self._favoured = tuple(map(self._prompt_of, _with_single_words(self._settings.terms)))
        num_beams = model.checkpoint.rules.num_beams
        self._beam_size = num_beams if num_beams > 1 else None
        self._cache = model.new_cache(traced=True)
        self._encoder = IncrementalEncoder(model)
        self._thread_choice = ThreadChoice()
        self._language_choice = choice_for(
            self._tokenizer,
            self._settings.language,
            self._settings.allowed_languages,
            self._settings.expected_language,
        )
        self.begin()

    def begin(self, context: str = "") -> None:
        """See `Recogniser.begin`."""
        self._mel = IncrementalLogMel(self._model.log_mel, self._model.checkpoint.dimensions.n_mels)
        self._context_language = self._language_choice.language  # of the segment before
        self._language_choice.begin()
        self._encoder.begin()
        self._newest: tuple[Word, ...] = ()  # the newest hypothesis, a draft of the next one
        self._part_from_s = 0.0
        self._is_written_otherwise = False
        self._take_context(context)

    def append(self, pcm: Array) -> None:
        """See `Recogniser.append`."""
        self._mel.append(pcm)

    def trim(self, until_s: float, context: str = "") -> None:
        """See `Recogniser.trim`."""
        self._mel.trim(round(until_s * FRAMES_PER_SECOND) - self._mel.first_frame)
        self._encoder.begin()
        self._is_written_otherwise = False
        self._take_context(context)

    def go_on(self, from_s: float) -> None:
        """See `Recogniser.go_on`."""
        self._part_from_s = from_s
        self._is_written_otherwise = False
        self._language_choice.begin()

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        """See `Recogniser.recognise`."""
        if self._n_frames < SHORTEST_WORD_FRAMES:
            return Hypothesis(prefix, NO_SPEECH, self._language_choice.language or "")
        if final:
            self._model.threads = ALL
            return self._hypothesis(prefix, self._hear_carefully(prefix), final=True)
        self._model.threads = self._thread_choice.choose(self._held_s)
        started = time.perf_counter()
        heard = self._hear(prefix, self._encode_again(), final=False)
        hypothesis = self._hypothesis(prefix, heard, final=False)
        self._thread_choice.observe(time.perf_counter() - started)
        return hypothesis

    def _take_context(self, context: str) -> None:
        # A model that was trained on short windows has never seen a text before them.
        knows_context = not self._model.checkpoint.native_short_window
        is_wanted = self._settings.with_context and knows_context
        self._context = self._prompt_of(context)[-CONTEXT_TOKENS:] if is_wanted else ()

    def _hypothesis(self, prefix: tuple[Word, ...], heard: _Heard, *, final: bool) -> Hypothesis:
        choice, guards = self._language_choice, self._settings.guards
        if not prefix and is_invented(heard.result, guards, final=final):
            return Hypothesis(prefix, NO_SPEECH, choice.language or "")
        if heard.words and heard.words[-1].end_s > self._part_from_s:
            choice.keep()
        kept = without_invented(heard.words, self._held_s, guards)
        self._newest = kept if len(kept) >= len(prefix) else heard.words[: len(prefix)]
        return Hypothesis(
            self._newest,
            language=heard.result.language,
            is_settled=choice.is_settled,
            is_doubtful=self._is_doubtful(heard),
            end_probability=heard.end_probability,
        )

    def _choose_language(self, audio: Audio, *, final: bool) -> None:
        """Ask the model for the language while that may still change."""
        choice, n_part = self._language_choice, self._n_frames - self._n_before_part
        heard_s = n_part / FRAMES_PER_SECOND
        if choice.is_open(heard_s, final=final):
            if self._n_before_part:
                audio = self._encode_part(self._window_of(n_part, final=final))
            choice.observe(detect_language(self._model, audio), heard_s, self._speech_s)
        if choice.in_doubt:
            whole = self._encode_part(whole_window(self._model.checkpoint.dimensions))
            heard = detect_language(self._model, whole)
            choice.observe(heard, heard_s, self._speech_s, is_whole=True)

    @property
    def _speech_s(self) -> float:
        """Seconds of the newest part, without the silence around it."""
        part = self._mel.features()[self._n_before_part :]
        return loud_span(part) / FRAMES_PER_SECOND

    @property
    def _n_before_part(self) -> int:
        """Mel frames held of what was said before the newest part."""
        n_before = round(self._part_from_s * FRAMES_PER_SECOND) - self._mel.first_frame
        return min(max(0, n_before), self._n_frames)

    @property
    def _from_s(self) -> float:
        return self._mel.first_frame / FRAMES_PER_SECOND

    @property
    def _n_frames(self) -> int:
        """Mel frames of audio held."""
        return self._mel.n_samples // HOP_LENGTH - self._mel.first_frame

    @property
    def _held_s(self) -> float:
        return self._n_frames / FRAMES_PER_SECOND

    def _window(self, *, final: bool) -> int:
        """Mel frames of a window that holds the audio, and some silence."""
        return self._window_of(self._n_frames, final=final)

    def _window_of(self, n_frames: int, *, final: bool) -> int:
        checkpoint = self._model.checkpoint
        return short_window(
            n_frames,
            checkpoint.dimensions,
            native_short_window=checkpoint.native_short_window,
            final=final,
        )

    @property
    def _has_other_window(self) -> bool:
        """Whether a text that is not good may be sought in 30 s."""
        checkpoint = self._model.checkpoint
        is_short = self._window(final=True) < whole_window(checkpoint.dimensions)
        may_seek = len(self._settings.temperatures) > 1
        return is_short and may_seek and not checkpoint.native_short_window

    def _encode(self, n_frames: int) -> Audio:
        """Encode the audio with silence behind it."""
        return self._model.encode(self._features(n_frames))

    def _encode_part(self, n_frames: int) -> Audio:
        """Encode the newest part alone, with silence behind it."""
        n_before = self._n_before_part
        return self._model.encode(self._features(n_before + n_frames)[n_before:])

    def _encode_again(self) -> Audio:
        """Encode what is new of the audio, with silence behind it."""
        mel = self._features(self._window(final=False))
        if self._model.checkpoint.native_short_window:
            return self._model.encode(mel)
        return self._encoder.encode(mel, min(len(mel), self._n_frames + 1) // 2)

    def _features(self, n_frames: int) -> Array:
        """Return normalised mel (n_frames, n_mels) of the audio with silence behind it."""
        end = (self._mel.first_frame + n_frames) * HOP_LENGTH
        return self._mel.features(end - self._mel.n_samples)

    def _hear_carefully(self, prefix: tuple[Word, ...]) -> _Heard:
        """Decode until the text is good: in a short window, in 30 s, then at each temperature.

        openai-whisper takes the last when none is good, which is pure chance; here the first in
        30 s is taken, and the guards cut what nobody can have said.
        """
        audio = self._encode(self._window(final=True))
        first = self._hear(prefix, audio, final=True)
        whole = whole_window(self._model.checkpoint.dimensions)
        if self._has_other_window and (self._is_doubtful(first) or self._is_invented(first)):
            audio = self._encode(whole)
            first = self._hear(prefix, audio, final=True)
        heard = first
        for temperature in self._settings.temperatures[1:]:
            if not self._is_doubtful(heard) or self._is_invented(heard):
                return heard
            options = self._options(prefix, temperature)
            heard = self._decode(audio, prefix, options, final=True)
        return first if self._is_doubtful(heard) else heard

    def _hear(self, prefix: tuple[Word, ...], audio: Audio, *, final: bool) -> _Heard:
        """Decode freely if that gives the prefix again, else with the prefix as its beginning.

        A text that is forced to begin as it was written before it was complete goes on without
        punctuation where that had none; so those of its words that are heard again are written
        anew. With timestamps, as files are decoded, the model marks the ends of sentences better.
        A file is decoded on from a timestamp that something follows; here the text is decoded
        without timestamps then.
        """
        self._choose_language(audio, final=final)
        if final or (prefix and not self._is_written_otherwise):
            without_timestamps = not final or self._model.checkpoint.native_short_window
            options = replace(self._options((), 0.0), without_timestamps=without_timestamps)
            heard = self._decode(audio, (), options, draft=prefix, final=final)
            if not without_timestamps and self._goes_on(heard.result.tokens):
                options = self._options((), 0.0)
                heard = self._decode(audio, (), options, draft=prefix, final=final)
            words = grouped_as(heard.words, prefix)
            if words is not None:
                return replace(heard, words=words)
            self._is_written_otherwise = True
            prefix = written_as(prefix, heard.words)
        return self._decode(audio, prefix, self._options(prefix, 0.0), final=final)

    def _decode(
        self,
        audio: Audio,
        prefix: tuple[Word, ...],
        options: DecodingOptions,
        draft: tuple[Word, ...] = (),
        *,
        final: bool,
    ) -> _Heard:
        after = _words_after(draft or prefix, self._newest, self._from_s)
        tokens = self._tokens_of([*draft, *after])
        if not options.without_timestamps:
            tokens = (self._tokenizer.timestamp_begin, *tokens)
        task = DecodingTask(self._model, audio, options, cache=self._cache, draft=tokens)
        result = task.run(options)
        text, logprobs = self._without_timestamps(result)
        spoken = [*options.prefix, *text]
        timings = task.time_words(spoken, self._n_frames, as_decoded=not final)
        tail = new_words(timings, len(options.prefix), logprobs, self._tokenizer, self._from_s)
        words = with_newest_mark(prefix, tail)
        return _Heard(words, result, math.exp(logprobs[-1]) if logprobs else 0.0)

    def _goes_on(self, tokens: Sequence[int]) -> bool:
        """Whether a text with timestamps says that it is only of the beginning of the audio.

        Two timestamps at its end begin a segment that is left to the next window of a file.
        """
        begin = self._tokenizer.timestamp_begin
        return len(tokens) > 1 and min(tokens[-2:]) >= begin and self._rest_s(tokens[-1]) > REST_S

    def _rest_s(self, timestamp: int) -> float:
        """Return the seconds of audio held behind a timestamp."""
        return self._held_s - (timestamp - self._tokenizer.timestamp_begin) * SECONDS_PER_TIMESTAMP

    def _without_timestamps(self, result: DecodingResult) -> tuple[list[int], list[float]]:
        """Return the tokens of the text, and their log probabilities."""
        pairs = zip(result.tokens, result.token_logprobs, strict=True)
        kept = [(token, logprob) for token, logprob in pairs if token < self._tokenizer.eot]
        return [token for token, _ in kept], [logprob for _, logprob in kept]

    def _options(self, prefix: Sequence[Word], temperature: float) -> DecodingOptions:
        heard_until_s = prefix[-1].end_s if prefix else self._from_s
        new_s = max(0.0, self._from_s + self._held_s - heard_until_s)
        return DecodingOptions(
            task=self._settings.task,
            language=self._language_choice.language,
            temperature=temperature,
            sample_len=token_cap(new_s, self._settings.guards, self._language_choice.language),
            prompt=self._prompt(),
            prefix=self._tokens_of(prefix),
            suppress_blank=not prefix,  # after a prefix there may be nothing more to say
            without_timestamps=True,
            # What is drawn by chance is not searched by beams.
            beam_size=None if temperature else self._beam_size,
            favoured=self._favoured,
        )

    def _is_doubtful(self, heard: _Heard) -> bool:
        return is_improbable(heard.result, self._thresholds) or has_no_time(
            heard.words, self._held_s, self._settings.guards
        )

    def _prompt(self) -> tuple[int, ...]:
        """Return what is put before the text: expected words, and what was said in its language."""
        is_same = self._context_language in (None, self._language_choice.language)
        return (*self._expected, *(self._context if is_same else ()))

    def _is_invented(self, heard: _Heard) -> bool:
        return is_invented(heard.result, self._settings.guards, final=True)

    def _tokens_of(self, words: Sequence[Word]) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode("".join(word.text for word in words)))

    def _prompt_of(self, text: str) -> tuple[int, ...]:
        text = text.strip()
        return tuple(self._tokenizer.encode(f" {text}")) if text else ()


def _words_after(prefix: Sequence[Word], words: Sequence[Word], from_s: float) -> Sequence[Word]:
    """Return those of `words` that follow the prefix; without one, those heard after `from_s`."""
    if not prefix:
        return [word for word in words if word.end_s > from_s]
    return words[words.index(prefix[-1]) + 1 :] if prefix[-1] in words else ()


def _with_single_words(terms: Sequence[str]) -> list[str]:
    """Return terms, and their words: a full name may be said in part."""
    return sorted({part for term in terms for part in (term, *term.split()) if part.strip()})
