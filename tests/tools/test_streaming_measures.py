import math

import pytest

from sotto.app.core.events import Event, Final, Partial
from tools import streaming_measures as measures

EVENTS: list[Event] = [
    Partial(1.0, 0.9, "", "The tree"),
    Partial(1.4, 1.3, "The", " train leaves"),
    Final(2.0, 1.9, 0.0, 1.9, "The train leaves."),
    Partial(3.0, 2.9, "", "Now"),
    Final(3.5, 3.4, 2.5, 3.4, "Now."),
]


def test_when_words_are_seen_and_committed() -> None:
    shown = measures.displays(EVENTS)
    assert shown[-1].words == ["the", "train", "leaves", "now"]
    assert measures.first_seen(shown) == [1.0, 1.4, 1.4, 3.0]
    assert [s.t for s in measures.first_committed(shown)] == [1.4, 2.0, 2.0, 3.5]


def test_erasure_counts_words_that_were_taken_back() -> None:
    assert measures.n_erased(measures.displays(EVENTS)) == 1  # "tree"


def test_commit_violations() -> None:
    assert measures.n_commit_violations(EVENTS) == 0
    changed: list[Event] = [
        Partial(0.0, 0.0, "The", ""),
        Partial(0.4, 0.4, "A", ""),
        Final(1, 1, 0, 1, "The"),
    ]
    assert measures.n_commit_violations(changed) == 2


def test_a_final_may_punctuate_committed_words_and_give_them_in_parts() -> None:
    events: list[Event] = [
        Partial(1.0, 1.0, "the train leaves now we", " go"),
        Final(1.0, 1.0, 0.0, 0.8, "The train leaves."),
        Partial(1.0, 1.0, "now we", " go"),
        Final(2.0, 2.0, 0.8, 2.0, "Now, we go."),
    ]
    assert measures.n_commit_violations(events) == 0
    assert measures.n_commit_violations(events[:-1]) == 1  # two words are in no final
    assert measures.n_commit_violations([*events[:2], events[3]]) == 0


def test_marks_and_capitals() -> None:
    file = "The train leaves. Now, we go."
    assert measures.marks_f1([(file, file)]) == 1
    # Six there, one of them found; and one that is not there.
    assert measures.marks_f1([(file, "The train leaves now we go, home")]) == pytest.approx(2 / 7)
    assert measures.marks_f1([("well", "well")]) == 1


def test_finals_that_end_inside_a_sentence() -> None:
    events: list[Event] = [
        Final(1.0, 1.0, 0.0, 1.0, "The train."),
        Final(2.0, 2.0, 1.0, 2.0, "Leaves now."),
        Final(3.0, 3.0, 2.0, 3.0, "We go"),
    ]
    assert measures.n_cuts_inside_sentences(events, "The train leaves now. We go.") == 1


def test_average_lagging() -> None:
    # Words come 1 s apart, each 0.5 s after it began: each lags by half a second.
    assert measures.laal_s([0.5, 1.5, 2.5, 3.5], 4, 4.0) == pytest.approx(0.5)
    # All of them at the end: 4 s for the first, which ends the average.
    assert measures.laal_s([4.0, 4.0], 2, 4.0) == pytest.approx(4.0)


def test_percentiles_are_values_that_occurred() -> None:
    assert measures.percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert measures.percentile(list(range(1, 11)), 90) == 9
    assert math.isnan(measures.percentile([], 50))


def test_what_is_written_has_no_full_stop_inside_a_sentence() -> None:
    events: list[Event] = [
        Partial(0.5, 0.5, "", "We rest"),
        Final(1.0, 1.0, 0.0, 1.0, "We rest."),
        Final(2.0, 2.0, 1.0, 2.0, "and go on.", joined_by=","),
        Final(3.0, 3.0, 2.0, 3.0, "We go."),
    ]
    assert measures.written(events) == "We rest, and go on. We go."
