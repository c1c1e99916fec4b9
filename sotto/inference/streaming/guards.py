"""Guards against text that nobody said, beside openai-whisper's own thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Where plausible text ends."""

    # "No, no, no" is said; the same one to six words four times in a row hardly ever.
    repeats: int = 3
    longest_gram: int = 6
    # The fastest speakers reach 8 tokens a second; a short window may hold one long word.
    tokens_per_s: float = 8.0
    tokens_extra: int = 12


def token_cap(seconds: float, settings: GuardSettings) -> int:
    """Return the most tokens that `seconds` of speech can give."""
    return int(settings.tokens_per_s * seconds) + settings.tokens_extra


def loop_start(words: Sequence[str], settings: GuardSettings) -> int | None:
    """Return how many words come before the first repetition of a loop; None without a loop.

    A loop is one to six words that are followed by at least `repeats` copies of themselves.
    """
    ends = (
        start + length
        for start in range(len(words))
        for length in range(1, settings.longest_gram + 1)
        if _n_repeats(words, start, length) >= settings.repeats
    )
    return next(ends, None)


def _n_repeats(words: Sequence[str], start: int, length: int) -> int:
    """Return how often the `length` words at `start` follow themselves."""
    gram = words[start : start + length]
    following = range(start + length, len(words) - length + 1, length)
    return next(
        (n for n, at in enumerate(following) if words[at : at + length] != gram), len(following)
    )
