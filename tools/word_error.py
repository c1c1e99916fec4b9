"""Word and character error rates, the measures of speech recognition."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import jiwer
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

UNSPACED = frozenset({"ja", "zh"})
"""Languages whose words are written without spaces between them."""


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


@dataclass(frozen=True, slots=True)
class CharacterErrors:
    """Substituted, deleted and inserted characters, and how many were said."""

    n_errors: int
    n_characters: int

    @property
    def rate(self) -> float:
        """Errors per character said; above 1 where text is invented."""
        return self.n_errors / self.n_characters if self.n_characters else float(self.n_errors > 0)

    def __str__(self) -> str:
        return f"{self.rate:.1%} ({self.n_errors} of {self.n_characters} characters)"


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


def english_words(text: str) -> list[str]:
    """Return the words of a text after Whisper's English normaliser."""
    normalised: str = _normaliser()(text)
    return normalised.split()


def character_errors(pairs: Iterable[tuple[str, str]], language: str) -> CharacterErrors:
    """Count the errors of texts (said, heard) in a language, after Whisper's basic normaliser.

    It drops case, punctuation and what stands in brackets. Spaces count where words have them
    between them.
    """
    n_errors = n_characters = 0
    for said, heard in pairs:
        reference, hypothesis = _basic(said, language), _basic(heard, language)
        alignment = jiwer.process_characters(reference, hypothesis)
        n_errors += alignment.substitutions + alignment.deletions + alignment.insertions
        n_characters += len(reference)
    return CharacterErrors(n_errors, n_characters)


def _basic(text: str, language: str) -> str:
    normalised: str = _basic_normaliser()(text).strip()
    return normalised.replace(" ", "") if language in UNSPACED else normalised


@cache
def _basic_normaliser() -> BasicTextNormalizer:
    return BasicTextNormalizer()


@cache
def _normaliser() -> EnglishTextNormalizer:
    return EnglishTextNormalizer()
