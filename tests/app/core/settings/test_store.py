"""The store against a plain dict: what holds, who is told, what is saved."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from sotto.app.core.settings import Settings, SettingsStore, Theme, load, save, settings_path
from sotto.errors import SettingsError
from tests.helpers.examples import examples

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "model": TEXTS,
    "cues": st.booleans(),
    "font_size": st.integers(8, 10),
    "theme": st.sampled_from(Theme),
    "vocabulary": st.lists(TEXTS, max_size=2).map(tuple),
    "replacements": st.dictionaries(TEXTS, TEXTS, max_size=2),
}
CHANGES = st.fixed_dictionaries({}, optional=VALUES)
WRONG = st.sampled_from([("font_size", 100), ("theme", "purple"), ("colour", "red")])
NAMES = st.sets(st.sampled_from([*VALUES]))
COMMENTS = ("# Mine, since 2024.", "# for the beamer", "# People.")
WRITTEN = """\
# Mine, since 2024.
font_size = 9  # for the beamer

[replacements]
# People.
"""


@dataclass(eq=False)
class Subscriber:
    """Someone who asked for `names`, what they were told, and what they ought to have been."""

    names: set[str]
    told: list[Settings] = field(default_factory=list)
    expected: list[dict[str, Any]] = field(default_factory=list)
    is_over: bool = False
    unsubscribe: Callable[[], None] = lambda: None


class StoreMachine(RuleBasedStateMachine):
    """Changes, subscriptions and their ends in any order, on a file that a user wrote."""

    subscribers = Bundle("subscribers")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.environ = {"SOTTO_CONFIG_DIR": self.folder.name, "SOTTO_CUES": "no"}
        settings_path(self.environ).write_text(WRITTEN, encoding="utf-8")
        settings = load(environ=self.environ).settings
        self.store = SettingsStore(settings, lambda changes: save(changes, self.environ))
        self.model = asdict(settings)
        self.ours: list[Subscriber] = []
        self.saved: set[str] = set()

    @rule(target=subscribers, names=NAMES)
    def subscribe(self, names: set[str]) -> Subscriber:
        subscriber = Subscriber(names)
        subscriber.unsubscribe = self.store.subscribe(names, subscriber.told.append)
        self.ours.append(subscriber)
        return subscriber

    @rule(subscriber=consumes(subscribers))
    def unsubscribe(self, subscriber: Subscriber) -> None:
        subscriber.unsubscribe()
        subscriber.is_over = True

    @rule(changes=CHANGES)
    def change(self, changes: dict[str, Any]) -> None:
        changed = {name for name in changes if self.model[name] != changes[name]}
        self.model |= changes
        self.saved |= set(changes)
        for subscriber in self.ours:
            if subscriber.names & changed and not subscriber.is_over:
                subscriber.expected.append(dict(self.model))
        self.store.change(**changes)

    @rule(changes=CHANGES, wrong=WRONG)
    def refuse(self, changes: dict[str, Any], wrong: tuple[str, object]) -> None:
        with pytest.raises(SettingsError):
            self.store.change(**(changes | dict([wrong])))

    @invariant()
    def holds_what_the_dict_does(self) -> None:
        assert asdict(self.store.current) == self.model

    @invariant()
    def each_is_told_of_its_own_names_alone(self) -> None:
        for subscriber in self.ours:
            assert [asdict(settings) for settings in subscriber.told] == subscriber.expected

    def teardown(self) -> None:
        """The file says the same, in the user's hand."""
        loaded = load(environ=self.environ)
        assert loaded.warnings == ()
        assert asdict(loaded.settings) == self.model | {"cues": False}
        text = settings_path(self.environ).read_text(encoding="utf-8")
        assert all(comment in text for comment in COMMENTS)
        # What holds for this run alone is not written.
        assert ("cues" in text) == ("cues" in self.saved)
        self.folder.cleanup()


TestStore = StoreMachine.TestCase
TestStore.settings = hypothesis_settings(max_examples=examples(50), stateful_step_count=20)


def test_a_change_that_is_refused_leaves_everything_as_it_was() -> None:
    saved: list[object] = []
    told: list[object] = []
    store = SettingsStore(Settings(), saved.append)
    store.subscribe(["cues", "font_size"], told.append)
    with pytest.raises(SettingsError, match=r"^font_size = 3 is not between 8 and 48\.$"):
        store.change(cues=False, font_size=3)
    assert (store.current, saved, told) == (Settings(), [], [])


def test_values_are_kept_in_their_declared_type() -> None:
    store = SettingsStore(Settings())
    store.change(theme="dark", language="German", vocabulary=["Anna"])
    settings = store.current
    assert (settings.theme, settings.language, settings.vocabulary) == (
        Theme.DARK,
        "de",
        ("Anna",),
    )


def test_nobody_can_subscribe_to_what_is_no_setting() -> None:
    with pytest.raises(SettingsError, match="'colour'"):
        SettingsStore(Settings()).subscribe(["colour"], lambda _: None)


def test_what_a_subscriber_changes_is_told_after_its_own_news() -> None:
    store = SettingsStore(Settings())
    told: list[tuple[str, int, bool]] = []

    def answer(settings: Settings) -> None:
        told.append(("first", settings.font_size, settings.cues))
        store.change(cues=False)

    store.subscribe(["font_size"], answer)
    store.subscribe(
        ["font_size", "cues"],
        lambda settings: told.append(("second", settings.font_size, settings.cues)),
    )
    store.change(font_size=20)
    assert told == [("first", 20, True), ("second", 20, True), ("second", 20, False)]
    assert not store.current.cues


def test_who_is_unsubscribed_by_another_is_not_told_any_more() -> None:
    store = SettingsStore(Settings())
    told: list[Settings] = []
    store.subscribe(["cues"], lambda _: second())
    second = store.subscribe(["cues"], told.append)
    store.change(cues=False)
    second()
    assert told == []


def test_all_are_told_whatever_one_of_them_raises() -> None:
    store = SettingsStore(Settings())
    told: list[Settings] = []

    def fail(settings: Settings) -> None:
        store.change(font_size=settings.font_size + 1)
        raise ValueError("a defect")

    store.subscribe(["cues"], fail)
    store.subscribe(["cues", "font_size"], told.append)
    for cues in (False, True):
        with pytest.raises(ValueError, match="a defect"):
            store.change(cues=cues)
    heard = [(settings.cues, settings.font_size) for settings in told]
    assert heard == [(False, 14), (False, 15), (True, 15), (True, 16)]


def test_the_store_shares_no_table_with_whoever_changes_it() -> None:
    store, table = SettingsStore(Settings()), {"a": "b"}
    store.change(replacements=table)
    table["c"] = "d"
    assert store.current.replacements == {"a": "b"}
