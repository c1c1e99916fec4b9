"""Sound that is missing, and microphones that are away."""

from unittest.mock import ANY

import pytest

from sotto.app.core.events import (
    Dropped,
    Event,
    Final,
    Gap,
    Partial,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.dictating.session import Feed
from sotto.audio.input.source import Loss
from tests.helpers.session_scene import Scene, lose, speech, steadily
from tools.streaming_measures import n_commit_violations


def test_lost_samples_are_reported() -> None:
    scene = Scene(steadily(3), 4.0)
    scene.source.pending_losses = [Loss(16_000, 1_600, "samples lost: ring buffer full")]
    scene.run()
    (dropped,) = scene.of(Dropped)
    assert (dropped.start, dropped.end) == (1.0, 1.1)
    assert dropped.reason == "samples lost: ring buffer full"


@pytest.mark.parametrize("feed", list(Feed))
def test_an_utterance_ends_where_sound_is_missing(feed: Feed) -> None:
    scene = Scene(steadily(10, pitch_s=0.3), 6.0, feed=feed)
    lose(scene, 2.5, 1.2)
    scene.run()
    (gap,) = scene.of(Gap)
    assert (gap.start, gap.end) == (2.5, 3.7)
    before, after = scene.of(Final)
    assert before.end <= 2.5 <= after.start
    order = [event for event in scene.events if isinstance(event, Gap | Final)]
    assert order == [before, gap, after]
    assert n_commit_violations([e for e in scene.events if isinstance(e, Partial | Final)]) == 0


def test_what_was_said_before_a_gap_is_no_context_after_it() -> None:
    scene = Scene(steadily(4) + speech([8.0, 8.4, 8.8]), 11.0)
    scene.run()
    whole = scene.recogniser.contexts[-1]
    assert whole
    scene = Scene(steadily(4) + speech([8.0, 8.4, 8.8]), 11.0)
    lose(scene, 6.0, 1.0)
    scene.run()
    assert scene.recogniser.contexts[-1] == ""


def test_a_microphone_that_is_away_is_waited_for() -> None:
    scene = Scene(steadily(6), 6.0)

    def leave_and_come_back(event: Event) -> None:
        if isinstance(event, Partial):
            scene.source.is_away = True
        if isinstance(event, Waiting):
            scene.source.is_away = False

    scene.on_event = leave_and_come_back
    scene.run()
    told = [each for each in scene.events if isinstance(each, Waiting | StateChanged)]
    assert Waiting(ANY, ANY, "played") in told
    at = told.index(Waiting(ANY, ANY, "played"))
    assert told[at - 1] == told[at + 1] == StateChanged(SessionState.LISTENING)
    assert scene.heard() == scene.said()


def test_who_waits_for_a_microphone_can_stop() -> None:
    scene = Scene([], 600.0)
    scene.source.is_away = True
    scene.on_event = lambda event: scene.session.stop() if isinstance(event, Waiting) else None
    scene.run()
    assert scene.states[-1] is SessionState.STOPPED
    assert scene.clock.now() < 60.0
