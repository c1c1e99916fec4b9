"""The tables of what can be said, one a language: `sotto/assets/spoken/<code>.toml`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from sotto.app.core.words.marks import Mark
from sotto.app.core.words.phrases import MEANINGS, Command, Escape
from sotto.app.core.words.spoken_table_file import SpokenFile

FOLDER = Path(__file__).parents[3] / "assets" / "spoken"

_MARKS = {name: means.does for name, means in MEANINGS.items() if isinstance(means.does, Mark)}

# Burmese, Cantonese, Chinese, Japanese, Khmer, Lao and Thai, by Whisper's codes.
_WITHOUT_SPACES = frozenset({"my", "yue", "zh", "ja", "km", "lo", "th"})


@dataclass(frozen=True, slots=True)
class NumberTable:
    """The words of numbers; all as the file has them.

    Attributes:
        words: value → the ways to say it. One that ends with a hyphen begins a longer word only
            ("vent-" in "ventuno").
        decimal: what is said between whole and decimals → the mark that is written for it.
        minus: what is said before a negative number.
        and_words: what is said between the parts of a number.
        and_after: after which parts: "tens", "hundreds", "thousands".
        and_before: before which values; empty for all.
        teens_after: tens that 10 to 19 may follow ("soixante-dix").
        fractions: what is said after decimals, and tells their number → 10, 100, 1000.
        ordinals: how words begin ("втор-") or end ("-ième") that make an ordinal of a number.
        signs: the unit after a number → how both are written; "#" stands for the number.
        units: words after which a "one" is a number, too.
        stay_words: numbers that stay words where they stand alone; 1 always does.
        is_joined: whether a number is written as one word.
        is_units_first: whether in such a word units come before tens ("einundzwanzig").
        needs_and: whether a lower place that is left out must be said ("一百零二").
    """

    words: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    decimal: Mapping[str, str] = field(default_factory=dict)
    minus: tuple[str, ...] = ()
    and_words: tuple[str, ...] = ()
    and_after: tuple[str, ...] = ()
    and_before: tuple[int, ...] = ()
    teens_after: tuple[int, ...] = ()
    fractions: Mapping[str, int] = field(default_factory=dict)
    ordinals: tuple[str, ...] = ()
    signs: Mapping[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    stay_words: tuple[str, ...] = ()
    is_joined: bool = False
    is_units_first: bool = False
    needs_and: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """What can be said in a language.

    Attributes:
        language: Whisper's code of it.
        is_checked: whether somebody who speaks it has gone through the table.
        phrases: name, as in `MEANINGS` → ways to say it, for the guide.
        variants: the same for other ways in which models spell them.
        marks: how the language writes its marks, by name.
        never_after: words after which a phrase is a word: "the period".
        never_before: text before which it is one, in languages without spaces.
        no_command_after: words after which "scratch that" and "stop listening" are words.
        ordinary: expressions that have a phrase in them.
        set_off: phrases that are obeyed only between pauses, in languages without spaces.
        small_words: words that are never names, and so can be written small.
        numbers: the words of numbers.
    """

    language: str
    is_checked: bool = False
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    never_after: tuple[str, ...] = ()
    never_before: tuple[str, ...] = ()
    no_command_after: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()
    set_off: tuple[str, ...] = ()
    small_words: frozenset[str] = frozenset()
    numbers: NumberTable = NumberTable()

    @property
    def is_spaced(self) -> bool:
        """Whether the language puts spaces between words."""
        return self.language not in _WITHOUT_SPACES

    @property
    def has_spaced_marks(self) -> bool:
        """Whether punctuation stands apart, as in French."""
        return "question_mark" in self.marks and self.marks["question_mark"].text[0].isspace()

    def meanings(self) -> Iterator[tuple[str, Mark | Command | Escape]]:
        """Return every way to say something, and what it does."""
        for table in (self.phrases, self.variants):
            for name, ways in table.items():
                for way in ways:
                    yield way, self.marks.get(name) or MEANINGS[name].does
        for expression in self.ordinary:
            yield expression, Escape.ORDINARY


def code_of(language: str) -> str:
    """Return the code of a language: "en" for "en-GB"."""
    return language.lower().replace("_", "-").partition("-")[0]


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a table."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def spoken(language: str) -> Spoken:
    """Return the table of a language, by its code; an empty one where there is none.

    Raises:
        SettingsError: the file is broken; the message names the key.
    """
    path = FOLDER / f"{language}.toml"
    return read(path) if path.is_file() else Spoken(language, marks=_marks({}, language))


def read(path: Path) -> Spoken:
    """Read and check a table.

    Raises:
        SettingsError: the file is broken; the message names the key.
    """
    file = SpokenFile(path)
    words = file.section("words")
    table = Spoken(
        language=path.stem,
        is_checked=file.truth("checked_by_speaker"),
        phrases=file.ways("phrases", MEANINGS),
        variants=file.ways("variants", MEANINGS),
        marks=_marks(file.section("marks").marks(_MARKS), path.stem),
        never_after=_folded(words.texts("never_after")),
        never_before=words.texts("never_before"),
        no_command_after=_folded(words.texts("no_command_after")),
        ordinary=words.texts("ordinary"),
        set_off=words.texts("set_off"),
        small_words=frozenset(words.texts("small")),
        numbers=_numbers(file.section("numbers")),
    )
    file.refuse_the_rest()
    _refuse_ambiguity(file, table)
    return table


def _folded(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts as `Chunk.spoken` has them."""
    return tuple(text.casefold() for text in texts)


def _marks(texts: Mapping[str, str], language: str) -> dict[str, Mark]:
    """Return all marks, written as the language does."""
    written = {
        name: replace(mark, text=texts.get(name, mark.text)) for name, mark in _MARKS.items()
    }
    if language not in _WITHOUT_SPACES:
        return written
    return {
        name: replace(mark, joins_before=True, joins_after=True) for name, mark in written.items()
    }


def _numbers(section: SpokenFile) -> NumberTable:
    return NumberTable(
        words=section.numbers("words"),
        decimal=section.table("decimal"),
        minus=section.texts("minus"),
        and_words=section.texts("and"),
        and_after=section.choices("and_after", ("tens", "hundreds", "thousands")),
        and_before=section.wholes("and_before"),
        teens_after=section.wholes("teens_after"),
        fractions=section.values("fractions"),
        ordinals=_folded(section.texts("ordinals")),
        signs=section.templates("signs"),
        units=section.texts("units"),
        stay_words=section.texts("stay_words"),
        is_joined=section.truth("joined", default=False),
        is_units_first=section.truth("units_first", default=False),
        needs_and=section.truth("needs_and", default=False),
    )


def _refuse_ambiguity(file: SpokenFile, table: Spoken) -> None:
    """Nothing can be said for two things at once."""
    phrases = [(way.casefold(), name) for name, way in _named(table)]
    file.refuse_doubles("phrases", phrases)
    numbers = [
        (way.casefold(), str(value)) for value, ways in table.numbers.words.items() for way in ways
    ]
    file.refuse_doubles("numbers.words", numbers)


def _named(table: Spoken) -> Iterator[tuple[str, str]]:
    for ways_by_name in (table.phrases, table.variants):
        for name, ways in ways_by_name.items():
            yield from ((name, way) for way in ways)
