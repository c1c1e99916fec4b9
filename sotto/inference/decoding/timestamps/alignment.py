"""When each word was spoken, read from the decoder's cross attention."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from sotto.inference.decoding.numerics import softmax
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.result import WordTiming
from sotto.inference.dimensions import TOKENS_PER_SECOND
from sotto.inference.interfaces import Array, Audio, Model
from sotto.inference.tokenizer import Tokenizer


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
    timings = time_words(model, cache.scores, n_start, text_tokens, options.language, n_frames)
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


def time_words(  # noqa: PLR0913, PLR0917 (what words are timed by)
    model: Model,
    scores: Array,
    n_start: int,
    text_tokens: Sequence[int],
    language: str | None,
    n_frames: int,
) -> list[WordTiming]:
    """Return the words of `text_tokens`, in seconds from the window's start.

    Args:
        model: Finds where tokens begin.
        scores: Cross-attention scores (n_heads, n_tokens, n_ctx) of `aligned_tokens`.
        n_start: Of them come before the text.
        text_tokens: Text without special tokens, at least one.
        language: Says where words end.
        n_frames: Mel frames of the window that hold sound; the rest is padding.
    """
    tokenizer = model.checkpoint.tokenizer
    words, word_tokens = tokenizer.split_to_word_tokens([*text_tokens, tokenizer.eot], language)
    # From no-timestamps on: the token that predicts the first of the text, and so on.
    rows = range(n_start - 1, n_start + len(text_tokens))
    n_positions = min(max(1, n_frames // 2), scores.shape[-1])
    starts = model.token_starts(scores, rows, n_positions)
    seconds = [position / TOKENS_PER_SECOND for position in starts]
    boundaries = accumulate(map(len, word_tokens[:-1]), initial=0)
    return [
        WordTiming(word, tuple(tokens), seconds[i], seconds[j])
        for word, tokens, (i, j) in zip(words, word_tokens, pairwise(boundaries), strict=False)
    ]


def _text_probabilities(logits: Array, text_tokens: Sequence[int]) -> NDArray[np.float64]:
    """Return the probability of each text token.

    Special tokens are left out of logits (n_tokens, n_text_tokens), as openai-whisper does.
    """
    tokens = np.array(text_tokens)
    probabilities: NDArray[np.float64] = softmax(logits)[np.arange(len(tokens)), tokens]
    return probabilities.astype(np.float64)
