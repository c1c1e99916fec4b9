"""Whatever is said, and however slow the machine: every word once."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sotto.app.core.events import (
    Event,
    Final,
    Lag,
    Partial,
    SessionState,
)
from sotto.app.dictating.session import Feed
from sotto.audio.input.source import SAMPLE_RATE
from tests.helpers.examples import examples
from tests.helpers.scripted_recogniser import Errors, Spoken
from tests.helpers.session_scene import Scene, steadily
from tests.helpers.session_scripts import (
    assert_append_only,
    assert_every_sample_of_a_segment_was_heard,
    scripts,
)

errors = st.builds(
    Errors,
    jitter_s=st.sampled_from([0.0, 0.05]),
    wrong_last=st.booleans(),
    flicker=st.sampled_from([0.0, 0.2, 1.0]),
    compute_s=st.sampled_from([0.0, 0.05, 0.3, 2.0, 9.0]),
    seed=st.integers(0, 100),
)


@given(
    script=scripts(),
    cut_s=st.floats(0.0, 1.5),
    feed=st.sampled_from(Feed),
    errors=errors,
    load_s=st.sampled_from([0.0, 4.0, 70.0]),
)
@example([("0", 1.99609375, 2.59609375)], 0.8, Feed.LIVE, Errors(), 0.0)  # ends within its middle
@settings(max_examples=examples(100))
def test_no_word_is_lost_or_doubled(
    script: list[Spoken], cut_s: float, feed: Feed, errors: Errors, load_s: float
) -> None:
    """Whatever is said, however slow the machine, wherever the sound ends."""
    end_s = max(0.1, script[-1][2] + 0.5 - cut_s) if script else 3.0
    scene = Scene(script, end_s, feed, errors, load_s).run()
    heard_until_s = round(end_s * SAMPLE_RATE) / SAMPLE_RATE  # as the scene makes its sound
    assert scene.heard() == scene.said(until_s=heard_until_s)
    assert_append_only(scene.events)
    assert_every_sample_of_a_segment_was_heard(scene)
    assert scene.states[-1] is SessionState.STOPPED
    assert scene.source.n_closed


@given(script=scripts(), stop_s=st.floats(0.0, 20.0), compute_s=st.sampled_from([0.0, 0.3, 5.0]))
@settings(max_examples=examples(50))
def test_stopping_loses_nothing_that_was_said(
    script: list[Spoken], stop_s: float, compute_s: float
) -> None:
    scene = Scene(script, 60.0, errors=Errors(compute_s=compute_s))
    stopped: list[float] = []

    def stop_in_time(_: Event) -> None:
        if not stopped and scene.clock.now() >= stop_s:
            stopped.append(scene.clock.now())
            scene.session.stop()

    scene.on_event = stop_in_time  # there are 20 level events a second
    scene.run()
    assert stopped
    certain = [w for w, _, end in script if end < stopped[0] - 0.1]
    possible = [w for w, start, _ in script if start < scene.clock.now() + 0.1]
    assert scene.heard()[: len(certain)] == certain
    assert scene.heard() == possible[: len(scene.heard())]
    assert_append_only(scene.events)


def test_words_appear_while_they_are_spoken() -> None:
    scene = Scene(steadily(20), 10.0).run()
    partials = scene.of(Partial)
    for word, _, end in scene.script:
        shown = next(p for p in partials if word in (p.committed + p.tentative).split())
        assert shown.t - end < 0.5
    assert [len(p.committed.split()) for p in partials][-1] >= 17


def test_slow_decoding_merges_partials_and_reports_the_lag() -> None:
    fast = Scene(steadily(40), 18.0).run()
    slow = Scene(steadily(40), 18.0, errors=Errors(compute_s=2.0)).run()
    assert len(slow.of(Partial)) <= 8 < len(fast.of(Partial))
    assert max(lag.lag_s for lag in slow.of(Lag)) >= 2.0
    assert max(lag.lag_s for lag in fast.of(Lag)) < 0.1
    assert max(lag.real_time_factor for lag in slow.of(Lag)) > 0.5
    assert slow.heard() == slow.said()
    # Each decode takes all that has arrived: the lag does not grow from partial to partial.
    assert max(p.t - p.audio for p in slow.of(Partial)) < 2.5


def test_endless_speech_gives_committed_text_before_it_ends() -> None:
    scene = Scene(steadily(150), 65.0, errors=Errors(flicker=1.0)).run()
    assert len(scene.of(Final)) == 1
    assert len(scene.of(Partial)[-1].committed.split()) > 100
    assert scene.heard() == scene.said()


@pytest.mark.parametrize("compute_s", [0.01, 3.0])
def test_an_unpaced_source_gives_the_same_on_any_machine(compute_s: float) -> None:
    script = steadily(12)
    reference = Scene(script, 8.0, Feed.UNPACED).run()
    other = Scene(script, 8.0, Feed.UNPACED, Errors(compute_s=compute_s)).run()
    texts = [(p.audio, p.committed, p.tentative) for p in reference.of(Partial)]
    assert texts == [(p.audio, p.committed, p.tentative) for p in other.of(Partial)]
    assert len(texts) >= 10
    assert reference.heard() == other.heard() == reference.said()


def test_an_unpaced_source_gives_the_texts_that_a_live_one_gives() -> None:
    live, unpaced = (Scene(steadily(12), 8.0, feed).run() for feed in (Feed.LIVE, Feed.UNPACED))
    assert [f.text for f in live.of(Final)] == [f.text for f in unpaced.of(Final)]
    assert [(f.start, f.end) for f in live.of(Final)] == [
        (f.start, f.end) for f in unpaced.of(Final)
    ]


def test_a_live_source_is_heard_while_the_model_loads() -> None:
    scene = Scene(steadily(5), 5.0, load_s=4.0).run()
    assert scene.heard() == scene.said()
    assert scene.of(Final)[0].t >= 4.0


def test_a_played_file_waits_for_the_model() -> None:
    scene = Scene(steadily(5), 5.0, Feed.PLAYED, load_s=4.0)
    scene.run()
    assert scene.of(Partial)[0].t < 2.0
