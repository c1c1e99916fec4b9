"""Which logit filters hold for a window: the caller's wishes and the checkpoint's rules."""

from sotto.inference.decoding.filters import (
    ApplyTimestampRules,
    FavourTerms,
    LogitFilter,
    SuppressBlank,
    SuppressTokens,
)
from sotto.inference.decoding.options import DecodingOptions
from sotto.inference.interfaces import Checkpoint


def logit_filters(checkpoint: Checkpoint, options: DecodingOptions) -> list[LogitFilter]:
    """Return the filters in openai-whisper's order."""
    filters: list[LogitFilter] = []
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
                max_initial_timestamp_index=checkpoint.rules.max_initial_timestamp_index,
            )
        )
    return filters


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
    wished = options.suppress_tokens
    if wished is None:
        wished = checkpoint.rules.suppress_tokens
    if wished is None:
        wished = tokenizer.non_speech_tokens
    return sorted(specials | set(wished))
