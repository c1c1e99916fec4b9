"""Which logit filters hold for a window: the caller's wishes and the checkpoint's rules."""

import re

from sotto.errors import UsageError
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.decoding.search.filters import (
    ApplyTimestampRules,
    FavourTerms,
    ForbidRepeatedNgrams,
    LogitFilter,
    PenaliseRepetition,
    SuppressBlank,
    SuppressTokens,
)
from sotto.inference.decoding.timestamps.segmentation import SECONDS_PER_TIMESTAMP
from sotto.inference.interfaces import Checkpoint
from sotto.inference.tokenizer import Tokenizer

USUAL = -1  # openai-whisper's way to name its own list


def tokens_matching(tokenizer: Tokenizer, pattern: str) -> list[int]:
    """Return the text tokens whose whole text, a leading space included, matches a pattern."""
    matches = re.compile(pattern, re.DOTALL).fullmatch
    return [token for token in range(tokenizer.eot) if matches(tokenizer.decode([token]))]


def logit_filters(checkpoint: Checkpoint, options: DecodingOptions) -> list[LogitFilter]:
    """Return the filters in openai-whisper's order, CTranslate2's before them as it has them."""
    filters: list[LogitFilter] = []
    if options.repetition_penalty != 1:
        filters.append(PenaliseRepetition(options.repetition_penalty))
    if options.no_repeat_ngram_size:
        filters.append(ForbidRepeatedNgrams(options.no_repeat_ngram_size))
    if options.suppress_blank:
        filters.append(SuppressBlank(blank_tokens(checkpoint)))
    filters.append(SuppressTokens(suppressed_tokens(checkpoint, options)))
    if options.favoured:
        filters.append(FavourTerms(options.favoured))
    if not options.without_timestamps:
        tokenizer = checkpoint.tokenizer
        filters.append(
            ApplyTimestampRules(
                eot=tokenizer.eot,
                no_timestamps=tokenizer.no_timestamps,
                timestamp_begin=tokenizer.timestamp_begin,
                max_initial_timestamp_index=_max_initial_timestamp(checkpoint, options),
            )
        )
    return filters


def _max_initial_timestamp(checkpoint: Checkpoint, options: DecodingOptions) -> int | None:
    if options.max_initial_timestamp_s is None:
        return checkpoint.rules.max_initial_timestamp_index
    return round(options.max_initial_timestamp_s / SECONDS_PER_TIMESTAMP)


def blank_tokens(checkpoint: Checkpoint) -> list[int]:
    """Return the tokens that may not come first.

    A checkpoint whose words begin with a lone space token says so by a list without it;
    openai-whisper always forbids the space and end-of-text.
    """
    if checkpoint.rules.begin_suppress_tokens is not None:
        return list(checkpoint.rules.begin_suppress_tokens)
    return [*checkpoint.tokenizer.encode(" "), checkpoint.tokenizer.eot]


def suppressed_tokens(checkpoint: Checkpoint, options: DecodingOptions) -> list[int]:
    """Return the tokens that may not come at all.

    The special tokens of the start sequence are always among them, and tokens behind the
    timestamps, which would be taken for times. The rest is the caller's list, or the checkpoint's
    (the official ones repeat openai-whisper's), or openai-whisper's symbols that nobody speaks.

    Raises:
        UsageError: the model has no such token.
    """
    tokenizer = checkpoint.tokenizer
    specials = {
        tokenizer.transcribe,
        tokenizer.translate,
        tokenizer.sot,
        tokenizer.sot_prev,
        tokenizer.sot_lm,
        tokenizer.no_speech,
        *tokenizer.tokens_behind_timestamps,
    }
    wished = set((USUAL,) if options.suppress_tokens is None else options.suppress_tokens)
    if USUAL in wished:
        usual = checkpoint.rules.suppress_tokens
        wished |= set(tokenizer.non_speech_tokens if usual is None else usual)
        wished.discard(USUAL)
    if max(wished, default=0) >= checkpoint.dimensions.n_vocab:
        last = checkpoint.dimensions.n_vocab - 1
        raise UsageError(f"--suppress_tokens: this model's tokens are 0 to {last}")
    return sorted(specials | wished)
