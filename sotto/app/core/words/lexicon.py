"""Everything that is said in order to have something else written or done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from sotto.app.core.words.chunks import split
from sotto.app.core.words.marks import Mark
from sotto.app.core.words.phrases import PHRASES, Command, Escape
from sotto.app.core.words.word_settings import WordSettings

_MARKS = {phrase.does.text: phrase.does for phrase in PHRASES if isinstance(phrase.does, Mark)}
_COMMANDS = {command.value: command for command in Command}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase does; a text is written as words are. `is_own`: it is not the user's."""

    does: Mark | Command | Escape | str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases by how they sound; `beginnings` holds what may still become one."""

    entries: Mapping[str, Entry]
    beginnings: frozenset[str]
    settings: WordSettings

    @classmethod
    def of(cls, settings: WordSettings) -> Self:
        """Gather the phrases: the user's go before Sotto's, commands before replacements."""
        entries = {spoken: Entry(text) for spoken, text in _as_spoken(settings.replacements)}
        if settings.commands and settings.is_english:
            entries |= {
                spoken: Entry(phrase.does, is_own=True)
                for phrase in PHRASES
                for spoken in (*phrase.spoken, *phrase.variants)
            }
        if settings.commands:
            entries |= {
                spoken: Entry(_COMMANDS.get(text.strip().lower()) or _MARKS.get(text) or text)
                for spoken, text in _as_spoken(settings.phrases)
            }
        beginnings = frozenset(begin for spoken in entries for begin in _beginnings(spoken))
        return cls(entries, beginnings, settings)


def _as_spoken(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for phrase, text in table.items():
        spoken = " ".join(chunk.spoken for chunk in split(phrase, has_ended=True)).strip()
        if spoken:
            yield spoken, text


def _beginnings(spoken: str) -> Iterator[str]:
    words = spoken.split(" ")
    return (" ".join(words[:n]) for n in range(1, len(words)))
