"""The rule that says which language a segment is in, whatever a model hears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.streaming.language_choice import LanguageChoice, LanguageSettings

CODES = ("en", "de", "fr", "ja")
SETTINGS = LanguageSettings()
LONG_S = 2 * SETTINGS.clear_s

seconds = st.floats(0.1, 30.0)
codes = st.sampled_from(CODES)
allowed_sets = st.sets(codes).map(tuple)
expectations = st.none() | codes


@st.composite
def probabilities(draw: st.DrawFn) -> dict[str, float]:
    weights = [draw(st.floats(1e-9, 1.0)) for _ in CODES]
    return {code: weight / sum(weights) for code, weight in zip(CODES, weights, strict=True)}


def of(language: str, probability: float, other: str) -> dict[str, float]:
    """A model that hesitates between two languages."""
    return dict.fromkeys(CODES, 0.0) | {language: probability, other: 1.0 - probability}


def after(language: str) -> LanguageChoice:
    """A session in which a language was spoken."""
    choice = LanguageChoice()
    choice.observe(dict.fromkeys(CODES, 0.0) | {language: 1.0}, LONG_S)
    choice.keep()
    choice.begin()
    return choice


@given(allowed_sets, expectations, st.lists(st.tuples(probabilities(), seconds, st.booleans())))
def test_no_language_is_heard_that_is_not_allowed(
    allowed: tuple[str, ...],
    expected: str | None,
    segments: list[tuple[dict[str, float], float, bool]],
) -> None:
    choice = LanguageChoice(allowed, expected)
    for heard, heard_s, has_words in segments:
        choice.begin()
        assert choice.observe(heard, heard_s) in (allowed or CODES)
        if has_words:
            choice.keep()


@given(probabilities(), seconds)
def test_without_memory_or_expectation_the_likeliest_is_taken(
    heard: dict[str, float], heard_s: float
) -> None:
    assert LanguageChoice().observe(heard, heard_s) == max(heard, key=heard.__getitem__)


@given(probabilities(), seconds, codes)
def test_the_likeliest_stays(heard: dict[str, float], heard_s: float, last: str) -> None:
    choice = after(last)
    if heard[last] == max(heard.values()):
        assert choice.observe(heard, heard_s) == last


@given(probabilities(), seconds, seconds, codes)
def test_more_sound_never_needs_more_evidence(
    heard: dict[str, float], first_s: float, second_s: float, last: str
) -> None:
    short, long = sorted([first_s, second_s])
    if after(last).observe(heard, short) != last:
        assert after(last).observe(heard, long) != last


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), seconds)
def test_more_evidence_never_keeps_the_old_language(
    one: float, another: float, heard_s: float
) -> None:
    low, high = sorted([one, another])
    if after("en").observe(of("de", low, "en"), heard_s) == "de":
        assert after("en").observe(of("de", high, "en"), heard_s) == "de"


def test_a_language_changes_only_with_evidence() -> None:
    hardly, clearly = (odds / (1 + odds) for odds in (0.9 * SETTINGS.stay, 1.1 * SETTINGS.stay))
    assert after("en").observe(of("de", hardly, "en"), LONG_S) == "en"
    assert after("en").observe(of("de", clearly, "en"), LONG_S) == "de"
    assert after("en").observe(of("de", clearly, "en"), 1.0) == "en"
    assert after("en").observe(of("de", clearly, "en"), LONG_S, 1.0) == "en"


def test_one_change_is_as_easy_as_the_next() -> None:
    choice = LanguageChoice()
    for language, other in (("en", "de"), ("de", "en"), ("en", "de")):
        choice.begin()
        assert choice.observe(of(language, 0.97, other), LONG_S) == language
        choice.keep()


@given(
    st.lists(st.tuples(probabilities(), seconds)), st.lists(st.tuples(codes, seconds), max_size=5)
)
def test_a_clear_sentence_changes_the_language_whatever_was_spoken(
    segments: list[tuple[dict[str, float], float]], repeated: list[tuple[str, float]]
) -> None:
    choice = LanguageChoice()
    for heard, heard_s in segments + 5 * [({code: 1.0}, heard_s) for code, heard_s in repeated]:
        choice.observe(dict.fromkeys(CODES, 0.0) | heard, heard_s)
        choice.keep()
        choice.begin()
    odds = 1.01 * SETTINGS.stay
    clear = odds / (1 + odds)
    assert choice.observe(of("de", clear, "en"), LONG_S) == "de"


def test_a_language_that_was_spoken_comes_back_more_easily_than_a_new_one() -> None:
    choice = after("en")
    choice.observe({"de": 1.0, "en": 0.0, "fr": 0.0}, LONG_S)
    choice.keep()
    choice.begin()
    assert choice.observe({"de": 0.2, "en": 0.8, "fr": 0.0}, LONG_S) == "en"
    assert choice.observe({"de": 0.2, "en": 0.0, "fr": 0.8}, LONG_S) == "de"


def test_a_word_changes_no_language_but_words_do() -> None:
    choice = after("en")
    heard: list[str] = []
    for _ in range(12):
        heard.append(choice.observe(of("de", 0.95, "en"), 0.9))
        choice.keep()
        choice.begin()
    assert heard[0] == "en"
    assert heard[-1] == "de"
    assert heard == sorted(heard, reverse=True)  # once


def test_what_a_short_segment_sounds_like_makes_no_language_spoken() -> None:
    choice = after("en")
    choice.observe({"de": 1.0, "en": 0.0, "fr": 0.0}, 0.8 * SETTINGS.telling_s)
    choice.keep()
    choice.begin()
    choice.observe({"de": 0.0, "en": 1.0, "fr": 0.0}, LONG_S)
    choice.keep()
    choice.begin()
    assert choice.observe(of("de", 0.75, "en"), LONG_S) == "en"


def test_the_expected_language_decides_where_the_model_hesitates() -> None:
    heard = of("fr", 0.55, "de")
    assert LanguageChoice(expected="de").observe(heard, LONG_S) == "de"
    assert LanguageChoice(expected="ja").observe(heard, LONG_S) == "fr"


def test_what_was_spoken_counts_more_than_what_was_expected() -> None:
    choice = LanguageChoice(expected="de")
    choice.observe(of("fr", 0.99, "de"), LONG_S)
    choice.keep()
    choice.begin()
    assert choice.observe(of("fr", 0.45, "de"), LONG_S) == "fr"


def test_a_segment_without_words_leaves_no_trace() -> None:
    choice = after("en")
    choice.observe(of("ja", 0.999, "en"), LONG_S)
    choice.begin()
    assert choice.observe(of("ja", 0.6, "en"), LONG_S) == "en"


def test_a_segment_is_settled_once_it_is_clear_or_long() -> None:
    choice = LanguageChoice()
    for probability, heard_s, is_settled in (
        (0.6, 1.0, False),
        (0.9, 1.5, True),
        (0.6, 2.3, False),
        (0.6, LONG_S, True),
    ):
        choice.observe(of("de", probability, "en"), heard_s)
        assert choice.is_settled is is_settled
    choice.begin()
    assert [choice.is_settled, LanguageChoice(("de",)).is_settled] == [False, True]


def test_only_what_is_long_enough_and_not_sure_is_in_doubt() -> None:
    unsure, sure = of("de", SETTINGS.sure - 0.1, "en"), of("de", SETTINGS.sure + 0.1, "en")
    choice = LanguageChoice()
    for heard, heard_s, in_doubt in (
        (unsure, 1.0, False),
        (unsure, LONG_S, True),
        (sure, LONG_S, False),
    ):
        choice.begin()
        assert not choice.in_doubt
        choice.observe(heard, heard_s)
        assert choice.in_doubt is in_doubt
    choice.observe(unsure, LONG_S, is_whole=True)
    assert not choice.in_doubt
    assert not choice.is_open(30.0)


def test_the_only_allowed_language_is_never_asked_about() -> None:
    choice = LanguageChoice(("de",))
    assert choice.language == "de"
    assert not choice.is_open(0.5)
    choice.begin()
    assert choice.language == "de"


def test_the_model_is_asked_while_a_segment_is_short_and_grows() -> None:
    choice = LanguageChoice()
    heard = of("de", 0.9, "en")
    assert choice.is_open(0.6)
    choice.observe(heard, 0.6)
    assert not choice.is_open(0.8)
    assert choice.is_open(0.61 * SETTINGS.growth)
    assert choice.is_open(0.8, final=True)
    assert not choice.is_open(0.6, final=True)
    choice.observe(heard, SETTINGS.clear_s)
    assert not choice.is_open(30.0)
    choice.begin()
    assert choice.is_open(0.6)


def test_the_model_is_asked_more_often_where_it_is_not_sure() -> None:
    choice = LanguageChoice()
    choice.observe(of("de", SETTINGS.sure - 0.1, "en"), 1.0)
    assert not choice.is_open(0.99 * SETTINGS.unsure_growth)
    assert choice.is_open(1.01 * SETTINGS.unsure_growth)


def test_silence_does_not_make_an_unsure_language_final() -> None:
    choice = LanguageChoice()
    choice.observe(of("de", SETTINGS.sure - 0.1, "en"), LONG_S, 0.5 * SETTINGS.clear_s)
    assert choice.is_open(1.01 * SETTINGS.unsure_growth * LONG_S)
    choice.observe(of("de", SETTINGS.sure + 0.1, "en"), LONG_S, 0.5 * SETTINGS.clear_s)
    assert not choice.is_open(30.0)


def test_a_model_that_knows_none_of_the_allowed_languages_says_what_it_hears() -> None:
    assert LanguageChoice(("yue", "my")).observe(of("de", 0.9, "en"), LONG_S) == "de"


@pytest.mark.parametrize("heard_s", [0.0, 1e-6])
def test_next_to_no_sound_is_no_error(heard_s: float) -> None:
    assert after("en").observe(of("de", 0.9, "en"), heard_s) == "en"
