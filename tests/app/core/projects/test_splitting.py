"""A line is parted at a cursor and joined again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.projects.correction import untimed_words
from sotto.app.core.projects.document import Line, Word
from sotto.app.core.projects.splitting import joined_lines, split_line


def line(text: str, start: float = 0.0, end: float = 4.0) -> Line:
    return Line(start, end, untimed_words(text, start, end))


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [each.text for each in lines]


def test_words_keep_their_times() -> None:
    whole = line(" aa bb cc dd")
    first, second = split_line(whole, "aa bb ", "cc dd")
    assert (*first.words, *second.words) == whole.words
    assert (first.start, first.end, second.start, second.end) == (0.0, 2.0, 2.0, 4.0)
    assert joined_lines(first, second) == whole


def test_what_was_written_meanwhile_is_kept() -> None:
    assert texts(split_line(line(" aa bb cc"), "aa xx", " cc")) == [" aa xx", " cc"]


def test_a_word_that_is_cut_shares_its_time() -> None:
    first, second = split_line(line(" together"), "to", "gether")
    assert first.words == (Word(" to", 0.0, 1.0),)
    assert second.words == (Word(" gether", 1.0, 4.0),)


def test_a_language_without_spaces_has_none_after_it() -> None:
    assert texts(split_line(line("你好世界"), "你好", "世界")) == ["你好", "世界"]


def test_where_nothing_stands_on_one_side_it_stays_one_line() -> None:
    whole = line(" aa bb")
    assert split_line(whole, "", "aa bb") == (whole,)
    assert split_line(whole, "aa bb ", "") == (whole,)
    assert split_line(whole, " ", " ") == ()


def test_both_lines_are_of_the_speaker_of_the_one() -> None:
    whole = replace(line(" aa bb"), speaker="left")
    first, second = split_line(whole, "aa", "bb")
    assert (first.speaker, second.speaker) == ("left", "left")
    assert joined_lines(first, second) == whole


def test_what_two_speakers_said_becomes_the_first_ones() -> None:
    other = replace(line(" No.", 1, 2), speaker="right")
    joined = joined_lines(replace(line(" Yes?", 0, 1), speaker="left"), other)
    assert (joined.text, joined.speaker) == (" Yes? No.", "left")


@given(
    st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=6),
    st.text("ab ", max_size=5),
    st.data(),
)
def test_no_letter_is_lost_and_times_are_in_order(
    given_words: list[str], written: str, data: st.DataObject
) -> None:
    text = " ".join(given_words)
    at = data.draw(st.integers(0, len(text)))
    first, second = text[:at] + written, text[at:]
    lines = split_line(line(f" {text}"), first, second)
    assert "".join(texts(lines)).replace(" ", "") == (first + second).replace(" ", "")
    if len(lines) == 2:
        assert lines[0].text.strip() == " ".join(first.split())
        assert lines[1].text.strip() == " ".join(second.split())
    times = [time for each in lines for word in each.words for time in (word.start, word.end)]
    assert times == sorted(times)
