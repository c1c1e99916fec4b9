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

    A loop is one to six words that are followed by at least `repeats` copies of themselves up to
    the end of the text: a decoder that loops does not find out again, while a speaker who
    repeats himself goes on.
    """
    for length in range(1, settings.longest_gram + 1):
        n_looping = _n_periodic(words, length)
        if n_looping >= (settings.repeats + 1) * length:
            return len(words) - n_looping + length
    return None


def _n_periodic(words: Sequence[str], period: int) -> int:
    """Return how many words at the end repeat with this period; the first copy counts."""
    pairs = zip(reversed(words), reversed(words[:-period]), strict=False)
    n_equal = next((i for i, (word, before) in enumerate(pairs) if word != before), None)
    return len(words) if n_equal is None else n_equal + period
