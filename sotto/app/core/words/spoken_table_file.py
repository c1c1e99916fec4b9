"""A file of what can be said in a language, read key by key; errors name the file and the key."""

import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NoReturn

from sotto.errors import SettingsError

_NUMBER = "#"


class SpokenFile:
    """A TOML file, or a section of one, from which each key is taken once.

    Raises:
        SettingsError: the file cannot be read, or a key is not what it should be.
    """

    def __init__(self, path: Path, values: dict[str, Any] | None = None, where: str = "") -> None:
        self._path = path
        self._where = where
        self._values = _parsed(path) if values is None else dict(values)
        self._sections: dict[str, SpokenFile] = {}

    def section(self, key: str) -> "SpokenFile":
        """Return the section `key`, which is empty where the file has none."""
        found = self._take(key, {}, dict, "a section")
        self._sections[key] = SpokenFile(self._path, found, f"{self._where}{key}.")
        return self._sections[key]

    def truth(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false; a key without default must be there."""
        return bool(self._take(key, default, bool, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, or the words of one text that has them all."""
        found = self._values.get(key)
        if isinstance(found, str):
            return tuple(self._values.pop(key).split())
        return self._texts(key, self._take(key, [], list, "a list of texts"))

    def choices(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of texts that are all known."""
        chosen = self.texts(key)
        for text in chosen:
            if text not in known:
                self._refuse(key, f"has “{text}”; use {', '.join(known)}")
        return chosen

    def wholes(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        found = self._take(key, [], list, "a list of whole numbers")
        if not all(isinstance(value, int) for value in found):
            self._refuse(key, "should be a list of whole numbers")
        return tuple(found)

    def ways(self, key: str, known: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return a section of lists of texts, whose keys are all known."""
        section = self.section(key)
        for name in section._values.keys() - set(known):
            section._refuse(name, "is not a phrase that Sotto knows")
        return {name: section.texts(name) for name in list(section._values)}

    def marks(self, known: Collection[str]) -> dict[str, str]:
        """Return this section as texts, whose keys are all known."""
        for name in self._values.keys() - set(known):
            self._refuse(name, "is not a mark that Sotto knows")
        return self._all_texts()

    def table(self, key: str) -> dict[str, str]:
        """Return a section of texts."""
        return self.section(key)._all_texts()

    def templates(self, key: str) -> dict[str, str]:
        """Return a section of texts that have a place for a number."""
        section = self.section(key)
        found = section._all_texts()
        for name, text in found.items():
            if text.count(_NUMBER) != 1:
                section._refuse(name, f"should have one {_NUMBER}, where the number goes")
        return found

    def values(self, key: str) -> dict[str, int]:
        """Return a section of whole numbers."""
        section = self.section(key)
        names = list(section._values)
        return {name: section._take(name, None, int, "a whole number") for name in names}

    def numbers(self, key: str) -> dict[int, tuple[str, ...]]:
        """Return a section of lists of texts, whose keys are whole numbers."""
        section = self.section(key)
        for name in section._values:
            if not name.isdecimal():
                section._refuse(name, "should be a whole number")
        return {int(name): section.texts(name) for name in list(section._values)}

    def refuse_the_rest(self) -> None:
        """Refuse keys that nobody asked for: they are misspelt."""
        for section in self._sections.values():
            section.refuse_the_rest()
        for key in self._values:
            self._refuse(key, "is not a key that Sotto knows")

    def refuse_doubles(self, key: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Refuse a text that stands for two things."""
        seen: dict[str, str] = {}
        for text, name in pairs:
            if seen.setdefault(text, name) != name:
                self._refuse(key, f"has “{text}” both as {seen[text]} and as {name}")

    def _all_texts(self) -> dict[str, str]:
        return {name: self._take(name, None, str, "a text") for name in list(self._values)}

    def _texts(self, key: str, found: list[Any]) -> tuple[str, ...]:
        if not all(isinstance(text, str) and text.strip() for text in found):
            self._refuse(key, "should be a list of texts")
        return tuple(found)

    def _take(self, key: str, default: object, kind: type, what: str) -> Any:
        found = self._values.pop(key, default)
        if found is None:
            self._refuse(key, "is missing")
        if not isinstance(found, kind):
            self._refuse(key, f"should be {what}")
        return found

    def _refuse(self, key: str, complaint: str) -> NoReturn:
        raise SettingsError(f"{self._path}: {self._where}{key} {complaint}")


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
