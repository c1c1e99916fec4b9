"""Everything that is said in order to have something else written or done."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from sotto.app.core.words.chunks import Chunk, Cutter, split
from sotto.app.core.words.marks import Mark
from sotto.app.core.words.numbers.grammars import rules
from sotto.app.core.words.phrases import MEANINGS, Command, Escape
from sotto.app.core.words.spoken_table import Spoken, code_of, spoken
from sotto.app.core.words.word_settings import WordSettings

DEFAULT_LANGUAGE = "en"

_MARKS = {
    meaning.does.text: meaning.does
    for meaning in MEANINGS.values()
    if isinstance(meaning.does, Mark)
}
_COMMANDS = {command.value: command for command in Command}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase does; a text is written as words are. `is_own`: it is not the user's."""

    does: Mark | Command | Escape | str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases of a language by how they sound; `beginnings` holds what may still become one.

    `cutter` cuts the text of a language without spaces.
    """

    entries: Mapping[str, Entry]
    beginnings: frozenset[str]
    settings: WordSettings
    spoken: Spoken
    cutter: Cutter | None = None

    @classmethod
    def of(cls, settings: WordSettings, language: str = "") -> Self:
        """Gather the phrases: the user's go before Sotto's, commands before replacements.

        Args:
            settings: the user's.
            language: of the utterances; empty for the one of the settings, or else English.
        """
        table = spoken(language_of(settings, language))
        entries = _entries(settings, table)
        beginnings = frozenset(begin for said in entries for begin in _beginnings(said))
        cutter = None if table.is_spaced else _cutter(settings, table, entries)
        return cls(entries, beginnings, settings, table, cutter)

    @property
    def language(self) -> str:
        """The code of the language."""
        return self.spoken.language

    def split(self, text: str, *, has_ended: bool) -> tuple[Chunk, ...]:
        """Return the chunks of `text`; only those that will stay so if more can be appended."""
        cut = self.cutter.split if self.cutter else split
        return cut(text, has_ended=has_ended)


def language_of(settings: WordSettings, language: str = "") -> str:
    """Return the code of the language that an utterance is in."""
    return code_of(language) or code_of(settings.language) or DEFAULT_LANGUAGE


def _entries(settings: WordSettings, table: Spoken) -> dict[str, Entry]:
    entries = {said: Entry(text) for said, text in _as_spoken(settings.replacements)}
    entries |= {
        said: entry
        for said, entry in _own(table.language).items()
        # "十分" is no number, wherever numbers are looked for.
        if settings.commands or (settings.digits and entry.does is Escape.ORDINARY)
    }
    if settings.commands:
        marks = _MARKS | {mark.text: mark for mark in table.marks.values()}
        entries |= {
            said: Entry(_COMMANDS.get(text.strip().lower()) or marks.get(text) or text)
            for said, text in _as_spoken(settings.phrases)
        }
    return entries


@cache
def _own(language: str) -> dict[str, Entry]:
    """Return what Sotto itself knows of a language."""
    return {
        said: Entry(does, is_own=True)
        for way, does in spoken(language).meanings()
        for said in _as_said(way)
    }


def _cutter(settings: WordSettings, table: Spoken, entries: Mapping[str, Entry]) -> Cutter:
    """Return what cuts out everything that may be more than text.

    ASCII is left alone: "um" is in "album".
    """
    found = {
        said: entry
        for said, entry in sorted(entries.items(), key=lambda item: len(item[0]), reverse=True)
        if said not in table.set_off and not said.isascii()
    }
    nouns = "|".join(map(re.escape, table.never_before)) or "(?!)"
    patterns = [
        re.escape(said) + (f"(?!{nouns})" if _may_be_noun(entry) else "")
        for said, entry in found.items()
    ]
    characters = rules(table.language).characters
    if settings.digits and characters:
        patterns.append(characters.pattern)
    texts = [*found, *table.numbers.signs, *table.numbers.minus, "two"]
    reach = max(map(len, texts)) + max(map(len, (*table.never_before, "two")))
    return Cutter(re.compile("|".join(patterns) or "(?!)"), reach)


def _may_be_noun(entry: Entry) -> bool:
    """False for brackets and quotes: what follows them is what they are put around."""
    does = entry.does
    return (
        entry.is_own
        and not (isinstance(does, Mark) and does.case is None)
        and (does is not Escape.ORDINARY)
    )


def _as_spoken(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for phrase, text in table.items():
        yield from ((said, text) for said in _as_said(phrase))


def _as_said(phrase: str) -> Iterator[str]:
    """Return a phrase as `Chunk.spoken` has it, if anything can be heard of it."""
    said = " ".join(chunk.spoken for chunk in split(phrase, has_ended=True)).strip()
    if said:
        yield said


def _beginnings(spoken: str) -> Iterator[str]:
    words = spoken.split(" ")
    return (" ".join(words[:n]) for n in range(1, len(words)))
