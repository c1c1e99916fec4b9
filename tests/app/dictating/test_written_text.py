import pytest

from sotto.app.core.events import Dropped, Final, Gap, Partial
from sotto.app.core.settings import InsertWhen, Settings
from sotto.app.core.words import Insert
from sotto.app.dictating.phases import Purpose
from sotto.app.dictating.written_text import Passage, Place, WrittenText
from tests.helpers.dictated import Paper

HERE = Place(1, Purpose.WINDOW)


def after(*finals: str, settings: Settings | None = None) -> tuple[WrittenText, Passage]:
    text, passage = WrittenText(settings or Settings()), Passage()
    for number, words in enumerate(finals):
        text.hear(HERE, Partial(number, number, words, ""), 0.0)
        passage = text.hear(HERE, Final(number, number, number, number + 1, words), 0.0)
    return text, passage


@pytest.mark.parametrize(
    ("finals", "expected"),
    [
        (("Dear Anna comma", "How are you?"), "Dear Anna,\nhow are you?\n"),
        (("One new line two.",), "One\nTwo.\n"),
        (("First.", "Second.", "Scratch that."), "First.\n"),
        (("First.", "Second.", "Scratch that.", "Third."), "First.\nThird.\n"),
        (("First.", "Scratch that.", "Scratch that."), ""),
        (("Say literal comma.",), "Say comma.\n"),
    ],
)
def test_spoken_commands_are_obeyed(finals: tuple[str, ...], expected: str) -> None:
    text, _ = after(*finals)
    assert text.transcript.text == expected
    assert text.transcript.live == ""


@pytest.mark.parametrize(
    ("first", "rest", "joined_by", "expected"),
    [
        ("We rest.", "and go on.", ",", "We rest, and go on."),
        ("We rest.", "and go on.", "", "We rest and go on."),
        ("We rest.", "And go on.", None, "We rest. And go on."),
        ("We rest full stop", "and go on.", ",", "We rest. And go on."),  # it was said
        ("We rest exclamation mark", "and go on.", "", "We rest! And go on."),
        ("We rest", "and go on.", "", "We rest and go on."),
        ("We rest.", "full stop and go on.", "", "We rest. And go on."),
    ],
)
@pytest.mark.parametrize("is_early", [False, True])
def test_a_sentence_that_goes_on_has_no_full_stop_inside(
    first: str, rest: str, joined_by: str | None, expected: str, *, is_early: bool
) -> None:
    paper = Paper()
    when = InsertWhen.COMMITTED if is_early else InsertWhen.FINAL
    text, place = WrittenText(Settings(insert_when=when)), Place(1, Purpose.APPLICATION)
    for number, (words, joined) in enumerate([(first, None), (rest, joined_by)]):
        partial = Partial(number, number, words, "", joined_by=joined)
        final = Final(number, number, number, number + 1, words, joined_by=joined)
        for event in (partial, final):
            paper.carry_out(text.hear(place, event, 0.0).actions)
    assert paper.text == expected
    lines = text.transcript.text.replace("\n", " ").strip()
    assert lines.replace(" .", ".") == expected


@pytest.mark.parametrize(
    ("first", "joined_by"), [("We rest.", ","), ("We rest", None), ("We rest full stop", None)]
)
def test_only_a_mark_that_was_taken_back_is_told_to_be(first: str, joined_by: str | None) -> None:
    text = WrittenText(Settings())
    text.hear(HERE, Final(1, 1, 0, 1, first), 0.0)
    final = text.hear(HERE, Final(2, 2, 1, 2, "and go on.", joined_by=","), 0.0).final
    assert final is not None
    assert final.joined_by == joined_by


def test_without_commands_the_words_are_written() -> None:
    text, _ = after("Say comma.", settings=Settings(spoken_commands=False))
    assert text.transcript.text == "Say comma.\n"


@pytest.mark.parametrize("purpose", [Purpose.WINDOW, Purpose.APPLICATION])
def test_a_gap_parts_sentences_and_is_written_nowhere_else(purpose: Purpose) -> None:
    text, place = WrittenText(Settings()), Place(1, purpose)
    heard = (Final(2, 2, 0, 2, "I went to"), Gap(3, 2, 3.5, "away"), Final(5, 4, 2, 4, "The shop."))
    passages = [text.hear(place, event, 0.0) for event in heard]
    assert text.transcript.text == "I went to\n[1.5 s of sound missing]\nThe shop.\n"
    if purpose is Purpose.APPLICATION:
        written = [action for passage in passages for action in passage.actions]
        assert written == [Insert("I went to"), Insert(" The shop.")]


def test_the_wish_to_stop_is_told_once() -> None:
    text, passage = after("Done. Stop listening.")
    assert passage.asks_to_stop
    assert text.transcript.text == "Done.\n"
    assert not text.hear(HERE, Dropped(1, 0, 1, "no speech"), 0.0).asks_to_stop


def test_scratching_in_an_application_leaves_the_windows_paragraph_alone() -> None:
    text, _ = after("Mine.")
    there = Place(2, Purpose.APPLICATION)
    text.hear(there, Final(1, 1, 0, 1, "Scratch that."), 0.0)
    assert text.transcript.text == "Mine.\n"
