"""docs/dictating.md says what the code does."""

import tomllib
from pathlib import Path

import pytest

from sotto.app.core.words import WordSettings
from sotto.app.core.words.phrases import MEANINGS
from sotto.app.core.words.spoken_table import languages, spoken
from tests.helpers.dictated import dictated

GUIDE = (Path(__file__).parents[4] / "docs" / "dictating.md").read_text()
DIGITS = WordSettings(digits=True)


def rows(heading: str) -> list[tuple[str, ...]]:
    """Return the table of a section without its head."""
    section = GUIDE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in lines[1:]]


def test_the_guide_has_every_phrase() -> None:
    english = spoken("en").phrases
    assert rows("What you can say") == [
        (", ".join(english[name]), meaning.words)
        for name, meaning in MEANINGS.items()
        if name in english
    ]


def test_the_guide_has_every_language() -> None:
    shown = ("comma", "new_line", "scratch_that", "stop_listening")
    table = [(cells[0].split("(")[1].rstrip(")"), *cells[1:]) for cells in rows("Other languages")]
    assert table == [
        (
            language,
            *(", ".join(spoken(language).phrases[name]) for name in shown),
            "yes" if spoken(language).is_checked else "not yet",
        )
        for language in languages()
    ]


@pytest.mark.parametrize(("said", "digits"), rows("Numbers as digits"))
def test_the_guides_numbers(said: str, digits: str) -> None:
    assert dictated(said, settings=DIGITS) == digits


def test_the_guides_settings() -> None:
    examples = [block.split("```")[0] for block in GUIDE.split("```toml\n")[1:]]
    tables = tomllib.loads("".join(examples))
    settings = WordSettings(phrases=tables["commands"], replacements=tables["replacements"])
    assert dictated("Um, c plus plus, smiley face. comma", settings=settings) == "C++, :-) comma"
    assert dictated("Write to my address", settings=settings) == "Write to 1 High Street\nBath"
