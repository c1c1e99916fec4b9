"""From one encoded window to its text."""

import numpy as np

from sotto.inference.decoding.compression import compression_ratio
from sotto.inference.decoding.decoders import BeamSearch, Decoder, Greedy, Sampling
from sotto.inference.decoding.hypothesis import Window
from sotto.inference.decoding.language import detect_language, likeliest
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.result import DecodingResult
from sotto.inference.decoding.rules import logit_filters
from sotto.inference.interfaces import Audio, Checkpoint, Model


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
    language, language_probs = _language(model, audio, options)
    initial_tokens, sot_index = _initial_tokens(model.checkpoint, options, language)
    window = Window(model, audio, logit_filters(model.checkpoint, options))
    start, no_speech_prob = window.begin(initial_tokens, sot_index)
    tokenizer = model.checkpoint.tokenizer
    limit = _limit(model.checkpoint, options, len(initial_tokens))
    decoder = _decoder(options, rng or np.random.default_rng(0))
    candidates = decoder.search(window, start, eot=tokenizer.eot, limit=limit)
    best = max(candidates, key=lambda candidate: candidate.score(options.length_penalty))
    text = tokenizer.decode(best.tokens).strip()
    return DecodingResult(
        language=language,
        tokens=best.tokens,
        text=text,
        avg_logprob=best.sum_logprob / (len(best.tokens) + 1),
        no_speech_prob=no_speech_prob,
        temperature=options.temperature,
        compression_ratio=compression_ratio(text),
        language_probs=language_probs,
    )


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
    return min(options.sample_len or n_text_ctx // 2, n_text_ctx - n_initial + 1)


def _decoder(options: DecodingOptions, rng: np.random.Generator) -> Decoder:
    if options.beam_size is not None:
        return BeamSearch(options.beam_size, options.patience)
    if options.temperature > 0:
        return Sampling(options.temperature, options.best_of or 1, rng)
    return Greedy()
