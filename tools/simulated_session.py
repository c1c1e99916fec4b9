"""Sessions on simulated time: what streaming makes of a recording, without waiting for it.

Sound comes by a clock that stands still but for waiting and for the time that recognising takes.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from sotto.app.core.events import Event
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.source import SAMPLE_RATE, Pcm, Source
from sotto.clock import Clock
from sotto.inference.streaming.commit import CommitSettings
from sotto.inference.streaming.recogniser import Hypothesis, Recogniser, Word
from tools.fixtures.fake_clock import FakeClock

SILENCE_S = 1.0  # behind a recording: longer than the hang-over that ends a segment


class TimedRecogniser:
    """Notes how long a recogniser takes, and lets simulated time pass.

    Args:
        recogniser: does the work.
        pass_time: called with the seconds that each pass took.
        decode_s: seconds that each pass is said to have taken; None for those it really took.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        pass_time: Callable[[float], None],
        decode_s: float | None = None,
    ) -> None:
        self._recogniser = recogniser
        self._pass_time = pass_time
        self._decode_s = decode_s
        self.compute_s: list[float] = []

    def begin(self, context: str = "") -> None:
        self._recogniser.begin(context)

    def append(self, pcm: Pcm) -> None:
        self._recogniser.append(pcm)

    def trim(self, until_s: float, context: str = "") -> None:
        self._recogniser.trim(until_s, context)

    def go_on(self, from_s: float) -> None:
        self._recogniser.go_on(from_s)

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        before = time.perf_counter()
        hypothesis = self._recogniser.recognise(prefix, final=final)
        self.compute_s.append(time.perf_counter() - before)
        self._pass_time(self.compute_s[-1] if self._decode_s is None else self._decode_s)
        return hypothesis


@dataclass(frozen=True, slots=True)
class Listening:
    """What a session made of a recording, and the seconds that each pass over it took."""

    events: list[Event]
    compute_s: list[float]


def listen(
    pcm: Pcm,
    recogniser: Recogniser,
    *,
    decode_s: float | None = None,
    commit: CommitSettings | None = None,
) -> Listening:
    """Feed pcm (n_samples,), 16 kHz, and silence behind it to a session, on simulated time.

    Each pass of the recogniser takes `decode_s` of that time; None: as long as it really takes.
    `commit` says when words are committed; None: as in any session.
    """
    clock = FakeClock()
    timed = TimedRecogniser(recogniser, clock.sleep, decode_s)
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as folder:
        source = FileSource(write_sound(pcm, Path(folder)), clock=clock)
        settings = SessionSettings(feed=Feed.PLAYED, commit=commit or CommitSettings())
        Session(source, _loader_of(timed), events.append, settings, clock).run()
    return Listening(events, timed.compute_s)


def write_sound(pcm: Pcm, folder: Path) -> Path:
    """Write pcm (n_samples,), 16 kHz, and silence behind it into a folder."""
    silence = np.zeros(round(SILENCE_S * SAMPLE_RATE), np.float32)
    path = folder / "clip.wav"
    soundfile.write(path, np.concatenate((pcm, silence)), SAMPLE_RATE)
    return path


def new_session(
    source: Source, recogniser: Recogniser, sink: Callable[[Event], None], feed: Feed, clock: Clock
) -> Session:
    """Return a session with a recogniser that is loaded already."""
    return Session(source, _loader_of(recogniser), sink, SessionSettings(feed=feed), clock)


def _loader_of(recogniser: Recogniser) -> Callable[[ProgressCallback], Recogniser]:
    return lambda _: recogniser
