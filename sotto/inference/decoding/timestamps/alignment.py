"""When each word was spoken, read from the decoder's cross attention."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sotto.inference.decoding.numerics import softmax
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.result import WordTiming
from sotto.inference.decoding.timestamps.dtw import dtw
from sotto.inference.dimensions import TOKENS_PER_SECOND
from sotto.inference.interfaces import Array, Audio, Model
from sotto.inference.tokenizer import Tokenizer

MEDIAN_FILTER_WIDTH = 7  # encoder positions, 140 ms; openai-whisper's


def find_alignment(
    model: Model,
    audio: Audio,
    text_tokens: Sequence[int],
    options: DecodingOptions,
    n_frames: int,
) -> list[WordTiming]:
    """Time the words of `text_tokens` (openai-whisper's `find_alignment`).

    Args:
        model: Decodes.
        audio: The encoded window.
        text_tokens: Text without special tokens.
        options: As the text was decoded; language and task matter.
        n_frames: Mel frames of the window that hold sound; the rest is padding.

    Returns:
        Words with seconds from the window's start, without end-of-text.
    """
    if not text_tokens:
        return []
    tokenizer = model.checkpoint.tokenizer
    tokens, n_start = aligned_tokens(tokenizer, text_tokens, options)
    cache = model.new_cache(traced=True)
    rows = range(n_start - 1, len(tokens) - 2)
    logits = model.decode(tokens, cache, audio, rows=rows)
    probabilities = _text_probabilities(logits[:, : tokenizer.eot], text_tokens)
    timings = time_words(tokenizer, cache.scores, text_tokens, options.language, n_frames)
    boundaries = np.cumsum([0, *(len(timing.tokens) for timing in timings)])
    return [
        replace(timing, probability=float(np.mean(probabilities[i:j])))
        for timing, (i, j) in zip(timings, pairwise(boundaries), strict=True)
    ]


def aligned_tokens(
    tokenizer: Tokenizer, text_tokens: Sequence[int], options: DecodingOptions
) -> tuple[list[int], int]:
    """Return the sequence that is run to time `text_tokens`, and how many come before them.

    Without a prompt: openai-whisper's.
    """
    start = tokenizer.sot_sequence(options.language, options.task)
    return [*start, tokenizer.no_timestamps, *text_tokens, tokenizer.eot], len(start) + 1


def time_words(
    tokenizer: Tokenizer,
    scores: Array,
    text_tokens: Sequence[int],
    language: str | None,
    n_frames: int,
) -> list[WordTiming]:
    """Return the words of `text_tokens`, in seconds from the window's start.

    Args:
        tokenizer: The model's.
        scores: Cross-attention scores (n_heads, n_tokens, n_ctx) of `aligned_tokens`.
        text_tokens: Text without special tokens, at least one.
        language: Says where words end.
        n_frames: Mel frames of the window that hold sound; the rest is padding.
    """
    words, word_tokens = tokenizer.split_to_word_tokens([*text_tokens, tokenizer.eot], language)
    weights = attention(scores[:, :, : max(1, n_frames // 2)])
    # From no-timestamps on: the token that predicts the first of the text, and so on.
    token_starts = _token_starts(weights[-len(text_tokens) - 2 : -1])
    boundaries = np.cumsum([0, *(len(t) for t in word_tokens[:-1])])
    return [
        WordTiming(word, tuple(tokens), float(token_starts[i]), float(token_starts[j]))
        for word, tokens, (i, j) in zip(words, word_tokens, pairwise(boundaries), strict=False)
    ]


def attention(scores: Array) -> Array:
    """Return where in time each token looks, (n_tokens, n_positions), of all heads together.

    Args:
        scores: (n_heads, n_tokens, n_positions) before softmax.
    """
    # One head after another: all at once, a long text in 30 s takes 100 MB on the way.
    total = np.zeros(scores.shape[1:], np.float32)
    for head in scores:
        total += median_filter(_normalised(softmax(head)), MEDIAN_FILTER_WIDTH)
    mean: Array = total / np.float32(len(scores))
    return mean


def _normalised(weights: Array) -> Array:
    """Return weights (n_tokens, n_positions) as deviations from the mean over tokens."""
    deviation = weights.std(axis=-2, keepdims=True)
    centred = weights - weights.mean(axis=-2, keepdims=True)
    normalised: Array = np.divide(
        centred, deviation, out=np.zeros_like(centred), where=deviation > 0
    )
    return normalised


def median_filter(values: Array, width: int) -> Array:
    """Return the running median over the last axis, mirrored at its ends; width odd, at least 3.

    As openai-whisper's, values shorter than half of the width come back as they are.
    """
    half = width // 2
    if values.shape[-1] <= half:
        return values
    padding = [(0, 0)] * (values.ndim - 1) + [(half, half)]
    padded = np.pad(values, padding, mode="reflect")
    n = values.shape[-1]
    return _median([padded[..., shift : shift + n] for shift in range(width)])


def _median(candidates: Sequence[Array]) -> Array:
    """Return the median, element by element, of an odd number of arrays, at least three.

    Forgetful selection: of half of them and two more, neither the smallest nor the largest is it.
    """
    n_first = len(candidates) // 2 + 2
    held = _without_extremes(candidates[:n_first])
    for candidate in candidates[n_first:]:
        held = _without_extremes([*held, candidate])
    return held[0]


def _without_extremes(arrays: Sequence[Array]) -> list[Array]:
    """Return the elements of `arrays` without the smallest and the largest ones."""
    last = len(arrays) - 1
    arrays = list(arrays)
    # The largest ones move to the end, then the smallest of the others to the front.
    for i in [*range(last), *range(last - 2, -1, -1)]:
        smaller, larger = np.minimum(arrays[i], arrays[i + 1]), np.maximum(arrays[i], arrays[i + 1])
        arrays[i], arrays[i + 1] = smaller, larger
    return arrays[1:-1]


def _token_starts(weights: Array) -> NDArray[np.float64]:
    """Return the time in seconds at which each row of weights (n_tokens, n_positions) begins."""
    rows, positions = dtw(-weights.astype(np.float64))
    is_first = np.diff(rows, prepend=-1) > 0
    starts: NDArray[np.float64] = positions[is_first] / TOKENS_PER_SECOND
    return starts


def _text_probabilities(logits: Array, text_tokens: Sequence[int]) -> NDArray[np.float64]:
    """Return the probability of each text token.

    Special tokens are left out of logits (n_tokens, n_text_tokens), as openai-whisper does.
    """
    tokens = np.array(text_tokens)
    probabilities: NDArray[np.float64] = softmax(logits)[np.arange(len(tokens)), tokens]
    return probabilities.astype(np.float64)
