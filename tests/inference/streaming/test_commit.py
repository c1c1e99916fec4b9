from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.streaming.commit import CommitRule, spoken, written_as
from sotto.inference.streaming.recogniser import Word


def words(text: str, ends: float = 0.3) -> list[Word]:
    """One word each 0.3 s, starting at 0 s."""
    return [Word(f" {w}", i * ends, (i + 1) * ends) for i, w in enumerate(text.split())]


def texts(committed: tuple[Word, ...]) -> list[str]:
    return [word.text.strip() for word in committed]


def test_one_decode_commits_nothing() -> None:
    assert CommitRule().observe(words("one two three"), 5.0) == ()


def test_two_decodes_that_agree_commit_all_but_the_last_word() -> None:
    rule = CommitRule()
    rule.observe(words("one two three"), 5.0)
    assert texts(rule.observe(words("one two three"), 5.4)) == ["one", "two"]


def test_agreement_ends_at_the_first_difference() -> None:
    rule = CommitRule()
    rule.observe(words("one too three four"), 5.0)
    assert texts(rule.observe(words("one two three four"), 5.4)) == ["one"]


def test_decodes_of_nearly_the_same_audio_do_not_count_as_two() -> None:
    rule = CommitRule()
    rule.observe(words("one two three"), 5.0)
    assert rule.observe(words("one two three"), 5.2) == ()
    assert texts(rule.observe(words("one two three"), 5.3)) == ["one", "two"]


def test_a_word_near_the_end_of_the_audio_is_not_committed() -> None:
    rule = CommitRule()
    rule.observe(words("one two three four"), 0.8)
    # "two" ends 0.55 s before the end of the audio, "three" 0.25 s.
    assert texts(rule.observe(words("one two three four"), 1.15)) == ["one", "two"]


def test_jittered_times_do_not_keep_words_from_agreeing() -> None:
    rule = CommitRule()
    rule.observe([Word(" one", 0.0, 0.3), Word(" two", 0.5, 0.4), Word(" three", 0.6, 0.9)], 2.0)
    second = [Word(" one", 0.1, 0.4), Word(" two", 0.4, 0.6), Word(" three", 0.7, 0.9)]
    assert texts(rule.observe(second, 2.4)) == ["one", "two"]


def test_words_are_committed_as_the_newest_decode_writes_them() -> None:
    rule = CommitRule()
    rule.observe(words("Hello, world again"), 9.0)
    assert texts(rule.observe(words("Hello. World again"), 9.4)) == ["Hello.", "World"]


def test_words_are_committed_while_their_punctuation_still_changes() -> None:
    rule = CommitRule()
    rule.observe(words("one two, Three four"), 1.2)
    assert texts(rule.observe(words("one two. three four"), 1.7)) == ["one", "two.", "three"]


@pytest.mark.parametrize(("probability", "n"), [(0.8, 2), (0.79, 3), (0.3, 3), (0.29, 4), (0.0, 4)])
def test_the_less_likely_a_word_is_the_more_decodes_must_agree(probability: float, n: int) -> None:
    heard = words("that there arrangement on the page")
    heard[1] = replace(heard[1], probability=probability)  # "their", perhaps
    rule = CommitRule()
    committed: list[str] = []
    for i in range(n):
        assert "there" not in committed
        committed += texts(rule.observe(heard[len(committed) :], 1.5 + 0.3 * i))
    assert committed[:2] == ["that", "there"]


def test_the_least_likely_decode_of_a_word_counts() -> None:
    heard = words("there it is")
    rule = CommitRule()
    rule.observe([replace(word, probability=0.5) for word in heard], 2.0)
    assert rule.observe(heard, 2.3) == ()
    assert texts(rule.observe(heard, 2.6)) == ["there", "it"]


def test_a_decode_that_hears_another_word_ends_the_row() -> None:
    rule = CommitRule()
    for i, text in enumerate(["let it go", "that it goes", "let it go", "let it go"]):
        heard = [replace(word, probability=0.5) for word in words(text)]
        assert rule.observe(heard, 2.0 + 0.3 * i) == ()
    assert texts(rule.observe(heard, 3.2)) == ["let", "it"]


def test_of_words_far_back_two_decodes_are_enough() -> None:
    heard = [replace(word, probability=0.1) for word in words("one two three")]
    rule = CommitRule()
    rule.observe(heard, 2.0)
    assert texts(rule.observe(heard, 3.4)) == ["one"]  # it ended 3.1 s ago


def test_what_was_committed_is_not_compared_again() -> None:
    rule = CommitRule()
    rule.observe(words("one two three"), 5.0)
    rule.observe(words("one two three"), 5.4)
    assert texts(rule.observe(words("one two three four")[2:], 5.8)) == ["three"]


def test_forced_words_that_an_earlier_decode_heard_otherwise_make_it_void() -> None:
    rule = CommitRule()
    rule.observe(words("one too three four"), 5.0)
    rule.force(words("one two"))
    assert rule.observe(words("one two three four five")[2:], 5.4) == ()


def test_words_are_written_as_they_are_heard_now() -> None:
    committed, heard = (
        words("the train leafs now and we go"),
        words("The train leaves, now. And we"),
    )
    anew = written_as(committed, heard)
    assert [word.text.strip() for word in anew] == [
        "The",
        "train",
        "leafs",
        "now.",
        "And",
        "we",
        "go",
    ]


def test_a_word_that_is_said_again_later_is_another_one() -> None:
    committed = (Word(" fear", 0.3, 0.6), Word(" that", 0.6, 0.8), Word(" we", 0.8, 0.9))
    heard = (
        Word(" Fear", 0.3, 0.6),
        Word(" they", 0.6, 0.8),
        Word(" would", 0.8, 0.9),
        Word(" all", 3.2, 3.6),
        Word(" that", 3.6, 3.8),
    )
    assert written_as(committed, heard) == (heard[0], *committed[1:])


@given(st.lists(st.sampled_from(["a", "b,", "C"])), st.lists(st.sampled_from(["A", "b", "c."])))
def test_words_stay_the_same_words_however_they_are_written(
    some: list[str], others: list[str]
) -> None:
    committed = words(" ".join(some))
    anew = written_as(committed, words(" ".join(others)))
    assert [spoken(word) for word in anew] == [spoken(word) for word in committed]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8), max_size=12))
def test_a_committed_word_was_heard_by_two_decodes_in_the_same_place(
    decodes: list[list[str]],
) -> None:
    rule = CommitRule()
    committed: list[str] = []
    earlier: list[list[str]] = []
    for i, tail in enumerate(decodes):
        heard = [*committed, *tail]
        tail_words = words(" ".join(heard))[len(committed) :]
        agreed = texts(rule.observe(tail_words, 10.0 + i * 0.4))
        assert agreed == tail[: len(agreed)]
        assert len(agreed) < max(1, len(tail))
        committed += agreed
        assert not agreed or earlier[-1][: len(committed)] == committed
        earlier.append(heard)
