"""Whatever is done in whatever order, the history holds what a plain list would."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sotto.app.core.history import Dictated, Entry, History
from sotto.app.core.history.folding import fold, found_spans
from tests.helpers.examples import examples

SILENCE = np.zeros(160, dtype=np.float32)
TEXTS = st.text(max_size=30) | st.text("aAáÁ bß%_\"'*\n", max_size=12)


@dataclass(frozen=True)
class Kept:
    entry: Entry
    age_days: int


class HistoryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "history.sqlite3"
        self.history = History(self.path)
        self.kept: list[Kept] = []

    def teardown(self) -> None:
        self.history.close()
        self.folder.cleanup()

    @rule(text=TEXTS, age_days=st.integers(0, 200), with_sound=st.booleans())
    def add(self, text: str, age_days: int, with_sound: bool) -> None:
        when = datetime.now().astimezone() - timedelta(days=age_days)
        dictated = Dictated(text, 0.0, 0.01, "one", when=when)
        entry = self.history.add(dictated, SILENCE if with_sound else None)
        assert entry.text == text
        self.kept.append(Kept(entry, age_days))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        ids = data.draw(st.sets(st.integers(0, len(self.kept) + 3), max_size=4))
        self.history.delete(ids)
        self.kept = [each for each in self.kept if each.entry.id not in ids]

    @rule()
    def delete_all(self) -> None:
        self.history.delete_all()
        self.kept = []

    @rule(days=st.integers(1, 200))
    def forget(self, days: int) -> None:
        # What is added as a whole number of days old is a moment older than that by now.
        old = [each for each in self.kept if each.age_days >= days]
        assert self.history.forget_older_than(days) == len(old)
        self.kept = [each for each in self.kept if each not in old]

    @rule()
    def open_again(self) -> None:
        self.history.close()
        self.history = History(self.path)
        assert self.history.warning is None

    @rule(words=TEXTS, limit=st.integers(1, 5))
    def search_in_pages(self, words: str, limit: int) -> None:
        found: list[Entry] = []
        while page := self.history.search(
            words, limit=limit, before=found[-1].id if found else None
        ):
            assert len(page) <= limit
            found += page
        wanted = fold(words).split()
        assert found == [
            each.entry
            for each in reversed(self.kept)
            if all(word in fold(each.entry.text) for word in wanted)
        ]

    @invariant()
    def sounds_are_those_of_the_entries(self) -> None:
        wanted = {each.entry.sound for each in self.kept} - {None}
        assert set((self.path.parent / "history-sound").glob("*")) == wanted


HistoryMachine.TestCase.settings = settings(
    max_examples=examples(30), stateful_step_count=15, deadline=None
)
TestHistory = HistoryMachine.TestCase


@given(TEXTS, TEXTS, TEXTS)
def test_a_part_of_a_text_is_a_part_of_it_when_folded(before: str, part: str, after: str) -> None:
    assert fold(part) in fold(before + part + after)


@given(TEXTS, TEXTS)
def test_what_is_marked_is_what_was_found(text: str, words: str) -> None:
    spans = found_spans(text, words)
    wanted = fold(words).split()
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert any(word in fold(text[start:end]) for word in wanted)
    for word in wanted:
        assert (word in fold(text)) == any(word in fold(text[start:end]) for start, end in spans)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Le café, le CAFE\u0301.", "cafe le", ["Le", "café", "le", "CAFE"]),
        ("Straße", "ss", ["ß"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("👋 wave", "wave 👋", ["👋", "wave"]),
        ("nothing", "", []),
    ],
)
def test_marks(text: str, words: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in found_spans(text, words)] == marked


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
