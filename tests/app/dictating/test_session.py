from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sotto.app.core.events import (
    CANCELLED,
    NOT_RECOGNISED,
    Dropped,
    Event,
    Fault,
    Final,
    FinalSound,
    Incident,
    Lag,
    Level,
    Partial,
    Preparing,
    SessionState,
    StateChanged,
)
from sotto.app.dictating.end_of_utterance import WaitSettings
from sotto.app.dictating.session import Feed
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import CompileError, DeviceError
from sotto.inference.streaming.recogniser import Hypothesis, NotRecognisedError, Word
from tests.helpers.marked_sound import marked_sound, positions
from tests.helpers.scripted_recogniser import Errors, ScriptedRecogniser, Spoken, spoken_word
from tests.helpers.session_scene import Scene, speech, steadily
from tools.streaming_measures import n_commit_violations


@st.composite
def scripts(draw: st.DrawFn) -> list[Spoken]:
    """Words of 0.2 to 0.6 s with pauses of any length, some of them endpoints."""
    now, script = draw(st.floats(0.3, 2.0)), []
    for i in range(draw(st.integers(0, 25))):
        word_s = draw(st.floats(0.2, 0.6))
        script.append((str(i), now, now + word_s))
        now += word_s + draw(st.one_of(st.floats(0.0, 0.2), st.floats(0.0, 2.0)))
    return script


errors = st.builds(
    Errors,
    jitter_s=st.sampled_from([0.0, 0.05]),
    wrong_last=st.booleans(),
    flicker=st.sampled_from([0.0, 0.2, 1.0]),
    compute_s=st.sampled_from([0.0, 0.05, 0.3, 2.0, 9.0]),
    seed=st.integers(0, 100),
)


def assert_append_only(events: list[Event]) -> None:
    committed = ""
    for event in events:
        match event:
            case Partial():
                assert event.committed.startswith(committed)
                committed = event.committed
            case Final():
                assert event.text.startswith(committed)
                committed = ""


def assert_every_sample_of_a_segment_was_heard(scene: Scene) -> None:
    for i, blocks in enumerate(scene.recogniser.segments):
        if blocks:
            assert np.all(np.diff(scene.recogniser.samples(i)) == 1)


@given(
    script=scripts(),
    cut_s=st.floats(0.0, 1.5),
    feed=st.sampled_from(Feed),
    errors=errors,
    load_s=st.sampled_from([0.0, 4.0, 70.0]),
)
@example([("0", 1.99609375, 2.59609375)], 0.8, Feed.LIVE, Errors(), 0.0)  # ends within its middle
@settings(max_examples=200)
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
@settings(max_examples=100)
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


def test_states_come_in_order() -> None:
    scene = Scene(steadily(3), 3.0).run()
    assert scene.states == list(SessionState)
    assert scene.of(Preparing) == [Preparing("graphs", 0.5, 60.0)]


def test_words_appear_while_they_are_spoken() -> None:
    scene = Scene(steadily(20), 10.0).run()
    partials = scene.of(Partial)
    for word, _, end in scene.script:
        shown = next(p for p in partials if word in (p.committed + p.tentative).split())
        assert shown.t - end < 0.5
    assert [len(p.committed.split()) for p in partials][-1] >= 17


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


@pytest.mark.parametrize(
    ("text", "sureness", "silence_s"),
    [
        ("done.", 0.95, 0.6 * WaitSettings().after_sentence),
        ("done.", 0.7, 0.6 * WaitSettings().inside_sentence),  # "Ask not." of Kennedy's
        ("and", 0.9, 0.6 * WaitSettings().inside_sentence),
        ("well...", 0.9, 0.6 * WaitSettings().inside_sentence),
        ("so,", 0.9, 0.6 * WaitSettings().inside_sentence),
    ],
)
def test_how_long_a_pause_may_be_depends_on_the_text(
    text: str, sureness: float, silence_s: float
) -> None:
    class Sure(ScriptedRecogniser):
        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            return replace(super().recognise(prefix, final=final), end_probability=sureness)

    scene = Scene([(text, 1.0, 1.4)], 4.0)
    scene.recogniser = Sure(scene.script, clock=scene.clock)
    (final,) = scene.run().of(Final)
    assert final.end == pytest.approx(1.4 + silence_s, abs=0.03)


def test_after_the_key_is_released_no_longer_is_waited() -> None:
    scene = Scene([("and", 1.0, 1.4)], 4.0)
    scene.session.set_hang_over(300)
    (final,) = scene.run().of(Final)
    assert final.end == pytest.approx(1.4 + 0.3, abs=0.03)


def test_who_does_not_pause_gets_finals_at_ends_of_sentences() -> None:
    script = [
        (f"{word}." if i % 10 == 9 else word, start, end)
        for i, (word, start, end) in enumerate(steadily(250))
    ]
    scene = Scene(script, 105.0).run()
    *parts, last = scene.of(Final)
    assert len(parts) >= 2
    assert all(final.text.endswith("9.") and final.end - final.start >= 30 for final in parts)
    assert scene.heard() == scene.said()
    assert [final.start for final in scene.of(Final)[1:]] == pytest.approx([f.end for f in parts])
    assert last.end > 100
    assert n_commit_violations(scene.events) == 0


def test_a_final_comes_at_the_endpoint() -> None:
    scene = Scene([*steadily(5), ("5", 6.0, 6.4)], 8.0).run()
    first, second = scene.of(Final)
    assert (first.text, second.text) == ("0 1 2 3 4", "5")
    assert first.start == pytest.approx(1.0 - 0.6, abs=0.03)
    assert first.end == pytest.approx(2.9 + 0.6 * WaitSettings().inside_sentence, abs=0.03)
    assert first.t == pytest.approx(first.end, abs=0.05)
    assert first.audio == pytest.approx(first.t, abs=0.05)


