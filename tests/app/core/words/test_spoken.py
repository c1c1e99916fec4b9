"""The tables of what can be said, and what is told about one that is broken."""

import contextlib
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.words import WordSettings
from sotto.app.core.words.marks import Mark
from sotto.app.core.words.phrases import MEANINGS, Escape
from sotto.app.core.words.spoken_table import FOLDER, languages, read, spoken
from sotto.errors import SettingsError
from tests.helpers.dictated import dictated

PROMISED = {"de", "en", "es", "fr", "it", "ja", "nl", "pt", "ru", "zh"}


def test_the_promised_languages_have_a_table() -> None:
    assert set(languages()) == PROMISED


def test_only_english_was_checked_by_a_speaker() -> None:
    """Whoever checks a table says so in it, and here."""
    assert {language for language in languages() if spoken(language).is_checked} == {"en"}


@pytest.mark.parametrize("language", languages())
def test_whatever_can_be_said_in_english_can_be_said(language: str) -> None:
    assert spoken("en").phrases.keys() <= spoken(language).phrases.keys()


@pytest.mark.parametrize("language", languages())
def test_a_table_begins_with_how_to_correct_it(language: str) -> None:
    text = (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    assert "To correct this table" in text.partition("checked_by_speaker =")[0]


@pytest.mark.parametrize("language", languages())
def test_every_way_to_say_a_mark_writes_it(language: str) -> None:
    settings = WordSettings(language=language)
    for way, does in spoken(language).meanings():
        if isinstance(does, Mark):
            assert dictated(f"Abc {way}", settings=settings).removeprefix("Abc").strip() == (
                does.text.strip()
            ), way


@pytest.mark.parametrize("language", languages())
def test_every_phrase_can_be_written_as_words(language: str) -> None:
    table = spoken(language)
    literal, quote, unquote = (table.phrases[name][0] for name in ("literal", "quote", "unquote"))
    marks = [
        table.marks[name].text.strip("\N{NO-BREAK SPACE}") for name in ("open_quote", "close_quote")
    ]
    settings = WordSettings(language=language)
    for way, does in table.meanings():
        if not isinstance(does, Escape):
            assert dictated(f"Abc. {literal} {way}", settings=settings).endswith(way[1:]), way
            quoted = dictated(f"Abc. {quote} {way} {unquote}", settings=settings)
            assert way[1:] in quoted, way
            assert all(mark in quoted for mark in marks), way


@pytest.mark.parametrize("language", languages())
def test_what_is_set_off_is_a_phrase(language: str) -> None:
    table = spoken(language)
    assert set(table.set_off) <= {way for way, _ in table.meanings()}


@pytest.mark.parametrize("language", languages())
def test_ordinary_expressions_stay(language: str) -> None:
    settings = WordSettings(language=language, digits=True)
    for expression in spoken(language).ordinary:
        assert dictated(f"Abc {expression}", settings=settings) == f"Abc {expression}"


def test_names_of_phrases_are_all_used() -> None:
    used = {name for language in languages() for name in spoken(language).phrases}
    assert used == MEANINGS.keys()


def broken(tmp_path: Path, text: str) -> str:
    """Return what is told about a table."""
    path = tmp_path / "xx.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


CHECKED = "checked_by_speaker = false\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "checked_by_speaker is missing"),
        ("checked_by_speaker = 1", "checked_by_speaker should be true or false"),
        (CHECKED + "spoken = 1", "spoken is not a key that Sotto knows"),
        (CHECKED + "[words]\nnever = []", "words.never is not a key that Sotto knows"),
        (CHECKED + "[phrases]\ncoma = ['x']", "phrases.coma is not a phrase that Sotto knows"),
        (CHECKED + "[phrases]\ncomma = [1]", "phrases.comma should be a list of texts"),
        (CHECKED + "[phrases]\ncomma = ['']", "phrases.comma should be a list of texts"),
        (CHECKED + "phrases = 1", "phrases should be a section"),
        (
            CHECKED + "[phrases]\ncomma = ['x']\n[variants]\ncolon = ['X']",
            "phrases has “x” both as comma and as colon",
        ),
        (CHECKED + "[marks]\ncomma = 1", "marks.comma should be a text"),
        (CHECKED + "[marks]\nbullet = '•'", "marks.bullet is not a mark that Sotto knows"),
        (
            CHECKED + "[marks]\nscratch_that = '•'",
            "marks.scratch_that is not a mark that Sotto knows",
        ),
        (CHECKED + "[numbers.words]\none = ['x']", "numbers.words.one should be a whole number"),
        (
            CHECKED + "[numbers.words]\n1 = ['x']\n2 = ['x']",
            "numbers.words has “x” both as 1 and as 2",
        ),
        (
            CHECKED + "[numbers]\nand_after = ['ones']",
            "numbers.and_after has “ones”; use tens, hundreds, thousands",
        ),
        (
            CHECKED + "[numbers]\nand_before = ['x']",
            "numbers.and_before should be a list of whole numbers",
        ),
        (CHECKED + "[numbers.fractions]\nx = 'y'", "numbers.fractions.x should be a whole number"),
        (
            CHECKED + "[numbers.signs]\nx = '%'",
            "numbers.signs.x should have one #, where the number goes",
        ),
    ],
)
def test_a_broken_table_names_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    assert broken(tmp_path, text) == message


def test_a_table_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    assert "line 2" in broken(tmp_path, "checked_by_speaker = false\ncomma = x")


values: st.SearchStrategy[object] = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.data())
def test_a_table_with_any_other_value_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    table = tomllib.loads((FOLDER / "de.toml").read_text(encoding="utf-8"))
    section = data.draw(
        st.sampled_from([table, *(v for v in table.values() if isinstance(v, dict))])
    )
    section[data.draw(st.sampled_from(sorted(section)))] = data.draw(values)
    path = tmp_path_factory.mktemp("tables") / "de.toml"
    path.write_text(tomlkit.dumps(table), encoding="utf-8")
    with contextlib.suppress(SettingsError):
        read(path)
