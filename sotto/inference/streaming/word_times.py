"""The words that a decode adds to its prefix, and when they were spoken."""

from collections.abc import Iterator, Sequence

from sotto.inference.decoding.punctuation import APPENDED, PREPENDED
from sotto.inference.decoding.result import WordTiming
from sotto.inference.decoding.words import merge_punctuation
from sotto.inference.streaming.recogniser import Word
from sotto.inference.tokenizer import Tokenizer


def new_words(
    timings: Sequence[WordTiming], n_prefix: int, tokenizer: Tokenizer, from_s: float
) -> tuple[Word, ...]:
    """Return the words that follow the prefix.

    Args:
        timings: of the words of prefix and text, in seconds from the window's start.
        n_prefix: tokens that the text was forced to begin with.
        tokenizer: the model's.
        from_s: where the window starts; added to all times.
    """
    after_prefix = list(_after(timings, n_prefix, tokenizer))
    return tuple(
        Word(timing.word, from_s + timing.start, from_s + timing.end)
        for timing in merge_punctuation(after_prefix, PREPENDED, APPENDED)
        if timing.word
    )


def _after(
    timings: Sequence[WordTiming], n_tokens: int, tokenizer: Tokenizer
) -> Iterator[WordTiming]:
    """Yield the words after the first `n_tokens`; of a word that goes on beyond them, the rest."""
    position = 0
    for timing in timings:
        rest = timing.tokens[max(0, n_tokens - position) :]
        position += len(timing.tokens)
        if len(rest) == len(timing.tokens):
            yield timing
        elif rest:
            yield WordTiming(tokenizer.decode(rest), rest, timing.start, timing.end)
