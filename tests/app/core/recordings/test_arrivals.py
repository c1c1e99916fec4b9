"""A watched folder: each file once, when it is whole."""

from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sotto.app.core.recordings.arrivals import SETTLED_S, Arrivals, Stamp
from tests.helpers.examples import examples

A, B = Path("a.wav"), Path("b.wav")


def test_a_file_is_whole_when_it_has_not_changed_for_a_while() -> None:
    arrivals = Arrivals()
    assert arrivals.whole({A: Stamp(1, 1, 10, 1)}, 0.0) == []
    assert arrivals.whole({A: Stamp(1, 1, 20, 2)}, SETTLED_S) == []
    assert arrivals.whole({A: Stamp(1, 1, 20, 2)}, 2 * SETTLED_S - 0.1) == []
    assert arrivals.whole({A: Stamp(1, 1, 20, 2)}, 2 * SETTLED_S) == [A]
    assert arrivals.whole({A: Stamp(1, 1, 20, 2)}, 9.0) == [A]  # until it is dealt with
    arrivals.deal_with(Stamp(1, 1, 20, 2))
    assert arrivals.whole({A: Stamp(1, 1, 20, 2)}, 99.0) == []


def test_another_name_makes_no_other_recording_of_it() -> None:
    arrivals = Arrivals()
    arrivals.deal_with(Stamp(1, 1, 20, 2))
    for now_s in (0.0, SETTLED_S):
        assert arrivals.whole({B: Stamp(1, 1, 20, 2)}, now_s) == []


def test_an_empty_file_has_not_arrived() -> None:
    arrivals = Arrivals()
    for now_s in (0.0, SETTLED_S, 99.0):
        assert arrivals.whole({A: Stamp(1, 1, 0, 2)}, now_s) == []


class Folder(RuleBasedStateMachine):
    """Files are written in pieces, renamed, removed and replaced, while time goes on."""

    @initialize()
    def begin(self) -> None:
        self.arrivals = Arrivals()
        self.now_s, self.inode = 0.0, 0
        self.files: dict[Path, Stamp] = {}
        self.changed_s: dict[Stamp, float] = {}
        self.heard: list[Stamp] = []

    @rule(name=st.sampled_from("abc"), n_bytes=st.integers(0, 3))
    def write(self, name: str, n_bytes: int) -> None:
        path = Path(f"{name}.wav")
        if path not in self.files:
            self.inode += 1
        inode = self.files[path].inode if path in self.files else self.inode
        before = self.files[path].n_bytes if path in self.files else 0
        self.files[path] = Stamp(1, inode, before + n_bytes, round(self.now_s * 10))
        self.changed_s.setdefault(self.files[path], self.now_s)

    @rule(name=st.sampled_from("abc"), other=st.sampled_from("abc"))
    def rename(self, name: str, other: str) -> None:
        if (stamp := self.files.pop(Path(f"{name}.wav"), None)) is not None:
            self.files[Path(f"{other}.wav")] = stamp

    @rule(name=st.sampled_from("abc"))
    def remove(self, name: str) -> None:
        self.files.pop(Path(f"{name}.wav"), None)

    @rule(seconds=st.sampled_from((0.1, 1.0, 3.0)))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    @rule()
    def look(self) -> None:
        for path in self.arrivals.whole(self.files, self.now_s):
            stamp = self.files[path]
            assert stamp.n_bytes > 0
            assert self.now_s - self.changed_s[stamp] >= SETTLED_S
            self.heard.append(stamp)
            self.arrivals.deal_with(stamp)

    @invariant()
    def nothing_is_heard_twice(self) -> None:
        assert len(self.heard) == len(set(self.heard))

    def teardown(self) -> None:
        """All that stay are heard in the end."""
        for _ in range(2):
            self.now_s += SETTLED_S + 0.1
            self.look()
        assert {stamp for stamp in self.files.values() if stamp.n_bytes} <= set(self.heard)


TestFolder = Folder.TestCase
TestFolder.settings = settings(max_examples=examples(60), stateful_step_count=25)
