"""When each word was spoken, read from the decoder's cross attention."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sotto.inference.decoding.dtw import dtw
from sotto.inference.decoding.numerics import softmax
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.result import WordTiming
from sotto.inference.dimensions import TOKENS_PER_SECOND
from sotto.inference.interfaces import Array, Audio, Model

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
    tokenizer = model.checkpoint.tokenizer
    words, word_tokens = tokenizer.split_to_word_tokens(
        [*text_tokens, tokenizer.eot], options.language
    )
    if not text_tokens or len(word_tokens) <= 1:
        return []
    start = tokenizer.sot_sequence(options.language, options.task)
    tokens = [*start, tokenizer.no_timestamps, *text_tokens, tokenizer.eot]
    scores = model.align(tokens, audio)[:, :, : max(1, n_frames // 2)]
    token_starts = _token_starts(attention(scores)[len(start) : -1])
    probabilities = _text_probabilities(model, audio, tokens, len(start))
    boundaries = np.cumsum([0, *(len(t) for t in word_tokens[:-1])])
    return [
        WordTiming(
            word=word,
            tokens=tuple(tokens),
            start=float(token_starts[i]),
            end=float(token_starts[j]),
            probability=float(np.mean(probabilities[i:j])),
        )
        for word, tokens, (i, j) in zip(words, word_tokens, pairwise(boundaries), strict=False)
    ]


def attention(scores: Array) -> Array:
    """Return where in time each token looks, (n_tokens, n_positions), of all heads together.

    Args:
        scores: (n_heads, n_tokens, n_positions) before softmax.
    """
    weights = softmax(scores)
    deviation = weights.std(axis=-2, keepdims=True)
    centred = weights - weights.mean(axis=-2, keepdims=True)
    normalised = np.divide(centred, deviation, out=np.zeros_like(centred), where=deviation > 0)
    mean: Array = median_filter(normalised, MEDIAN_FILTER_WIDTH).mean(axis=0)
    return mean


def median_filter(values: Array, width: int) -> Array:
    """Return the running median of odd width over the last axis, mirrored at its ends.

    As openai-whisper's, values shorter than half of the width come back as they are.
    """
    half = width // 2
    if values.shape[-1] <= half:
        return values
    padding = [(0, 0)] * (values.ndim - 1) + [(half, half)]
    windows = sliding_window_view(np.pad(values, padding, mode="reflect"), width, axis=-1)
    median: Array = np.partition(windows, half, axis=-1)[..., half]
    return median


def _token_starts(weights: Array) -> NDArray[np.float64]:
    """Return the time in seconds at which each row of weights (n_tokens, n_positions) begins."""
    rows, positions = dtw(-weights.astype(np.float64))
    is_first = np.diff(rows, prepend=-1) > 0
    starts: NDArray[np.float64] = positions[is_first] / TOKENS_PER_SECOND
    return starts


def _text_probabilities(
    model: Model, audio: Audio, tokens: Sequence[int], n_start: int
) -> NDArray[np.float64]:
    """Return the probability of each text token, after start sequence and no-timestamps.

    Special tokens are left out of the softmax, as openai-whisper does.
    """
    eot = model.checkpoint.tokenizer.eot
    text = np.array(tokens[n_start + 1 : -1])
    rows = range(n_start, n_start + len(text))
    logits = model.decode(tokens, model.new_cache(), audio, rows=rows)
    probabilities: NDArray[np.float64] = softmax(logits[:, :eot])[np.arange(len(text)), text]
    return probabilities.astype(np.float64)
