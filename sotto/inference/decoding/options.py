"""What a caller may ask of decoding; names and defaults are openai-whisper's."""

from dataclasses import dataclass

from sotto.errors import UsageError
from sotto.inference.tokenizer import Task

# Which marks belong to which word: openai-whisper's lists, full-width ones among them.
PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001
SENTENCE_END = ".。!！?？"  # noqa: RUF001

MAX_BEAM_SIZE = 100  # more find nothing better, and each has a cache of its own


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
        prefix: tokens that the text of this window is forced to begin with.
        suppress_tokens: ids never to emit; None: the checkpoint's list, or openai-whisper's.
        suppress_blank: forbid an empty text. Switch it off where the prefix may be all there is.
        without_timestamps: sample text tokens only.
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
    suppress_tokens: tuple[int, ...] | None = None
    suppress_blank: bool = True
    without_timestamps: bool = False
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
        ):
            if is_wrong:
                raise UsageError(message)


@dataclass(frozen=True, slots=True)
class TranscribeOptions:
    """How to transcribe a recording (openai-whisper's `transcribe`).

    Attributes:
        task, language, sample_len, patience, length_penalty, suppress_tokens,
            without_timestamps: as in `DecodingOptions`.
        beam_size: used at temperature 0.
        best_of: used at temperatures above 0.
        temperatures: tried one after another until a window's text passes the thresholds.
        compression_ratio_threshold: text that zlib shrinks more than this is a loop.
        logprob_threshold: a mean log probability below this is a failure.
        no_speech_threshold: a window is silent when its no-speech probability is above this and
            its mean log probability is below `logprob_threshold`.
        condition_on_previous_text: prompt each window with the text before it.
        initial_prompt: text that is put before the first window.
        carry_initial_prompt: put `initial_prompt` before every window.
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
        UsageError: when there is no temperature, or nothing to decode at a time.
    """

    task: Task = "transcribe"
    language: str | None = None
    sample_len: int | None = None
    beam_size: int | None = None
    best_of: int | None = None
    patience: float | None = None
    length_penalty: float | None = None
    suppress_tokens: tuple[int, ...] | None = None
    without_timestamps: bool = False
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float | None = 2.4
    logprob_threshold: float | None = -1.0
    no_speech_threshold: float | None = 0.6
    condition_on_previous_text: bool = True
    initial_prompt: str | None = None
    carry_initial_prompt: bool = False
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

    def at(self, temperature: float, prompt: tuple[int, ...] = ()) -> DecodingOptions:
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
            suppress_tokens=self.suppress_tokens,
            without_timestamps=self.without_timestamps,
        )
