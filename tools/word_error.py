"""Word error rate, the measure of speech recognition."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import jiwer
from whisper_normalizer.english import EnglishTextNormalizer


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Substituted, deleted and inserted words, and how many words were said."""

    n_errors: int
    n_words: int

    @property
    def rate(self) -> float:
        """Errors per word said; above 1 where words are invented."""
        return self.n_errors / self.n_words if self.n_words else float(self.n_errors > 0)

    def __str__(self) -> str:
        return f"{self.rate:.1%} ({self.n_errors} of {self.n_words} words)"


def word_errors(pairs: Iterable[tuple[str, str]]) -> WordErrors:
    """Count the errors of texts (said, heard), after Whisper's English normaliser.

    The normaliser writes numbers as digits and spellings as in America, and drops punctuation,
    so that only what was misheard counts.
    """
    n_errors = n_words = 0
    for said, heard in pairs:
        reference, hypothesis = _normaliser()(said), _normaliser()(heard)
        alignment = jiwer.process_words(reference, hypothesis)
        n_errors += alignment.substitutions + alignment.deletions + alignment.insertions
        n_words += len(reference.split())
    return WordErrors(n_errors, n_words)


@cache
def _normaliser() -> EnglishTextNormalizer:
    return EnglishTextNormalizer()
