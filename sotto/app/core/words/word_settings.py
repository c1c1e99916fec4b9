"""What the user set about words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sotto.app.core.settings import Settings

WORD_NAMES = ("spoken_commands", "commands", "replacements", "digits", "language")
"""The settings that `WordSettings.of` reads."""


@dataclass(frozen=True, slots=True)
class WordSettings:
    """What is done to recognised text.

    Attributes:
        commands: whether spoken phrases are obeyed.
        phrases: the user's own: what is said → text to write, "[scratch]" or "[stop]".
        replacements: what is recognised → what is written instead.
        digits: whether numbers become digits.
        language: the language of utterances that come without one; empty where it is detected.
    """

    commands: bool = True
    phrases: Mapping[str, str] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    digits: bool = False
    language: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take from all settings what concerns words."""
        return cls(
            commands=settings.spoken_commands,
            phrases=settings.commands,
            replacements=settings.replacements,
            digits=settings.digits,
            language=settings.language,
        )
