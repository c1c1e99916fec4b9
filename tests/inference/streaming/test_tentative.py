from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.tentative import TentativeText

LONG_AFTER_S = 60.0  # the sound does not end in a word


def words(text: str, probability: float = 1.0) -> tuple[Word, ...]:
    """One word each 0.3 s, starting at 0 s."""
    sounds = enumerate(text.split())
    return tuple(Word(f" {w}", i * 0.3, (i + 1) * 0.3, probability) for i, w in sounds)


def show(tentative: TentativeText, text: str, audio_s: float = LONG_AFTER_S) -> str:
    return "".join(word.text for word in tentative.update(words(text), audio_s)).strip()


def test_the_end_follows_the_newest_decode() -> None:
    tentative = TentativeText()
    assert show(tentative, "the middle age") == "the middle age"
    assert show(tentative, "the middle ages were") == "the middle ages were"
    assert show(tentative, "the middle") == "the middle"


def test_a_change_inside_the_text_waits_for_a_second_decode() -> None:
    tentative = TentativeText()
    show(tentative, "that the cavaliers were coming")
    assert (
        show(tentative, "that the keviliers were coming to") == "that the cavaliers were coming to"
    )
    assert (
        show(tentative, "that the cavaliers were coming to") == "that the cavaliers were coming to"
    )
    assert (
        show(tentative, "that the keviliers were coming to") == "that the cavaliers were coming to"
    )
    assert (
        show(tentative, "that the keviliers were coming to") == "that the keviliers were coming to"
    )


@pytest.mark.parametrize(
    ("shown", "heard"),
    [
        ("it is numerous to say", "it is new rural to say"),  # one word becomes two
        ("it is very easy to say", "it is easy to say"),  # one is left out
        ("it is easy to say", "it is very easy to say"),  # one comes in
        ("it is easy to say", "is easy to say"),  # at the beginning
    ],
)
def test_words_may_come_and_go(shown: str, heard: str) -> None:
    tentative = TentativeText()
    show(tentative, shown)
    assert show(tentative, heard) == shown
    assert show(tentative, heard) == heard


def test_marks_and_capitals_follow_the_newest_decode() -> None:
    tentative = TentativeText()
    show(tentative, "it ended, Then we went")
    assert show(tentative, "It ended. Then we went") == "It ended. Then we went"


@pytest.mark.parametrize(("silence_s", "probability"), [(0.2, 0.5), (0.0, 0.6)])
def test_a_new_word_is_shown_once_it_is_likely(silence_s: float, probability: float) -> None:
    *first, last = words("one two")
    for likelihood, n in ((probability - 0.01, 1), (probability, 2)):
        heard = (*first, replace(last, probability=likelihood))
        assert len(TentativeText().update(heard, last.end_s + silence_s)) == n


def test_a_word_that_was_shown_stays_when_it_is_less_likely() -> None:
    tentative = TentativeText()
    heard = words("one two")
    tentative.update(heard, LONG_AFTER_S)
    unlikely = tuple(replace(word, probability=0.1) for word in (*heard, words("a b three")[-1]))
    assert tentative.update(unlikely, LONG_AFTER_S) == unlikely[:2]


def test_what_was_committed_is_left_out() -> None:
    tentative = TentativeText()
    show(tentative, "one two three four")
    tentative.commit(words("one two"))
    assert tentative.update(words("one two three fore five")[2:], LONG_AFTER_S)[0].text == " three"


def test_another_word_than_the_shown_one_may_be_committed() -> None:
    tentative = TentativeText()
    show(tentative, "won two three")
    tentative.commit(words("one"))
    assert show(tentative, "too three") == "too three"


texts = st.lists(st.sampled_from(["a", "b", "B,", "c", "d"]), max_size=6).map(" ".join)


@given(st.lists(texts, max_size=6), texts)
def test_what_two_decodes_hear_is_shown(before: list[str], heard: str) -> None:
    tentative = TentativeText()
    for text in before:
        show(tentative, text)
    show(tentative, heard)
    assert show(tentative, heard) == heard


@given(st.lists(texts, min_size=1, max_size=6))
def test_no_word_is_shown_that_no_decode_heard(heard: list[str]) -> None:
    tentative = TentativeText()
    for i, text in enumerate(heard):
        shown = show(tentative, text).split()
        assert set(shown) <= set(" ".join(heard[: i + 1]).split())
