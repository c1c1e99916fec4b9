"""The sound of finals, and of what could not be recognised."""

from dataclasses import replace

import pytest

from sotto.app.core.events import (
    NOT_RECOGNISED,
    Dropped,
    Event,
    Final,
    FinalSound,
    Incident,
    Partial,
)
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tests.helpers.marked_sound import positions
from tests.helpers.scripted_recogniser import ScriptedRecogniser, spoken_word
from tests.helpers.session_scene import Scene, steadily
from tests.helpers.session_scripts import (
    fail_at,
)


def assert_is_what_was_heard(sounds: list[FinalSound]) -> None:
    for sound in sounds:
        first, last = (round(at * SAMPLE_RATE) for at in (sound.start, sound.end))
        assert positions(sound.pcm).tolist() == list(range(first, last))


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
    (final,), sounds, (lost,) = scene.of(Final), scene.of(FinalSound), scene.of(Dropped)
    assert final.text == shown[-1].committed + shown[-1].tentative
    assert final.end == lost.start < lost.end
    assert [(sound.start, sound.end, sound.utterance) for sound in sounds] == [
        (each.start, each.end, each.utterance) for each in (final, lost)
    ]
    assert_is_what_was_heard(sounds)
    (incident,) = scene.of(Incident)
    assert incident.message.startswith("Recognition failed twice")
    assert "its sound is in the history" in incident.message


@pytest.mark.parametrize("keeps_all", [False, True])
def test_where_nothing_was_shown_the_sound_is_kept(*, keeps_all: bool) -> None:
    scene = Scene(steadily(8), 6.0)
    scene.session._settings = replace(
        scene.session._settings, keeps_sound=keeps_all, keeps_doubtful_sound=not keeps_all
    )
    fail_at(scene, set(range(99)))
    scene.run()
    (sound,), (lost,) = scene.of(FinalSound), scene.of(Dropped)
    assert lost.reason == NOT_RECOGNISED
    assert (sound.start, sound.end) == (lost.start, lost.end)
    assert lost.start < scene.script[0][1] < scene.script[-1][2] < lost.end
    assert_is_what_was_heard([sound])


def test_where_no_sound_is_kept_the_user_is_asked_to_say_it_again() -> None:
    scene = Scene(steadily(8), 6.0)
    fail_at(scene, set(range(99)))
    scene.run()
    assert not scene.of(FinalSound)
    assert "say it again" in scene.of(Incident)[0].message


def test_each_final_has_a_number_that_its_partials_and_its_sound_have() -> None:
    scene = Scene([("one", 0.5, 0.9), ("two", 3.0, 3.4), ("three", 6.0, 6.4)], 8.0)
    scene.session._settings = replace(scene.session._settings, keeps_sound=True)
    scene.run()
    finals, sounds = scene.of(Final), scene.of(FinalSound)
    assert [final.utterance for final in finals] == [0, 1, 2]
    assert [(s.utterance, s.start, s.end) for s in sounds] == [
        (f.utterance, f.start, f.end) for f in finals
    ]
    assert_is_what_was_heard(sounds)
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
