"""Corrected lines: what they say, and when each word is said."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sotto.app.core.projects.correction import corrected, split_words, untimed_words
from sotto.app.core.projects.document import Line, Word

LINE = Line(
    0.0,
    4.0,
    (
        Word(" The", 0.1, 0.5),
        Word(" cat", 0.5, 1.0, 0.3),
        Word(" sat", 1.0, 2.0),
        Word(" down.", 2.5, 3.5),
    ),
)
JAPANESE = Line(0.0, 3.0, (Word("東京", 0.0, 1.0), Word("に", 1.0, 1.5), Word("行く。", 1.5, 3.0)))
WORDS = st.text("ab é,.\n\t東に", max_size=24)


def times(line: Line | None) -> list[tuple[str, float, float]]:
    assert line is not None
    return [(word.text, round(word.start, 3), round(word.end, 3)) for word in line.words]


def test_as_many_words_take_the_places_one_by_one() -> None:
    assert times(corrected(LINE, "The bat sits down.")) == [
        (" The", 0.1, 0.5),
        (" bat", 0.5, 1.0),
        (" sits", 1.0, 2.0),
        (" down.", 2.5, 3.5),
    ]


def test_two_words_share_the_time_of_one_by_their_lengths() -> None:
    assert times(corrected(LINE, "The cat s at all down."))[2:5] == [
        (" s", 1.0, 1.167),
        (" at", 1.167, 1.5),
        (" all", 1.5, 2.0),
    ]


def test_a_word_between_two_takes_the_pause() -> None:
    assert times(corrected(LINE, "The cat sat right down."))[3] == (" right", 2.0, 2.5)


def test_a_word_where_there_is_no_pause_shares_the_time_of_the_one_before() -> None:
    assert times(corrected(LINE, "The black cat sat down."))[:3] == [
        (" The", 0.1, 0.25),
        (" black", 0.25, 0.5),
        (" cat", 0.5, 1.0),
    ]


def test_words_that_stay_keep_their_doubt_and_those_that_are_written_have_none() -> None:
    line = corrected(LINE, "The cat lay down.")
    assert line is not None
    assert [word.probability for word in line.words] == [1.0, 0.3, 1.0, 1.0]
    line = corrected(LINE, "The Cat sat down.")
    assert line is not None
    assert line.words[1] == Word(" Cat", 0.5, 1.0, 1.0)


def test_the_beginning_of_a_longer_word_is_not_a_word() -> None:
    assert [text for text, *_ in times(corrected(LINE, "The cats sat down."))] == [
        " The",
        " cats",
        " sat",
        " down.",
    ]


def test_words_without_spaces_between_them_keep_their_times() -> None:
    assert times(corrected(JAPANESE, "京都に行く。")) == [
        ("京", 0.0, 0.5),
        ("都", 0.5, 1.0),
        ("に", 1.0, 1.5),
        ("行く。", 1.5, 3.0),
    ]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_without_a_text_there_is_no_line(text: str) -> None:
    assert corrected(LINE, text) is None


def test_the_same_text_is_the_same_line() -> None:
    assert corrected(LINE, "  The cat\nsat down. ") is LINE


@given(WORDS, st.lists(WORDS, min_size=1, max_size=4))
@example("", ["aaa にaaaaaaaaaaa", "にa", "aaa"])
@example("", ["aaa にaaaaaaaaaaa", "に", "aaa に"])
@example("", ["aに", "に"])
def test_it_says_what_was_written_within_its_time_and_in_order(
    first: str, corrections: list[str]
) -> None:
    line: Line | None = Line(1.0, 5.0, untimed_words(f"{first} one two", 1.0, 5.0))
    for text in corrections:
        assert line is not None
        has_space = line.words[0].text[:1].isspace()
        line = corrected(line, text)
        if not text.strip():
            assert line is None
            return
        assert line is not None
        assert line.text == " " * has_space + " ".join(text.split())
        starts_and_ends = [time for word in line.words for time in (word.start, word.end)]
        assert all(early <= late for early, late in pairwise(starts_and_ends))
        assert starts_and_ends[0] >= 1.0
        assert starts_and_ends[-1] <= 5.0


@given(WORDS)
def test_words_are_all_of_a_text_and_none_is_empty(text: str) -> None:
    words = split_words(text)
    assert "".join(words) == (text if text.strip() else "")
    assert all(word.strip() for word in words)
