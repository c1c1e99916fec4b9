"""Utterances that follow one another closely are heard together."""

import pytest

from sotto.app.core.events import Final, Partial
from sotto.app.dictating.session import Feed
from tests.helpers.session_scene import Scene, lose, speech
from tests.helpers.session_scripts import (
    assert_append_only,
    assert_every_sample_of_a_segment_was_heard,
)
from tools.streaming_measures import n_commit_violations

SENTENCE = [1.0, 1.4, 1.8]


def spoken(pause_s: float, *, long_s: float = 0.0) -> Scene:
    """Somebody says three words, pauses, and says three more."""
    first = [0.4 * i + 1.0 for i in range(round(long_s / 0.4))] or SENTENCE
    rest = [first[-1] + 0.3 + pause_s + 0.4 * i for i in range(3)]
    return Scene(speech([*first, *rest]), rest[-1] + 2.0)


@pytest.mark.parametrize(
    ("pause_s", "n_segments"), [(0.8, 1), (1.3, 1), (1.9, 1), (2.2, 2), (6.0, 2)]
)
def test_after_a_short_pause_both_are_heard_together(pause_s: float, n_segments: int) -> None:
    scene = spoken(pause_s).run()
    first, second = scene.of(Final)
    assert (first.text, second.text) == ("0 1 2", "3 4 5")
    assert len(scene.recogniser.segments) == n_segments
    assert (first.end == second.start) == (n_segments == 1)
    assert_append_only(scene.events)
    assert_every_sample_of_a_segment_was_heard(scene)


def test_each_has_its_own_number_and_text_from_its_first_partial_on() -> None:
    scene = spoken(1.0).run()
    first, second = scene.of(Final)
    assert second.utterance == first.utterance + 1
    texts = [p.committed + p.tentative for p in scene.of(Partial) if p.utterance == 1]
    assert texts[0] == "3"
    assert texts[-1] == "3 4 5"
    assert n_commit_violations([e for e in scene.events if isinstance(e, Partial | Final)]) == 0


def test_a_sentence_that_goes_on_is_told_from_a_new_one() -> None:
    script = [("we", 1.0, 1.3), ("rest", 1.4, 1.7), ("and", 2.8, 3.1), ("go", 3.2, 3.5)]
    scene = Scene([*script, ("Then", 4.6, 4.9)], 7.0).run()
    joined_by = [(final.text, final.joined_by) for final in scene.of(Final)]
    assert joined_by == [("we rest", None), ("and go", ""), ("Then", None)]
    partials = [p for p in scene.of(Partial) if p.utterance == 1]
    assert {p.joined_by for p in partials} == {""}


def test_what_was_long_is_not_heard_again() -> None:
    scene = spoken(1.0, long_s=12.0).run()
    assert len(scene.recogniser.segments) == 1
    before = max(seconds for _, seconds in scene.recogniser.decodes[:-8])
    assert before > 11
    assert all(seconds < 10 for _, seconds in scene.recogniser.decodes[-3:])
    assert scene.heard() == scene.said()


@pytest.mark.parametrize("feed", list(Feed))
def test_what_was_said_before_a_gap_is_not_heard_with_what_follows(feed: Feed) -> None:
    scene = Scene(speech([*SENTENCE, 3.8, 4.2]), 6.0, feed)
    lose(scene, 3.1, 0.4)
    scene.run()
    assert len(scene.recogniser.segments) == 2
