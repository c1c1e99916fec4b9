"""What people say in tests of sessions, and what must be true of every session."""

from itertools import count

import numpy as np
from hypothesis import strategies as st

from sotto.app.core.events import (
    Event,
    Final,
    Partial,
)
from sotto.inference.streaming.recogniser import Hypothesis, NotRecognisedError, Word
from tests.helpers.scripted_recogniser import Spoken
from tests.helpers.session_scene import Scene


@st.composite
def scripts(draw: st.DrawFn) -> list[Spoken]:
    """Words of 0.2 to 0.6 s with pauses of any length, some of them endpoints."""
    now, script = draw(st.floats(0.3, 2.0)), []
    for i in range(draw(st.integers(0, 25))):
        word_s = draw(st.floats(0.2, 0.6))
        script.append((str(i), now, now + word_s))
        now += word_s + draw(st.one_of(st.floats(0.0, 0.2), st.floats(0.0, 2.0)))
    return script


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


def fail_at(scene: Scene, failing: set[int]) -> None:
    """Let these decodes of a scene fail, counted from 0."""
    hear, n_decodes = scene.recogniser.recognise, count()

    def recognise(prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        if next(n_decodes) in failing:
            raise NotRecognisedError
        return hear(prefix, final=final)

    scene.recogniser.recognise = recognise  # type: ignore[method-assign]
