"""Where an utterance ends, and its final pass."""

from dataclasses import replace

import pytest

from sotto.app.core.events import (
    Final,
)
from sotto.app.dictating.end_of_utterance import WaitSettings
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tests.helpers.marked_sound import marked_sound
from tests.helpers.scripted_recogniser import Errors, ScriptedRecogniser
from tests.helpers.session_scene import Scene, speech, steadily
from tools.streaming_measures import n_commit_violations


@pytest.mark.parametrize(
    ("text", "sureness", "begins_s", "part"),
    [
        ("done.", 0.95, 1.0, WaitSettings().after_sentence),
        ("done.", 0.95, 13.0, WaitSettings().after_sentence),
        ("done.", 0.69, 1.0, WaitSettings().inside_sentence),
        ("and", 0.9, 1.0, WaitSettings().inside_sentence),
        ("well...", 0.9, 1.0, WaitSettings().inside_sentence),
        ("so,", 0.9, 1.0, WaitSettings().inside_sentence),
    ],
)
def test_how_long_a_pause_may_be_depends_on_the_text(
    text: str, sureness: float, begins_s: float, part: float
) -> None:
    class Sure(ScriptedRecogniser):
        def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
            return replace(super().recognise(prefix, final=final), end_probability=sureness)

    before = steadily(round((begins_s - 1.0) / 0.4))
    scene = Scene([*before, (text, begins_s, begins_s + 0.4)], begins_s + 3.0)
    scene.recogniser = Sure(scene.script, clock=scene.clock)
    (final,) = scene.run().of(Final)
    assert final.end == pytest.approx(begins_s + 0.4 + 0.6 * part, abs=0.03)


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


def test_the_hang_over_can_be_changed_while_listening() -> None:
    scene = Scene(steadily(3), 4.0)
    scene.session.set_hang_over(200)
    scene.run()
    assert scene.of(Final)[0].end == pytest.approx(2.1 + 0.2, abs=0.03)
