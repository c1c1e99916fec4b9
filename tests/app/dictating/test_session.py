"""A session from its first state to its last."""

from dataclasses import replace

import pytest

from sotto.app.core.events import (
    CANCELLED,
    Dropped,
    Event,
    Final,
    Level,
    Partial,
    Preparing,
    SessionState,
)
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tests.helpers.scripted_recogniser import ScriptedRecogniser
from tests.helpers.session_scene import Scene, steadily


def test_states_come_in_order() -> None:
    scene = Scene(steadily(3), 3.0).run()
    assert scene.states == list(SessionState)
    assert scene.of(Preparing) == [Preparing("graphs", 0.5, 60.0)]


def test_what_was_said_is_the_context_of_what_comes_next() -> None:
    scene = Scene([*steadily(3), ("3", 6.0, 6.4), ("4", 9.0, 9.4)], 11.0).run()
    assert [final.text for final in scene.of(Final)] == ["0 1 2", "3", "4"]
    assert scene.recogniser.contexts == ["", "0 1 2", "3"]


def test_doubtful_text_is_no_context() -> None:
    class Doubtful(ScriptedRecogniser):
        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            return replace(super().recognise(prefix, final=final), is_doubtful=final)

    scene = Scene([*steadily(3), ("3", 6.0, 6.4)], 8.0)
    scene.recogniser = Doubtful(scene.script, clock=scene.clock)
    scene.run()
    assert scene.recogniser.contexts == ["", ""]


def test_silence_gives_no_text() -> None:
    scene = Scene([], 5.0).run()
    assert not scene.of(Final)
    assert not scene.recogniser.decodes
    assert len(scene.of(Level)) == pytest.approx(5.0 * 20, rel=0.3)


def test_noise_that_is_taken_for_speech_is_dropped() -> None:
    scene = Scene(steadily(3), 4.0)
    scene.recogniser.script = []
    scene.run()
    (dropped,) = scene.of(Dropped)
    assert dropped.reason == "no speech"
    assert dropped.start < 1.0
    assert dropped.end > 2.1
    assert not scene.of(Final)


def test_cancelling_forgets_the_open_utterance() -> None:
    scene = Scene(steadily(20), 10.0)

    def cancel_at_4_s(event: Event) -> None:
        if isinstance(event, Partial) and event.t > 4.0:
            scene.session.cancel()

    scene.on_event = cancel_at_4_s
    scene.run()
    assert not scene.of(Final)
    assert scene.of(Dropped)[-1].reason == "cancelled"
    assert scene.clock.now() < 5.0


def test_cancelling_in_the_final_pass_ends_without_its_text() -> None:
    """The second Ctrl+C: the first one stopped, and the last words take their time."""
    scene = Scene(steadily(20), 10.0)
    hear = scene.recogniser.recognise

    def recognise(prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        if final:
            scene.session.cancel()
        return hear(prefix, final=final)

    scene.recogniser.recognise = recognise  # type: ignore[method-assign]

    def stop_at_4_s(event: Event) -> None:
        if isinstance(event, Partial) and event.t > 4.0:
            scene.session.stop()

    scene.on_event = stop_at_4_s
    scene.run()
    assert scene.of(Final) == []
    assert scene.of(Dropped)[-1].reason == CANCELLED
    assert scene.states[-1] is SessionState.STOPPED


def test_a_started_session_runs_in_a_thread_of_its_own() -> None:
    scene = Scene(steadily(3), 3.0)
    scene.session.start()
    assert scene.session.join(timeout_s=60)
    assert scene.heard() == scene.said()
