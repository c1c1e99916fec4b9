"""Whisper as a recogniser of speech that is still growing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from sotto.inference.decoding.decode import DecodingTask
from sotto.inference.decoding.fallback import has_failed, is_silent
from sotto.inference.decoding.language import detect_language
from sotto.inference.decoding.options import DecodingOptions, TranscribeOptions
from sotto.inference.decoding.result import DecodingResult
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH
from sotto.inference.features import IncrementalLogMel
from sotto.inference.interfaces import Array, Audio, Model
from sotto.inference.streaming.commit import spoken
from sotto.inference.streaming.guards import GuardSettings, loop_start, token_cap
from sotto.inference.streaming.language_choice import choice_for
from sotto.inference.streaming.recogniser import Hypothesis, Word
from sotto.inference.streaming.thread_choice import ALL, ThreadChoice
from sotto.inference.streaming.window import window_frames
from sotto.inference.streaming.word_times import new_words
from sotto.inference.tokenizer import Task

NO_SPEECH = "no speech"

SHORTEST_WORD_FRAMES = 10  # 0.1 s; in less, models invent words


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """How to recognise.

    Attributes:
        language: code of the spoken language; None lets a multilingual model detect it, segment
            by segment.
        task: `translate` asks a multilingual model for English.
        prompt: text put before each segment, such as names to be spelled right.
        temperatures: tried in a final pass until the text passes openai-whisper's thresholds.
        guards: against text that nobody said.
        allowed_languages: codes of those that may be detected; none for any.
        expected_language: code of the likeliest one, such as the system's.
    """

    language: str | None = None
    task: Task = "transcribe"
    prompt: str = ""
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    guards: GuardSettings = field(default_factory=GuardSettings)
    allowed_languages: tuple[str, ...] = ()
    expected_language: str | None = None


class WhisperRecogniser:
    """A `Recogniser` over a Whisper model. Owned by the engine thread."""

    def __init__(self, model: Model, settings: WhisperSettings | None = None) -> None:
        self._model = model
        self._settings = settings or WhisperSettings()
        self._thresholds = TranscribeOptions()  # openai-whisper's
        self._tokenizer = model.checkpoint.tokenizer
        prompt = self._settings.prompt.strip()
        self._prompt = tuple(self._tokenizer.encode(f" {prompt}")) if prompt else ()
        num_beams = model.checkpoint.rules.num_beams
        self._beam_size = num_beams if num_beams > 1 else None
        self._cache = model.new_cache(traced=True)
        self._thread_choice = ThreadChoice()
        self._language_choice = choice_for(
            self._tokenizer,
            self._settings.language,
            self._settings.allowed_languages,
            self._settings.expected_language,
        )
        self.begin()

    def begin(self) -> None:
        """See `Recogniser.begin`."""
        self._mel = IncrementalLogMel(self._model.log_mel, self._model.checkpoint.dimensions.n_mels)
        self._language_choice.begin()
        self._newest: tuple[Word, ...] = ()  # the newest hypothesis, a draft of the next one

    def append(self, pcm: Array) -> None:
        """See `Recogniser.append`."""
        self._mel.append(pcm)

    def trim(self, until_s: float) -> None:
        """See `Recogniser.trim`."""
        self._mel.trim(round(until_s * FRAMES_PER_SECOND) - self._mel.first_frame)

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        """See `Recogniser.recognise`."""
        if self._n_frames < SHORTEST_WORD_FRAMES:
            return Hypothesis(prefix, NO_SPEECH, self._language_choice.language or "")
        if final:
            self._model.threads = ALL
            return self._hypothesis(prefix, final=True)
        self._model.threads = self._thread_choice.choose(self._held_s)
        started = time.perf_counter()
        hypothesis = self._hypothesis(prefix, final=False)
        self._thread_choice.observe(time.perf_counter() - started)
        return hypothesis

    def _hypothesis(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        audio = self._encode(final=final)
        self._choose_language(audio, final=final)
        options = self._options(prefix)
        draft = self._tokens_of(_words_after(prefix, self._newest, self._from_s))
        task = DecodingTask(self._model, audio, options, cache=self._cache, draft=draft)
        result = self._run_carefully(task, options) if final else task.run(options)
        if is_silent(result, self._thresholds):
            return Hypothesis(prefix, NO_SPEECH, self._language_choice.language or "")
        self._language_choice.keep()
        text = (token for token in result.tokens if token < self._tokenizer.eot)
        timings = task.time_words([*options.prefix, *text], self._n_frames)
        tail = new_words(timings, len(options.prefix), self._tokenizer, self._from_s)
        self._newest = self._without_loop(prefix + tail, len(prefix))
        is_settled = self._language_choice.is_settled
        return Hypothesis(self._newest, language=result.language, is_settled=is_settled)

    def _choose_language(self, audio: Audio, *, final: bool) -> None:
        """Ask the model for the language while that may still change."""
        choice, heard_s = self._language_choice, self._held_s
        if choice.is_open(heard_s, final=final):
            choice.observe(detect_language(self._model, audio), heard_s)
        if choice.in_doubt:
            whole = self._encode_frames(2 * self._model.checkpoint.dimensions.n_audio_ctx)
            choice.observe(detect_language(self._model, whole), heard_s, is_whole=True)

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

    def _encode(self, *, final: bool) -> Audio:
        checkpoint = self._model.checkpoint
        n_frames = window_frames(
            self._n_frames,
            checkpoint.dimensions,
            native_short_window=checkpoint.native_short_window,
            final=final,
        )
        return self._encode_frames(n_frames)

    def _encode_frames(self, n_frames: int) -> Audio:
        end = (self._mel.first_frame + n_frames) * HOP_LENGTH
        return self._model.encode(self._mel.features(end - self._mel.n_samples))

    def _options(self, prefix: Sequence[Word]) -> DecodingOptions:
        heard_until_s = prefix[-1].end_s if prefix else self._from_s
        new_s = max(0.0, self._from_s + self._held_s - heard_until_s)
        return DecodingOptions(
            task=self._settings.task,
            language=self._language_choice.language,
            sample_len=token_cap(new_s, self._settings.guards),
            prompt=self._prompt,
            prefix=self._tokens_of(prefix),
            suppress_blank=not prefix,  # after a prefix there may be nothing more to say
            without_timestamps=True,
            beam_size=self._beam_size,
        )

    def _tokens_of(self, words: Sequence[Word]) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode("".join(word.text for word in words)))

    def _run_carefully(self, task: DecodingTask, options: DecodingOptions) -> DecodingResult:
        """Decode at each temperature in turn until the text is good, else take the first.

        openai-whisper takes the last, which is pure chance; here the guards cut what loops.
        """
        results = (task.run(_at(options, t)) for t in self._settings.temperatures)
        first = next(results)
        for result in chain([first], results):
            if not (has_failed(result, self._thresholds) or self._loops(result)):
                return result
        return first

    def _loops(self, result: DecodingResult) -> bool:
        return loop_start(result.text.casefold().split(), self._settings.guards) is not None

    def _without_loop(self, words: tuple[Word, ...], n_prefix: int) -> tuple[Word, ...]:
        start = loop_start([spoken(word) for word in words], self._settings.guards)
        return words if start is None else words[: max(start, n_prefix)]


def _at(options: DecodingOptions, temperature: float) -> DecodingOptions:
    """Return options of another temperature; what is drawn by chance is not searched by beams."""
    beam_size = None if temperature else options.beam_size
    return replace(options, temperature=temperature, beam_size=beam_size)


def _words_after(prefix: Sequence[Word], words: Sequence[Word], from_s: float) -> Sequence[Word]:
    """Return those of `words` that follow the prefix; without one, those heard after `from_s`."""
    if not prefix:
        return [word for word in words if word.end_s > from_s]
    return words[words.index(prefix[-1]) + 1 :] if prefix[-1] in words else ()
