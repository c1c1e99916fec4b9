"""Texts of the kind that people dictate, from a context-free grammar over tables.

The files in `grammars` hold the rules. A rule is a name with a colon, then its alternatives, a line
each and indented; "3 * " before one makes it three times as likely. In an alternative {name}
stands for that rule. A rule headed "name, words:" has a word an alternative, many on a line. A rule
headed "verb [base past]:" has columns: {verb.past} takes of "go/went home" what stands on that side
of the slash. "~" is a space inside a word, "^" makes the next letter a capital. A rule may go on
under the same heading in another file.
"""

import re
import zlib
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np

GRAMMARS = Path(__file__).parent / "grammars"
START = "text"
MAX_WORDS = 40
HELD_OUT_PART = 20  # one text in so many is held out

# Shorter texts are few, and said every day ("Scratch that."): all of them are trained on.
HELD_OUT_MIN_WORDS = 4

_SENTENCE_END = re.compile(r"(?<=[.?!]) ")
_PLACEHOLDER = re.compile(r"\{([\w.]+)\}")
_HEADING = re.compile(r"(?P<name>\w+)(?: \[(?P<columns>[\w ]+)\])?(?P<words>, words)?:")
_ALTERNATIVE = re.compile(r"(?:(?P<weight>\d+) \* )?(?P<text>.+)")
_BEFORE_VOWEL = re.compile(r"\ba (?=(?!one\b|once\b|uni[^nm]|us[eu]|uti|eu)[aeiou]|hour|honest)")


@dataclass(slots=True)
class Rule:
    """Alternatives and their weights; `columns` is empty where the rule has none."""

    columns: tuple[str, ...] = ()
    is_words: bool = False
    texts: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Take the alternatives that stand on a line."""
        if self.is_words:
            words = line.split()
            self.texts += words
            self.weights += [1.0] * len(words)
        elif match := _ALTERNATIVE.fullmatch(line):
            self.texts.append(match["text"])
            self.weights.append(float(match["weight"] or 1))

    def column(self, index: int) -> "Rule":
        """Return the rule that a column makes."""
        texts = [" ".join(_side(word, index) for word in text.split(" ")) for text in self.texts]
        return Rule(texts=texts, weights=self.weights)


def _side(word: str, index: int) -> str:
    return word.split("/")[index] if "/" in word else word


@dataclass(frozen=True)
class Choice:
    """Alternatives with the sums of their weights."""

    texts: Sequence[str]
    sums: Sequence[float]

    @classmethod
    def of(cls, rule: Rule) -> Self:
        return cls(tuple(rule.texts), tuple(accumulate(rule.weights)))

    def draw(self, rng: np.random.Generator) -> str:
        return self.texts[bisect(self.sums, rng.random() * self.sums[-1])]


class Grammar:
    """The rules, by name; a rule with columns is one for each, "verb.past"."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.choices = {name: Choice.of(rule) for name, rule in _rules(lines)}

    def expand(self, name: str, rng: np.random.Generator) -> str:
        """Return a text of a rule, finished."""
        return _finished(self._expand(name, rng))

    def _expand(self, name: str, rng: np.random.Generator) -> str:
        text = self.choices[name].draw(rng)
        return _PLACEHOLDER.sub(lambda match: self._expand(match[1], rng), text)

    def used_by(self, name: str) -> set[str]:
        """Return the rules that the alternatives of a rule name."""
        return {
            match[1] for text in self.choices[name].texts for match in _PLACEHOLDER.finditer(text)
        }


def _rules(lines: Sequence[str]) -> Iterator[tuple[str, Rule]]:
    for name, rule in _read(lines).items():
        if rule.columns:
            yield from ((f"{name}.{c}", rule.column(i)) for i, c in enumerate(rule.columns))
        else:
            yield name, rule


def _read(lines: Sequence[str]) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    rule = Rule()
    for line in lines:
        if line.startswith(" "):
            rule.add(line.strip())
        elif line and not line.startswith("#"):
            heading = _HEADING.fullmatch(line)
            if heading is None:
                raise ValueError(f"not the heading of a rule: {line!r}")
            columns = tuple((heading["columns"] or "").split())
            rule = rules.setdefault(heading["name"], Rule(columns, bool(heading["words"])))
    return rules


def _finished(text: str) -> str:
    """Put "an" for "a" where a vowel follows, one full stop after "p.m.", capitals after "^"."""
    text = _BEFORE_VOWEL.sub("an ", text.replace("~", " ")).replace("..", ".")
    return re.sub(r"\^(\W*\w)", lambda match: match[1].upper(), text)


@cache
def everyday() -> Grammar:
    """Return the grammar in the folder `grammars`."""
    paths = sorted(GRAMMARS.glob("*.txt"))
    return Grammar([line for path in paths for line in path.read_text("ascii").splitlines()])


def dictation(rng: np.random.Generator) -> str:
    """Return a text of 1 to 40 words to train on."""
    while True:
        text = _draw(rng)
        if not any(map(is_held_out, [text, *_SENTENCE_END.split(text)])):
            return text


def held_out_dictation(rng: np.random.Generator) -> str:
    """Return a text of 4 to 40 words that `dictation` never gives, alone or beside another."""
    while True:
        text = _draw(rng)
        if is_held_out(text):
            return text


def _draw(rng: np.random.Generator) -> str:
    while True:
        text = everyday().expand(START, rng)
        if len(text.split()) <= MAX_WORDS:
            return text


def is_held_out(text: str) -> bool:
    """True if the text is for measuring; a checksum decides, so that it stays so for ever."""
    is_long = len(text.split()) >= HELD_OUT_MIN_WORDS
    return is_long and zlib.crc32(text.encode()) % HELD_OUT_PART == 0
