"""What the user set about words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sotto.app.core.settings_schema import Settings

# Burmese, Cantonese, Chinese, Japanese, Khmer, Lao and Thai, by Whisper's codes.
_WITHOUT_SPACES = frozenset({"my", "yue", "zh", "ja", "km", "lo", "th"})


@dataclass(frozen=True, slots=True)
class WordSettings:
    """What is done to recognised text.

    Attributes:
        commands: whether spoken phrases are obeyed.
        phrases: the user's own: what is said → text to write, "[scratch]" or "[stop]".
        replacements: what is recognised → what is written instead.
        digits: whether numbers become digits.
        is_english: without it neither Sotto's own phrases nor `digits` apply.
        is_spaced: whether the language puts spaces between words.
    """

    commands: bool = True
    phrases: Mapping[str, str] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    digits: bool = False
    is_english: bool = True
    is_spaced: bool = True

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take from all settings what concerns words."""
        language = settings.language.lower()
        return cls(
            commands=settings.spoken_commands,
            phrases=settings.commands,
            replacements=settings.replacements,
            digits=settings.digits,
            # Where the language is detected, English phrases are understood in all of them.
            is_english=not language or language.startswith("en"),
            is_spaced=language not in _WITHOUT_SPACES,
        )
