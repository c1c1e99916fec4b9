"""The words that a decode adds to its prefix, and when they were spoken."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sotto.inference.decoding.alignment import find_alignment
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.punctuation import APPENDED, PREPENDED
from sotto.inference.decoding.result import DecodingResult, WordTiming
from sotto.inference.decoding.words import merge_punctuation
from sotto.inference.interfaces import Audio, Model
from sotto.inference.streaming.recogniser import Word
from sotto.inference.tokenizer import Tokenizer


def new_words(  # noqa: PLR0913 (what was decoded, how, and where it lies)
    model: Model,
    audio: Audio,
    result: DecodingResult,
    options: DecodingOptions,
    *,
    n_frames: int,
    from_s: float,
) -> tuple[Word, ...]:
    """Return the words of `result`, timed by the decoder's attention to the audio.

    Args:
        model: decoded it.
        audio: the encoded window.
        result: the tokens that follow the prefix in `options`.
        options: as it was decoded.
        n_frames: mel frames of the window that hold sound.
        from_s: where the window starts; added to all times.
    """
    tokenizer = model.checkpoint.tokenizer
    options = replace(options, language=result.language)
    tokens = [*options.prefix, *(token for token in result.tokens if token < tokenizer.eot)]
    timings = find_alignment(model, audio, tokens, options, n_frames)
    after_prefix = list(_after(timings, len(options.prefix), tokenizer))
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
            yield WordTiming(
                tokenizer.decode(rest), rest, timing.start, timing.end, timing.probability
            )
