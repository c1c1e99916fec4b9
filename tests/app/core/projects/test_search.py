from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.projects.correction import untimed_words
from sotto.app.core.projects.document import Document, Line, Word
from sotto.app.core.projects.search import Found, WordTimes, find


def document(*texts: str) -> Document:
    return Document(tuple(Line(0.0, 1.0, untimed_words(text, 0.0, 1.0)) for text in texts))


def test_words_are_found_whatever_their_capitals_and_wherever_they_begin() -> None:
    found = find(document(" The cat sat.", " Cats concatenate."), "CAT")
    assert found == (Found(0, 1, 1), Found(1, 0, 0), Found(1, 1, 1))


def test_several_words_are_one_place() -> None:
    assert find(document(" one two three two"), "two  three") == (Found(0, 1, 2),)


def test_nothing_is_found_of_nothing() -> None:
    assert find(document(" one"), "  ") == ()


def test_words_of_two_who_speak_at_once_are_in_order_of_time() -> None:
    long = Line(0.0, 9.0, (Word(" aa", 0.0, 1.0), Word(" bb", 8.0, 9.0)))
    short = Line(4.0, 5.0, (Word(" cc", 4.0, 5.0),))
    times = WordTimes(Document((long, short)))
    places = [times.place_at(place_s) for place_s in (0.0, 3.9, 4.0, 7.9, 8.0, 99.0)]
    assert places == [(0, 0), (0, 0), (1, 0), (1, 0), (0, 1), (0, 1)]
    assert times.place_at(-0.1) is None


@given(
    st.lists(st.text("aAß İ", min_size=1).filter(str.strip), max_size=4),
    st.text("aß i", max_size=3),
)
def test_there_are_as_many_places_as_a_text_has(texts: list[str], wanted: str) -> None:
    shown = document(*texts)
    plain = " ".join(wanted.casefold().split())
    expected = sum(line.text.casefold().count(plain) for line in shown.lines) if plain else 0
    found = find(shown, wanted)
    assert len(found) == expected
    for each in found:
        assert 0 <= each.first <= each.last < len(shown.lines[each.line].words)
