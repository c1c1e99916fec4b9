"""Numbers said in words become the digits that num2words made the words from."""

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from num2words import num2words

from sotto.app.core.words import WordSettings, Writer
from tests.helpers.dictated import Paper, dictated

# num2words' name of a language, where it differs from place to place → ours.
LANGUAGES = {
    "de": "de",
    "es": "es",
    "fr": "fr",
    "fr_BE": "fr",
    "fr_CH": "fr",
    "it": "it",
    "nl": "nl",
    "pt": "pt",
    "pt_BR": "pt",
    "ru": "ru",
}
NO_LONE_ONE = 2  # alone it is hardly ever meant as a figure

numbers = st.integers(NO_LONE_ONE, 999_999) | st.integers(NO_LONE_ONE, 2_100)
languages = st.sampled_from(sorted(LANGUAGES))


def said(number: float, language: str) -> str:
    words: str = num2words(number, lang=language)
    # It writes "centodicotto" for "centodiciotto", and "mil, cento" where nobody pauses.
    return words.replace("dicotto", "diciotto").replace(",", "")


@cache
def writer(language: str) -> Writer:
    return Writer.of(WordSettings(digits=True, language=language))


def written(text: str, language: str) -> str:
    paper = Paper()
    actions, _ = writer(LANGUAGES[language]).final(f"= {text} =")
    paper.carry_out(actions)
    return paper.text.removeprefix("= ").removesuffix(" =")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_numbers_up_to_a_thousand(language: str) -> None:
    expected = [str(number) for number in range(NO_LONE_ONE, 1001)]
    # "Neuf" and "sei" stay words where they stand alone.
    alone = {"9"} if language.startswith("fr") else {"6"} if language == "it" else set[str]()
    for number in expected:
        if number not in alone:
            assert written(said(int(number), language), language) == number


@given(numbers, languages)
def test_large_numbers(number: int, language: str) -> None:
    words = said(number, language)
    if " " in words or number > 20:  # see above
        assert written(words, language) == str(number)


@given(numbers, languages)
def test_what_is_written_does_not_depend_on_hyphens_and_capitals(
    number: int, language: str
) -> None:
    words = said(number, language)
    if number > 20:
        assert written(words.replace("-", " ").title(), language) == str(number)


@given(st.integers(2, 999), languages)
def test_millions_keep_their_word(count: int, language: str) -> None:
    words = said(count * 1_000_000, language)
    assert written(words, language) == f"{count} {words.split()[-1]}"


@example(1_000_001, "es")
@given(st.integers(1_000_001, 999_999_999).filter(lambda n: n % 1_000_000), languages)
def test_millions_and_more(number: int, language: str) -> None:
    assert written(said(number, language), language) == str(number)


@given(st.integers(2, 999), st.integers(1, 9), st.integers(0, 99), languages)
def test_decimals(whole: int, first: int, rest: int, language: str) -> None:
    point = {"de": "Komma", "fr": "virgule", "es": "coma", "it": "virgola", "nl": "komma"} | {
        "pt": "vírgula",
        "ru": "запятая",
    }
    decimals = f"{first}{rest:02}"
    words = " ".join(said(int(digit), language) for digit in decimals)
    text = f"{said(whole, language)} {point[LANGUAGES[language]]} {words}"
    assert written(text, language) == f"{whole},{decimals}"


@given(st.integers(1, 99_999_999))
def test_japanese_characters(number: int) -> None:
    text = num2words(number, lang="ja")
    count, rest = divmod(number, 10_000)
    expected = f"{count}万" if count and not rest else str(number)
    settings = WordSettings(digits=True, language="ja")
    assert dictated(f"あれは{text}円です", settings=settings) == f"あれは{expected}円です"
