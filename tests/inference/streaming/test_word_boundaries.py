import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.word_boundaries import grouped_as
from sotto.spelling import letters

texts = st.lists(st.text("ab ß.-", min_size=1, max_size=5).map(lambda text: f" {text}"), max_size=6)


def words(*written: str) -> list[Word]:
    """One word each second."""
    return [Word(text, float(i), i + 1.0, 1.0 - i / 10) for i, text in enumerate(written)]


@pytest.mark.parametrize(
    ("heard", "head", "grouped"),
    [
        ([" Wood", " we"], [" wood"], [" Wood", " we"]),
        (
            [" the", " woodcutters,", " by"],
            [" the", " wood", " cutters"],
            [" the", " wood", "cutters,", " by"],
        ),
        ([" well-known"], [" well", " known"], [" well-", "known"]),
        ([" with", " held."], [" withheld"], [" with held."]),
        ([" withheld"], [" with"], [" with", "held"]),
        (["グ", "ーグル", "は"], ["グーグル"], ["グーグル", "は"]),
        ([" don't", " we"], [" dont"], [" don't", " we"]),
    ],
)
def test_words_are_divided_as_they_were(
    heard: list[str], head: list[str], grouped: list[str]
) -> None:
    divided = grouped_as(words(*heard), words(*head))
    assert divided is not None
    assert [word.text for word in divided] == grouped


@pytest.mark.parametrize(
    ("heard", "head"),
    [([" would"], [" wood"]), ([" wood"], [" wood", " cutters"]), ([" ß"], [" s"]), ([], [" a"])],
)
def test_other_words_are_not(heard: list[str], head: list[str]) -> None:
    assert grouped_as(words(*heard), words(*head)) is None


def test_a_divided_word_has_its_share_of_the_time_and_a_joined_one_all_of_it() -> None:
    assert grouped_as([Word(" abcd", 1.0, 2.0, 0.5)], [Word(" ab", 0.0, 1.0)]) == (
        Word(" ab", 1.0, 1.6, 0.5),
        Word("cd", 1.6, 2.0, 0.5),
    )
    joined = grouped_as([Word(" a", 1.0, 2.0, 0.5), Word(" b", 2.0, 3.0, 0.4)], words(" ab"))
    assert joined == (Word(" a b", 1.0, 3.0, 0.4),)


@given(texts, texts)
def test_nothing_is_lost_and_the_first_words_sound_as_those_of_the_head(
    heard: list[str], head: list[str]
) -> None:
    grouped = grouped_as(words(*heard), words(*head))
    if grouped is None:
        return
    assert "".join(word.text for word in grouped) == "".join(heard)
    assert [letters(word.text) for word in grouped[: len(head)]] == [letters(h) for h in head]


@given(texts.filter(lambda all_of_it: all(letters(text) for text in all_of_it)), st.data())
def test_every_other_division_of_the_same_letters_is_found(
    head: list[str], data: st.DataObject
) -> None:
    sounds = letters("".join(head).replace("ß", "a"))
    head = [text.replace("ß", "a") for text in head]
    heard, at = [], 0
    while at < len(sounds):
        n = data.draw(st.integers(1, len(sounds) - at))
        heard.append(" " + sounds[at : at + n])
        at += n
    assert grouped_as(words(*heard), words(*head)) is not None
