"""From one encoded window to its text."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sotto.inference.decoding.numerics import softmax
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.result import DecodingResult, WordTiming
from sotto.inference.decoding.search.decoders import BeamSearch, Decoder, Greedy, Sampling
from sotto.inference.decoding.search.hypothesis import Hypothesis, Window
from sotto.inference.decoding.search.rules import logit_filters
from sotto.inference.decoding.search.steps import Steps, finish
from sotto.inference.decoding.timestamps.alignment import aligned_tokens, time_words
from sotto.inference.interfaces import Audio, Cache, Checkpoint, Model
from sotto.inference.prefix import n_shared


def decode(
    model: Model,
    audio: Audio,
    options: DecodingOptions = DecodingOptions(),  # noqa: B008 (frozen)
    *,
    rng: np.random.Generator | None = None,
) -> DecodingResult:
    """Decode one window (openai-whisper's `DecodingTask.run`).

    Args:
        model: Decodes.
        audio: What `model.encode` returned.
        options: How to decode.
        rng: Used at temperatures above 0; None: a generator of seed 0.
    """
    return DecodingTask(model, audio, options).run(options, rng)


class DecodingTask:
    """Decodes one window as often as wanted; what comes before its text is run once.

    Owned by one thread, as its cache is.
    """

    def __init__(
        self,
        model: Model,
        audio: Audio,
        options: DecodingOptions,
        *,
        cache: Cache | None = None,
        draft: Sequence[int] = (),
    ) -> None:
        """Prepare prompt, start sequence and prefix, which are run when a text is first sought.

        Args:
            model: Decodes.
            audio: What `model.encode` returned.
            options: How to decode.
            cache: Of the model, traced if words are to be timed. It is emptied, and belongs to the
                task until another one is given it.
            draft: Text tokens that probably follow the prefix, such as those of a similar window.
                They change how fast the text is found, but not the text.
        """
        self._model = model
        self._audio = audio
        self._cache = model.new_cache() if cache is None else cache
        self._cache.crop(0)
        self._options = options
        self._language, self._language_probs = _language(model, audio, options)
        initial_tokens, sot_index = _initial_tokens(model.checkpoint, options, self._language)
        self._limit = _limit(model.checkpoint, options, len(initial_tokens))
        filters = logit_filters(model.checkpoint, options)
        no_speech = model.checkpoint.tokenizer.no_speech
        self._window = Window(audio, no_speech, filters, initial_tokens)
        self._prompt = initial_tokens[:sot_index]
        # One token less than the limit: the logits behind the last one would not be used.
        self._beginning = options.beginning
        self._draft = [*options.beginning, *draft[: max(0, self._limit - 1)]]
        self._begun: tuple[Hypothesis, float] | None = None

    def run(
        self, options: DecodingOptions, rng: np.random.Generator | None = None
    ) -> DecodingResult:
        """Search for the text.

        Args:
            options: As the task was made; temperature and search may differ.
            rng: Used at temperatures above 0; None: a generator of seed 0.
        """
        return finish(self._model, self.steps(options, rng))

    def steps(
        self, options: DecodingOptions, rng: np.random.Generator | None = None
    ) -> Steps[DecodingResult]:
        """Search for the text, as `run` does, by steps of the decoder."""
        if self._begun is None:
            self._begun = yield from self._begin()
        start, no_speech_prob = self._begun
        tokenizer = self._model.checkpoint.tokenizer
        decoder = _decoder(options, rng or np.random.default_rng(0))
        candidates = yield from decoder.search(
            self._window, start, eot=tokenizer.eot, limit=self._limit
        )
        best = max(candidates, key=lambda candidate: candidate.score(options.length_penalty))
        text = tokenizer.decode(best.tokens).strip()
        return DecodingResult(
            language=self._language,
            tokens=best.tokens,
            text=text,
            avg_logprob=best.sum_logprob / (len(best.tokens) + 1),
            no_speech_prob=no_speech_prob,
            temperature=options.temperature,
            compression_ratio=compression_ratio(text),
            language_probs=self._language_probs,
            token_logprobs=best.logprobs[: len(best.tokens)],
        )

    def _begin(self) -> Steps[tuple[Hypothesis, float]]:
        start, no_speech_prob = yield from self._window.begin(
            self._cache, len(self._prompt), self._draft
        )
        for token in self._beginning:
            start = start.extend(token, 0.0)  # nobody chose it
        return start, no_speech_prob

    def time_words(
        self, text_tokens: Sequence[int], n_frames: int, *, as_decoded: bool = False
    ) -> list[WordTiming]:
        """Time the words of prefix and text; of both, only what the cache lacks is run again.

        Args:
            text_tokens: Without special tokens.
            n_frames: Mel frames of the window that hold sound; the rest is padding.
            as_decoded: With what the cache has of a text that was found without timestamps, which
                mostly saves a step; else as openai-whisper, to the same hundredth of a second.
        """
        if not text_tokens:
            return []
        options = replace(self._options, language=self._language)
        tokenizer = self._model.checkpoint.tokenizer
        tokens, n_start = aligned_tokens(tokenizer, text_tokens, options)
        prompt: list[int] = []
        if as_decoded:
            # A word is found by the rows of the tokens before each of its own. openai-whisper's
            # last row, of end-of-text, is only one more to compare these with; and after a prompt
            # tokens look at the same sound as without.
            tokens = tokens[:-1]
            prompt = self._prompt
        if len(prompt) + len(tokens) > self._cache.capacity:
            prompt = []
        self._hold([*prompt, *tokens])
        scores, language = self._cache.scores[:, len(prompt) :], self._language
        return time_words(self._model, scores, n_start, text_tokens, language, n_frames)

    def _hold(self, tokens: Sequence[int]) -> None:
        """Make the cache hold `tokens`, of which only those are run that it lacks."""
        self._cache.crop(n_shared(self._cache.tokens, tokens))
        if missing := tokens[self._cache.length :]:
            self._model.decode(missing, self._cache, self._audio)


def _language(
    model: Model, audio: Audio, options: DecodingOptions
) -> tuple[str, dict[str, float] | None]:
    if options.language is not None:
        return options.language, None
    if not model.checkpoint.tokenizer.is_multilingual:
        return "en", None
    language_probs = detect_language(model, audio)
    return likeliest(language_probs), language_probs


def _initial_tokens(
    checkpoint: Checkpoint, options: DecodingOptions, language: str
) -> tuple[list[int], int]:
    """Return prompt, start sequence and prefix, and where the start-of-transcript token is.

    Half of the context is left to the text: a prompt is cut at its start.
    """
    tokenizer = checkpoint.tokenizer
    half = checkpoint.dimensions.n_text_ctx // 2
    prompt: list[int] = []
    if options.prompt:
        prompt = [tokenizer.sot_prev, *options.prompt[-(half - 1) :]]
    start = [*tokenizer.sot_sequence(language, options.task)]
    if options.without_timestamps:
        start.append(tokenizer.no_timestamps)
    return [*prompt, *start, *options.prefix], len(prompt)


def _limit(checkpoint: Checkpoint, options: DecodingOptions, n_initial: int) -> int:
    """Return how many tokens may be sampled; the last one need not fit into the cache."""
    n_text_ctx = checkpoint.dimensions.n_text_ctx
    n_initial += len(options.beginning)
    return min(options.sample_len or n_text_ctx // 2, n_text_ctx - n_initial + 1)


def _decoder(options: DecodingOptions, rng: np.random.Generator) -> Decoder:
    if options.beam_size is not None:
        return BeamSearch(options.beam_size, options.patience)
    if options.temperature > 0:
        return Sampling(options.temperature, options.best_of or 1, rng)
    return Greedy()


def detect_language(model: Model, audio: Audio) -> dict[str, float]:
    """Return the probability of each language code, of a multilingual model.

    openai-whisper's `detect_language`: the token after start-of-transcript, among the languages.
    """
    tokenizer = model.checkpoint.tokenizer
    logits = model.decode([tokenizer.sot], model.new_cache(), audio)[-1]
    probabilities = softmax(logits[list(tokenizer.all_language_tokens)])
    return {
        code: float(probability)
        for code, probability in zip(tokenizer.all_language_codes, probabilities, strict=True)
    }


def likeliest(language_probs: dict[str, float]) -> str:
    """Return the code of the likeliest language."""
    return max(language_probs, key=language_probs.__getitem__)


def compression_ratio(text: str) -> float:
    """Return how many times zlib makes the text smaller (openai-whisper's `compression_ratio`)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))
