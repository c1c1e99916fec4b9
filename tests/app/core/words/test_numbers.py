"""Numbers as digits, on demand."""

import pytest

from sotto.app.core.words import WordSettings
from tests.helpers.dictated import dictated

DIGITS = WordSettings(digits=True)

NUMBERS = [
    ("I have twenty five cows.", "I have 25 cows."),
    ("Twenty-five, and six.", "25, and 6."),
    ("A hundred and five (or two hundred).", "105 (or 200)."),
    ("two thousand and eighteen", "2018"),
    ("one hundred twenty three thousand four hundred fifty six", "123456"),
    ("five million people, one point five billion stars", "5 million people, 1.5 billion stars"),
    ("five million two hundred thousand", "5200000"),
    ("Three point one four.", "3.14."),
    ("version two point oh", "Version 2.0"),
    ("Version three point eleven point one.", "Version 3.11.1."),
    ("Nineteen eighty four, nineteen oh five, twenty twenty six.", "1984, 1905, 2026."),
    ("nineteen hundred", "1900"),
    ("The twenty third of May.", "The 23rd of May."),
    ("the twenty-first century", "The 21st century"),
    ("May fifth twenty twenty", "May 5th 2020"),
    ("Five percent, six per cent.", "5%, 6%."),
    ("twenty dollars, five million euros, one dollar", "$20, €5 million, $1"),
    ("At three thirty pm.", "At 3:30 pm."),
    ("at one p.m. sharp", "At 1 p.m. sharp"),
    ("Call five five five, one oh two four.", "Call 555, 1024."),
    ("call seven seven oh nine", "Call 7709"),
    ("One, two, three.", "1, 2, 3."),
    ("one or two", "One or 2"),
    ("twenty, second thoughts", "20, second thoughts"),
    ("five hyphen six comma fifty full stop", "5-6, 50."),
]
WORDS = [
    "One of them.",
    "First, let's go.",
    "The second one.",
    "One second, please.",
    "Hundreds of people.",
    "A million stars.",
    "A few hundred.",
    "One point I make.",
    "Oh no.",
    "It costs 20 dollars, or 5th.",
    "No one.",
]


@pytest.mark.parametrize(("said", "written"), NUMBERS)
def test_numbers_become_digits(said: str, written: str) -> None:
    assert dictated(said, settings=DIGITS) == written


@pytest.mark.parametrize("text", WORDS)
def test_what_is_no_number_stays(text: str) -> None:
    assert dictated(text, settings=DIGITS) == text


def test_numbers_can_be_said_literally() -> None:
    assert dictated("literal twenty five cows", settings=DIGITS) == "Twenty five cows"


def test_numbers_stay_words_where_digits_were_not_asked_for() -> None:
    assert dictated("Twenty five cows.") == "Twenty five cows."


def test_languages_without_a_table_keep_their_numbers() -> None:
    settings = WordSettings(digits=True, language="da")
    assert dictated("Ten minutes per million.", settings=settings) == "Ten minutes per million."
