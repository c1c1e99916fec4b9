"""An engine that says what a script tells it: the only part of the window's tests that is not real.

The sessions post from threads of their own, as the real one does.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sotto.app.core.events import (
    CANCELLED,
    Dropped,
    Event,
    Final,
    Partial,
    SessionState,
    StateChanged,
)
from sotto.app.core.spoken_languages import Spoken
from sotto.app.dictating.engine import Microphone, Model, Sink
from sotto.errors import SottoError

STARTER = Model("basic", ("en",), is_starter=True)
BASE = Model("base.en", ("en",), is_starter=False)
MICROPHONES = (Microphone("", "Default microphone"), Microphone("usb", "USB microphone"))

Step = Event | Callable[[], None]
Script = Iterable[Step]


def final(text: str, start: float = 0.0, end: float = 1.0) -> Final:
    return Final(t=end, audio=end, start=start, end=end, text=text)


def partial(committed: str, tentative: str = "", audio: float = 1.0) -> Partial:
    return Partial(t=audio, audio=audio, committed=committed, tentative=tentative)


PREPARING = StateChanged(SessionState.PREPARING)
LISTENING = StateChanged(SessionState.LISTENING)
FINISHING = StateChanged(SessionState.FINISHING)
STOPPED = StateChanged(SessionState.STOPPED)
DROPPED = Dropped(1.0, 0.0, 1.0, CANCELLED)


class ScriptedSession:
    """Posts `before`, waits to be stopped (or for the `end` of the source), posts `after`."""

    journal = None

    def __init__(self, before: Script, after: Script, sink: Sink) -> None:
        self._scripts = (before, after)
        self._sink = sink
        self._stop = threading.Event()
        self._is_cancelled = False
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self._stop.set()

    def cancel(self) -> None:
        self._is_cancelled = True
        self._stop.set()

    def _run(self) -> None:
        before, after = self._scripts
        self._play(before)
        self._stop.wait()
        self._play((FINISHING, DROPPED, STOPPED) if self._is_cancelled else after)

    def _play(self, script: Script) -> None:
        for step in script:
            if callable(step):
                step()
            else:
                self._sink(step)


@dataclass
class ScriptedEngine:
    """`opened` notes what was asked for: ("listen", "system" or "clip", microphone, model).

    `spoken` notes what a session on sound was told of its own languages.
    """

    before: Script = (PREPARING, LISTENING)
    after: Script = (FINISHING, STOPPED)
    found_microphones: tuple[Microphone, ...] | SottoError = MICROPHONES
    found_models: tuple[Model, ...] = (STARTER, BASE)
    refusal: SottoError | None = None
    device_delay_s: float = 0.0
    opened: list[tuple[str, str, str]] = field(default_factory=list)
    spoken: list[Spoken | None] = field(default_factory=list)
    stands_by_for: str | None = None
    warm: str | None = None
    n_warmed: int = 0
    sessions: list[ScriptedSession] = field(default_factory=list)

    def stand_by(self, microphone: str | None) -> None:
        self.stands_by_for = microphone

    def warm_up(self, model: str) -> None:
        self.warm = model
        self.n_warmed += 1

    def let_go(self) -> None:
        self.warm = None

    def microphones(self) -> tuple[Microphone, ...]:
        time.sleep(self.device_delay_s)
        if isinstance(self.found_microphones, SottoError):
            raise self.found_microphones
        return self.found_microphones

    def models(self) -> tuple[Model, ...]:
        return self.found_models

    def listen(
        self,
        microphone: str,
        model: str,
        sink: Sink,
        spoken: Spoken | None = None,
        *,
        is_kept: bool = True,  # noqa: ARG002 (nothing said is real)
    ) -> ScriptedSession:
        self.opened.append(("listen", microphone, model))
        self.spoken.append(spoken)
        return self._session(sink)

    def listen_to_system(
        self, model: str, sink: Sink, spoken: Spoken | None = None
    ) -> ScriptedSession:
        self.opened.append(("system", "", model))
        self.spoken.append(spoken)
        return self._session(sink)

    def play_clip(self, model: str, sink: Sink) -> ScriptedSession:
        self.opened.append(("clip", "", model))
        return self._session(sink)

    def _session(self, sink: Sink) -> ScriptedSession:
        time.sleep(self.device_delay_s)
        if self.refusal is not None:
            raise self.refusal
        session = ScriptedSession(self.before, self.after, sink)
        self.sessions.append(session)
        return session