def test_the_final_pass_is_made_in_the_pause() -> None:
    scene = Scene(steadily(5), 5.0, errors=Errors(compute_s=0.3)).run()
    (final,) = scene.of(Final)
    assert final.t - final.end < 0.1
    assert [is_final for is_final, _ in scene.recogniser.decodes].count(True) == 1


def test_a_final_pass_is_void_when_speech_goes_on() -> None:
    scene = Scene(speech([1.0, 1.7, 2.4]), 4.0).run()  # pauses of 0.4 s
    assert [final.text for final in scene.of(Final)] == ["0 1 2"]
    assert [is_final for is_final, _ in scene.recogniser.decodes].count(True) == 3


def test_a_quiet_word_in_the_pause_is_decoded_too() -> None:
    """The voice detector misses it; being louder than the silence, it voids the early final."""
    script = [*steadily(3), ("3", 2.4, 2.6)]
    scene = Scene(script, 4.0)
    quiet = slice(round(2.4 * SAMPLE_RATE), round(2.6 * SAMPLE_RATE))
    sound = marked_sound(round(4.0 * SAMPLE_RATE), [w[1:] for w in script[:3]])
    # Loud enough to be heard, yet negative throughout: no voice in marked sound.
    sound[quiet] *= 8
    scene.source.pcm = sound
    scene.run()
    assert scene.heard() == ["0", "1", "2", "3"]


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
    scene = Scene(steadily(300), 125.0, errors=Errors(flicker=1.0)).run()
    assert len(scene.of(Final)) == 1
    assert len(scene.of(Partial)[-1].committed.split()) > 200
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


def fail_at(scene: Scene, failing: set[int]) -> None:
    """Let these decodes of a scene fail, counted from 0."""
    hear, n_decodes = scene.recogniser.recognise, count()

    def recognise(prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        if next(n_decodes) in failing:
            raise NotRecognisedError
        return hear(prefix, final=final)

    scene.recogniser.recognise = recognise  # type: ignore[method-assign]


@given(
    script=scripts(),
    feed=st.sampled_from(Feed),
    failing=st.sets(st.integers(0, 40)),
    compute_s=st.sampled_from([0.0, 0.3, 5.0]),
)
@settings(max_examples=150)
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


def test_a_failure_in_a_final_keeps_what_was_shown_and_its_sound() -> None:
    scene = Scene(steadily(8), 6.0)
    scene.session._settings = replace(scene.session._settings, keeps_sound=True)
    shown: list[Partial] = []

    def fail_from_now_on(event: Event) -> None:
        if isinstance(event, Partial):
            shown.append(event)
            if len(shown) == 5:
                fail_at(scene, set(range(9)))

    scene.on_event = fail_from_now_on
    scene.run()
    (final,), (sound,), (lost,) = scene.of(Final), scene.of(FinalSound), scene.of(Dropped)
    assert final.text == shown[-1].committed + shown[-1].tentative
    assert (sound.start, sound.end) == (final.start, final.end)
    assert final.end == lost.start < lost.end
    (incident,) = scene.of(Incident)
    assert incident.message.startswith("Recognition failed twice")


def test_each_final_has_a_number_that_its_partials_and_its_sound_have() -> None:
    scene = Scene([("one", 0.5, 0.9), ("two", 3.0, 3.4), ("three", 6.0, 6.4)], 8.0)
    scene.session._settings = replace(scene.session._settings, keeps_sound=True)
    scene.run()
    finals, sounds = scene.of(Final), scene.of(FinalSound)
    assert [final.utterance for final in finals] == [0, 1, 2]
    assert [(s.utterance, s.start, s.end) for s in sounds] == [
        (f.utterance, f.start, f.end) for f in finals
    ]
    for sound in sounds:
        first, last = (round(at * SAMPLE_RATE) for at in (sound.start, sound.end))
        assert positions(sound.pcm).tolist() == list(range(first, last))
    numbers = [event.utterance for event in scene.events if isinstance(event, Partial | Final)]
    assert numbers == sorted(numbers)


def test_of_doubtful_text_the_sound_may_be_kept() -> None:
    class Unsure(ScriptedRecogniser):
        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            heard = super().recognise(prefix, final=final)
            is_doubtful = any(spoken_word(word.text) == "two" for word in heard.words)
            return replace(heard, is_doubtful=is_doubtful)

    script = [("one", 0.5, 0.9), ("two", 3.0, 3.4), ("three", 6.0, 6.4)]
    scene = Scene(script, 8.0)
    scene.recogniser = Unsure(script, clock=scene.clock)
    scene.session._settings = replace(scene.session._settings, keeps_doubtful_sound=True)
    scene.run()
    assert [final.is_doubtful for final in scene.of(Final)] == [False, True, False]
    assert [sound.utterance for sound in scene.of(FinalSound)] == [1]


def test_the_hang_over_can_be_changed_while_listening() -> None:
    scene = Scene(steadily(3), 4.0)
    scene.session.set_hang_over(200)
    scene.run()
    assert scene.of(Final)[0].end == pytest.approx(2.1 + 0.2, abs=0.03)


def test_a_started_session_runs_in_a_thread_of_its_own() -> None:
    scene = Scene(steadily(3), 3.0)
    scene.session.start()
    assert scene.session.join(timeout_s=60)
    assert scene.heard() == scene.said()
