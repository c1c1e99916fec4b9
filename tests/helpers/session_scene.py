"""A session on a clock that stands still, and somebody who speaks by a script."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sotto.app.core.events import (
    Event,
    Final,
    SessionState,
    StateChanged,
)
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.source import SAMPLE_RATE, Loss
from sotto.audio.speech.endpointer import Endpointer
from sotto.errors import SottoError
from sotto.inference.streaming.recogniser import Recogniser
from tests.helpers.marked_sound import PlayedSource, is_voiced, marked_sound
from tests.helpers.scripted_recogniser import Errors, ScriptedRecogniser, Spoken, spoken_word
from tools.fixtures.fake_clock import FakeClock

T = TypeVar("T")


@dataclass
class Scene:
    """Somebody speaks; a session listens on a clock that stands still unless it sleeps."""

    script: list[Spoken]
    duration_s: float
    feed: Feed = Feed.LIVE
    errors: Errors = field(default_factory=Errors)
    load_s: float = 0.0
    fails: str | None = None
    load_error: SottoError | None = None

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.recogniser = ScriptedRecogniser(self.script, self.errors, self.clock)
        sound = marked_sound(round(self.duration_s * SAMPLE_RATE), [w[1:] for w in self.script])
        clock = None if self.feed is Feed.UNPACED else self.clock
        is_live = self.feed is Feed.LIVE
        self.source = PlayedSource(sound, clock, is_live=is_live, fails=self.fails)
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda _: None
        self.session = Session(
            self.source,
            self.load,
            self.post,
            SessionSettings(feed=self.feed),
            self.clock,
            endpointer=Endpointer(is_voiced=is_voiced),
        )

    def load(self, progress: ProgressCallback) -> Recogniser:
        progress("graphs", 0.5, 60.0)
        self.clock.sleep(self.load_s)
        if self.load_error is not None:
            raise self.load_error
        return self.recogniser

    def post(self, event: Event) -> None:
        self.events.append(event)
        self.on_event(event)

    def run(self) -> "Scene":
        self.session.run()
        return self

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def states(self) -> list[SessionState]:
        return [event.state for event in self.of(StateChanged)]

    def said(self, until_s: float = float("inf")) -> list[str]:
        return [word for word, start, end in self.script if (start + end) / 2 < until_s]

    def heard(self) -> list[str]:
        return [spoken_word(word) for final in self.of(Final) for word in final.text.split()]


def speech(starts_s: list[float], word_s: float = 0.3) -> list[Spoken]:
    return [(str(i), start, start + word_s) for i, start in enumerate(starts_s)]


def steadily(n_words: int, first_s: float = 1.0, pitch_s: float = 0.4) -> list[Spoken]:
    return speech([first_s + i * pitch_s for i in range(n_words)])


def lose(scene: Scene, at_s: float, missing_s: float) -> None:
    """Let the source of a scene say that sound is missing."""
    at, n_samples = round(at_s * SAMPLE_RATE), round(missing_s * SAMPLE_RATE)
    scene.source.pending_losses = [Loss(at, n_samples, "away")]
