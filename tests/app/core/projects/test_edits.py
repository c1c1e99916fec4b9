"""Whatever is corrected, undone and done again, the text is what a plain list of texts would be."""

from collections.abc import Mapping

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sotto.app.core.projects.correction import untimed_words
from sotto.app.core.projects.document import Document, Line
from sotto.app.core.projects.edits import Edits
from tests.helpers.examples import examples

NAMES: tuple[dict[str, str], ...] = ({}, {"left": "Anna"}, {"left": "Anna", "right": "Ben"})
TEXTS = ("one two three", "a b", "c", "so it goes on")


def document() -> Document:
    lines = (
        Line(at, at + 1.0, untimed_words(f" {text}", at, at + 1.0), speaker="left")
        for at, text in enumerate(TEXTS)
    )
    return Document(tuple(lines))


class EditsMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.edits = Edits(document())
        self.texts: list[tuple[str, ...]] = [TEXTS]  # all that it was, up to now
        self.names: list[Mapping[str, str]] = [{}]  # and who was called what meanwhile
        self.undone: list[tuple[tuple[str, ...], Mapping[str, str]]] = []

    @precondition(lambda self: self.texts[-1])
    @rule(data=st.data(), text=st.text("ab c", max_size=9))
    def correct(self, data: st.DataObject, text: str) -> None:
        now = self.texts[-1]
        number = data.draw(st.integers(0, len(now) - 1))
        plain = " ".join(text.split())
        self.edits = self.edits.correct(number, text)
        if plain != now[number]:
            new = (plain,) if plain else ()
            self.becomes((*now[:number], *new, *now[number + 1 :]))

    @precondition(lambda self: self.texts[-1])
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        now = self.texts[-1]
        number = data.draw(st.integers(0, len(now) - 1))
        at = data.draw(st.integers(0, len(now[number])))
        parts = now[number][:at].strip(), now[number][at:].strip()
        self.edits = self.edits.split(number, now[number][:at], now[number][at:])
        if all(parts):
            self.becomes((*now[:number], *parts, *now[number + 1 :]))

    @precondition(lambda self: len(self.texts[-1]) > 1)
    @rule(data=st.data(), text=st.text("ab c", max_size=9))
    def join(self, data: st.DataObject, text: str) -> None:
        now = self.texts[-1]
        number = data.draw(st.integers(1, len(now) - 1))
        joined = f"{now[number - 1]} {' '.join(text.split())}".rstrip()
        self.edits = self.edits.join(number, text)
        self.becomes((*now[: number - 1], joined, *now[number + 1 :]))

    @rule(names=st.sampled_from(NAMES))
    def name(self, names: dict[str, str]) -> None:
        self.edits = self.edits.name(names)
        if names != self.names[-1]:
            self.becomes(self.texts[-1], names)

    def becomes(self, texts: tuple[str, ...], names: Mapping[str, str] | None = None) -> None:
        self.texts.append(texts)
        self.names.append(self.names[-1] if names is None else names)
        self.undone = []

    @rule()
    def undo(self) -> None:
        self.edits = self.edits.undo()
        if len(self.texts) > 1:
            self.undone.append((self.texts.pop(), self.names.pop()))

    @rule()
    def redo(self) -> None:
        self.edits = self.edits.redo()
        if self.undone:
            texts, names = self.undone.pop()
            self.texts.append(texts)
            self.names.append(names)

    @invariant()
    def it_says_the_same(self) -> None:
        lines = self.edits.document.lines
        assert tuple(line.text.strip() for line in lines) == self.texts[-1]
        assert self.edits.document.names == self.names[-1]
        assert len(self.edits.done) == len(self.texts) - 1
        assert len(self.edits.undone) == len(self.undone)
        words = [word for line in self.edits.document.lines for word in line.words]
        starts = [word.start for word in words]
        assert starts == sorted(starts)
        assert len(words) == self.edits.document.n_words


TestEdits = EditsMachine.TestCase
TestEdits.settings = settings(max_examples=examples(60), stateful_step_count=20, deadline=None)


def test_all_undone_is_the_very_document_of_the_beginning() -> None:
    first = document()
    edits = Edits(first).correct(1, "").correct(0, "one").correct(0, "")
    for _ in range(3):
        edits = edits.undo()
    assert edits.document == first


def test_names_are_in_one_row_without_brackets_and_an_empty_one_is_none() -> None:
    edits = Edits(document()).name({"left": "  [Anna\tMaria] ", "right": " "})
    assert edits.document.names == {"left": "Anna Maria"}
    assert edits.name({"left": "Anna Maria"}) is edits


def test_a_line_is_given_to_another_speaker_and_back() -> None:
    edits = Edits(document()).give(1, "right")
    assert [line.speaker for line in edits.document.lines] == ["left", "right", "left", "left"]
    assert edits.give(1, "right") is edits
    assert edits.undo().document == document()


def test_who_is_silent_can_be_given_lines_where_anybody_is_told_apart() -> None:
    assert document().speakers == ("left", "right")
    assert Document((Line(0.0, 1.0, untimed_words(" a", 0.0, 1.0)),)).speakers == ()


def test_there_is_no_such_line() -> None:
    with pytest.raises(IndexError):
        Edits(document()).correct(4, "no")
