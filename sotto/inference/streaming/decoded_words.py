"""The words that a decode adds to its prefix, and when they were spoken."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sotto.inference.decoding.options import APPENDED, PREPENDED
from sotto.inference.decoding.result import WordTiming
from sotto.inference.decoding.timestamps.word_timestamps import merge_punctuation
from sotto.inference.streaming.recogniser import Word
from sotto.inference.tokenizer import Tokenizer

MARKS = ".,;:?!…。，、；：？！"  # noqa: RUF001 (Chinese and Japanese marks)
"""What may follow a word without a space."""


def new_words(
    timings: Sequence[WordTiming],
    n_prefix: int,
    logprobs: Sequence[float],
    tokenizer: Tokenizer,
    from_s: float,
) -> tuple[Word, ...]:
    """Return the words that follow the prefix.

    Args:
        timings: of the words of prefix and text, in seconds from the window's start.
        n_prefix: tokens that the text was forced to begin with.
        logprobs: of the tokens that follow them.
        tokenizer: the model's.
        from_s: where the window starts; added to all times.
    """
    after_prefix = _with_probabilities(_after(timings, n_prefix, tokenizer), logprobs)
    return tuple(
        Word(timing.word, from_s + timing.start, from_s + timing.end, timing.probability)
        for timing in merge_punctuation(list(after_prefix), PREPENDED, APPENDED)
        if timing.word
    )


def with_newest_mark(prefix: tuple[Word, ...], tail: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return prefix and tail, a mark that the tail begins with in the place of the prefix's last.

    A decode that is forced to begin with "the day," may write the comma again, or a full stop that
    it knows better now. A mark that was left a word of its own would be heard again by no decode.
    """
    if not prefix or not tail or tail[0].text.strip(MARKS + " "):
        return prefix + tail
    mark, last = tail[0].text.strip(), prefix[-1]
    return (*prefix[:-1], replace(last, text=last.text.rstrip(MARKS) + mark), *tail[1:])


def _with_probabilities(
    timings: Iterable[WordTiming], logprobs: Sequence[float]
) -> Iterator[WordTiming]:
    """Yield words that know how likely the least likely of their tokens was."""
    position = 0
    for timing in timings:
        of_word = logprobs[position : position + len(timing.tokens)]
        position += len(timing.tokens)
        yield replace(timing, probability=math.exp(min(of_word, default=0.0)))


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
