"""What fails in a session: devices, models, recognition."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.app.core.events import (
    NOT_RECOGNISED,
    Dropped,
    Fault,
    Final,
    Incident,
    Lag,
    Level,
    SessionState,
    StateChanged,
)
from sotto.app.dictating.session import Feed
from sotto.errors import CompileError, DeviceError
from tests.helpers.examples import examples
from tests.helpers.scripted_recogniser import Errors, Spoken
from tests.helpers.session_scene import Scene, steadily
from tests.helpers.session_scripts import (
    assert_append_only,
    assert_every_sample_of_a_segment_was_heard,
    fail_at,
    scripts,
)


def test_a_device_that_goes_away_ends_the_session_after_what_was_said() -> None:
    scene = Scene(steadily(3), 2.0, fails="the microphone is gone: plug it in again").run()
    assert scene.heard() == scene.said(until_s=2.0)
    final, fault, stopped = [e for e in scene.events if not isinstance(e, Level | Lag)][-3:]
    assert isinstance(final, Final)
    assert fault == Fault("the microphone is gone: plug it in again")
    assert stopped == StateChanged(SessionState.STOPPED)


def test_a_model_that_cannot_be_loaded_is_a_fault() -> None:
    error = CompileError("the compiler failed: free some memory")
    scene = Scene(steadily(3), 2.0, load_error=error)
    scene.run()
    assert scene.of(Fault) == [Fault("the compiler failed: free some memory")]
    assert scene.states == [SessionState.PREPARING, SessionState.STOPPED]
    assert scene.source.n_closed


def test_a_device_that_cannot_be_opened_is_a_fault() -> None:
    scene = Scene([], 1.0)

    def refuse() -> None:
        raise DeviceError("no microphone: plug one in")

    scene.source.open = refuse  # type: ignore[method-assign]
    scene.run()
    assert scene.of(Fault) == [Fault("no microphone: plug one in")]
    assert scene.states == [SessionState.PREPARING, SessionState.STOPPED]


def test_a_defect_keeps_its_traceback_and_still_stops() -> None:
    scene = Scene(steadily(3), 3.0)
    scene.clock.sleep = scene.source.read  # type: ignore[assignment, method-assign]
    with pytest.raises(TypeError):
        scene.run()
    assert "inside Sotto (TypeError)" in scene.of(Fault)[0].message
    assert scene.states[-1] is SessionState.STOPPED
    assert scene.source.n_closed


@given(
    script=scripts(),
    feed=st.sampled_from(Feed),
    failing=st.sets(st.integers(0, 40)),
    compute_s=st.sampled_from([0.0, 0.3, 5.0]),
)
@settings(max_examples=examples(75))
def test_where_recognition_fails_words_are_kept_or_their_sound_is_told(
    script: list[Spoken], feed: Feed, failing: set[int], compute_s: float
) -> None:
    scene = Scene(script, script[-1][2] + 1.0 if script else 3.0, feed, Errors(compute_s=compute_s))
    fail_at(scene, failing)
    scene.run()
    lost = [event for event in scene.of(Dropped) if event.reason == NOT_RECOGNISED]
    kept = [
        word
        for word, start, end in script
        if not any(event.start <= (start + end) / 2 < event.end for event in lost)
    ]
    assert scene.heard() == kept
    assert_append_only(scene.events)
    assert_every_sample_of_a_segment_was_heard(scene)
    assert len(scene.of(Incident)) == len(lost)
    assert not scene.of(Fault)


def test_a_failure_in_a_partial_costs_nothing() -> None:
    scene = Scene(steadily(8), 6.0)
    fail_at(scene, {3})
    scene.run()
    assert scene.heard() == scene.said()
    assert not scene.of(Incident)
