"""What a caller may ask of decoding; names and defaults are openai-whisper's."""

from dataclasses import dataclass

from sotto.errors import UsageError
from sotto.inference.interfaces import MAX_BEAM_SIZE
from sotto.inference.tokenizer import Task

# Which marks belong to which word: openai-whisper's lists, full-width ones among them.
PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001
SENTENCE_END = ".。!！?？"  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How to decode one window (openai-whisper's `DecodingOptions`).

    Attributes:
        task: `translate` asks a multilingual model for English.
        language: code of the spoken language; None lets a multilingual model detect it.
        temperature: 0 takes the likeliest token; above 0, tokens are sampled.
        sample_len: the most tokens to sample; None: half of the decoder's context.
        best_of: independent samples to choose from, when the temperature is above 0.
        beam_size: beams of a beam search, when the temperature is 0; `MAX_BEAM_SIZE` at most.
        patience: finished beams to collect, as a multiple of `beam_size` (arXiv:2204.05424).
        length_penalty: alpha of Google's NMT (arXiv:1609.08144); None divides by the length.
        prompt: tokens of the text before this window.
        prefix: tokens that the text of this window is forced to go on from; they are no part of it.
        beginning: tokens that the text is forced to begin with, timestamps among them.
        suppress_tokens: ids never to emit, -1 among them for the checkpoint's list, or
            openai-whisper's; None: that list.
        suppress_blank: forbid an empty text. Switch it off where the prefix may be all there is.
        without_timestamps: sample text tokens only.
        max_initial_timestamp_s: the first timestamp is at most that; None: the checkpoint's rule.
        repetition_penalty: over 1, tokens that were sampled become less likely (CTRL,
            arXiv:1909.05858).
        no_repeat_ngram_size: no so many tokens in a row come twice; 0: they may.
        favoured: tokens of words that are likelier than the model thinks.

    Raises:
        UsageError: when options contradict each other.
    """

    task: Task = "transcribe"
    language: str | None = None
    temperature: float = 0.0
    sample_len: int | None = None
    best_of: int | None = None
    beam_size: int | None = None
    patience: float | None = None
    length_penalty: float | None = None
    prompt: tuple[int, ...] = ()
    prefix: tuple[int, ...] = ()
    beginning: tuple[int, ...] = ()
    suppress_tokens: tuple[int, ...] | None = None
    suppress_blank: bool = True
    without_timestamps: bool = False
    max_initial_timestamp_s: float | None = None
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    favoured: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        for is_wrong, message in (
            (self.temperature < 0, "--temperature must not be negative"),
            (
                self.beam_size is not None and not 1 <= self.beam_size <= MAX_BEAM_SIZE,
                f"--beam_size must be between 1 and {MAX_BEAM_SIZE}",
            ),
            (self.best_of is not None and self.best_of < 1, "--best_of must be at least 1"),
            (
                self.best_of is not None and self.beam_size is not None,
                "--best_of and --beam_size cannot be combined: choose one",
            ),
            (
                self.best_of is not None and self.temperature == 0,
                "--best_of needs a --temperature above 0",
            ),
            (
                self.patience is not None and self.beam_size is None,
                "--patience needs --beam_size",
            ),
            (
                self.patience is not None
                and self.beam_size is not None
                and round(self.beam_size * self.patience) < 1,
                "--patience is too small for this --beam_size",
            ),
            (
                self.length_penalty is not None and not 0 <= self.length_penalty <= 1,
                "--length_penalty must be between 0 and 1",
            ),
            (self.repetition_penalty <= 0, "--repetition_penalty must be above 0"),
            (self.no_repeat_ngram_size < 0, "--no_repeat_ngram_size must not be negative"),
        ):
            if is_wrong:
                raise UsageError(message)


@dataclass(frozen=True, slots=True)
class TranscribeOptions:
    """How to transcribe a recording (openai-whisper's `transcribe`, and faster-whisper's).

    Attributes:
        task, language, sample_len, patience, length_penalty, suppress_tokens, suppress_blank,
            without_timestamps, max_initial_timestamp_s, repetition_penalty,
            no_repeat_ngram_size: as in `DecodingOptions`.
        suppress_regex: tokens whose whole text matches it are never emitted, either (whisper.cpp).
        multilingual: detect the language of each window anew. Text in another one does not prompt
            it: the model would translate into that.
        language_detection_segments: the most windows to detect the language in; where it is clear
            in none of them, the one that most of them are in.
        language_detection_threshold: the probability above which it is clear.
        beam_size: used at temperature 0.
        best_of: used at temperatures above 0.
        temperatures: tried one after another until a window's text passes the thresholds.
        compression_ratio_threshold: text that zlib shrinks more than this is a loop.
        logprob_threshold: a mean log probability below this is a failure.
        no_speech_threshold: a window is silent when its no-speech probability is above this and
            its mean log probability is below `logprob_threshold`.
        condition_on_previous_text: prompt each window with the text before it.
        prompt_reset_on_temperature: text sampled above it is not trusted to be a prompt.
        max_prompt_tokens: the most of a prompt; None: as many as fit.
        initial_prompt: text that is put before the first window.
        carry_initial_prompt: put `initial_prompt` before every window.
        hotwords: text that is put before every window and its prompt.
        prefix: text with which the first window is forced to begin; without hotwords.
        clip_timestamps: start, end, start, end… in seconds of the parts to transcribe; the last
            end may be left out; empty: everything.
        language_from_first_clip: detect the language where the first of these begins, not at the
            start of the recording as openai-whisper does.
        word_timestamps: time each word by cross attention.
        prepend_punctuations, append_punctuations: marks that join the next, the previous word.
        hallucination_silence_threshold: with `word_timestamps`, skip silence longer than this
            many seconds around text that looks invented.
        seed: of the random numbers used at temperatures above 0.
        batch_size: clips that are decoded together, none with the text before it as its prompt;
            1: one after the other.

    Raises:
        UsageError: when there is no temperature, nothing to decode at a time, or options contradict
            each other.
    """

    task: Task = "transcribe"
    language: str | None = None
    sample_len: int | None = None
    beam_size: int | None = None
    best_of: int | None = None
    patience: float | None = None
    length_penalty: float | None = None
    suppress_tokens: tuple[int, ...] | None = None
    suppress_blank: bool = True
    suppress_regex: str | None = None
    without_timestamps: bool = False
    max_initial_timestamp_s: float | None = None
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    multilingual: bool = False
    language_detection_segments: int = 1
    language_detection_threshold: float = 0.5
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float | None = 2.4
    logprob_threshold: float | None = -1.0
    no_speech_threshold: float | None = 0.6
    condition_on_previous_text: bool = True
    prompt_reset_on_temperature: float = 0.5
    max_prompt_tokens: int | None = None
    initial_prompt: str | None = None
    carry_initial_prompt: bool = False
    hotwords: str | None = None
    prefix: str | None = None
    clip_timestamps: tuple[float, ...] = ()
    language_from_first_clip: bool = False
    word_timestamps: bool = False
    prepend_punctuations: str = PREPENDED
    append_punctuations: str = APPENDED
    hallucination_silence_threshold: float | None = None
    seed: int = 0
    batch_size: int = 1

    def __post_init__(self) -> None:
        if not self.temperatures:
            raise UsageError("--temperature must name at least one temperature")
        if self.batch_size < 1:
            raise UsageError("--batch_size must be at least 1")
        for temperature in self.temperatures:
            self.at(temperature)

    def at(
        self, temperature: float, prompt: tuple[int, ...] = (), beginning: tuple[int, ...] = ()
    ) -> DecodingOptions:
        """Return the options of one window at one of the temperatures."""
        is_greedy = temperature == 0
        return DecodingOptions(
            task=self.task,
            language=self.language,
            temperature=temperature,
            sample_len=self.sample_len,
            best_of=None if is_greedy else self.best_of,
            beam_size=self.beam_size if is_greedy else None,
            patience=self.patience if is_greedy else None,
            length_penalty=self.length_penalty,
            prompt=prompt,
            beginning=beginning,
            suppress_tokens=self.suppress_tokens,
            suppress_blank=self.suppress_blank,
            without_timestamps=self.without_timestamps,
            max_initial_timestamp_s=self.max_initial_timestamp_s,
            repetition_penalty=self.repetition_penalty,
            no_repeat_ngram_size=self.no_repeat_ngram_size,
        )
