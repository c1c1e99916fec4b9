"""A session: from opening a source to the last final text."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from sotto.app.core.events import (
    NO_UTTERANCE,
    Dropped,
    Event,
    Fault,
    Gap,
    Incident,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.journal.journal import Journal
from sotto.app.core.models.background_loading import Loading, ProgressCallback
from sotto.app.core.traces import logger
from sotto.app.dictating.intake import Heard, Intake, Timeline
from sotto.app.dictating.listener import Listener
from sotto.app.dictating.pace import PaceSettings
from sotto.app.dictating.recovering.journaled_source import JournaledSource
from sotto.audio.input.source import SAMPLE_RATE, Source
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.clock import Clock, SystemClock
from sotto.errors import InternalError, SottoError
from sotto.inference.streaming.commit import CommitSettings
from sotto.inference.streaming.recogniser import Recogniser
from sotto.inference.streaming.trim import TrimSettings
from sotto.inference.streaming.utterance import Utterance

_log = logger(__name__)

Sink = Callable[[Event], None]

IDLE_S = 0.02  # the length of an endpointer's frame: nothing can happen sooner
# Unpaced sound is taken in pieces, so that partials come where they would come live.
_PIECE = SAMPLE_RATE // 50


class Feed(Enum):
    """How the source delivers, which decides what a slow machine or a long load may change."""

    LIVE = "live"  # a microphone: sound arrives now or never, so it is heard while a model loads
    PLAYED = "played"  # a file at the speed of speech: it starts when the model is ready
    UNPACED = "unpaced"  # a file as fast as can be: the result depends on the audio alone


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How a session listens; each part explains its own values."""

    feed: Feed = Feed.LIVE
    endpointer: EndpointerSettings = field(default_factory=EndpointerSettings)
    commit: CommitSettings = field(default_factory=CommitSettings)
    trim: TrimSettings = field(default_factory=TrimSettings)
    pace: PaceSettings = field(default_factory=PaceSettings)
    keeps_sound: bool = False  # whether each final comes with its sound,
    keeps_doubtful_sound: bool = False  # or at least one that is doubtful


class Session:
    """Listens to a source and posts events until the source ends or `stop` is called.

    Threads: `run` is the engine thread; it alone touches source, endpointer, recogniser and
    text, and it alone calls the sink. `stop`, `cancel`, `set_hang_over` and `join` may be called
    from any thread; they only leave a note for the engine thread. The model is loaded in a thread
    of its own, which is done with it before the engine thread takes it over.
    """

    def __init__(  # noqa: PLR0913 (the parts of a session)
        self,
        source: Source,
        load: Callable[[ProgressCallback], Recogniser],
        sink: Sink,
        settings: SessionSettings | None = None,
        clock: Clock | None = None,
        *,
        endpointer: Endpointer | None = None,
        journal: Journal | None = None,
        release: Callable[[], None] = lambda: None,
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare a session; nothing starts yet.

        Args:
            source: where sound comes from; opened and closed by the session.
            load: returns the recogniser; called once, in a thread of its own.
            sink: called with each event, in the engine thread; must not block.
            settings: how to listen.
            clock: the time.
            endpointer: cuts the sound into segments; by default one with `settings.endpointer`.
            journal: keeps sound and text until they are kept elsewhere.
            release: called once the recogniser is not used any more, in the engine thread.
            hurry: called by whoever cancels: what is being recognised need not be finished.
        """
        self.journal = journal
        self._source = source if journal is None else JournaledSource(source, journal)
        self._is_whole = False  # whether all sound became text, or nobody wants it
        self._load = load
        self._release = release
        self._hurry = hurry
        self._sink = sink
        self._settings = settings or SessionSettings()
        self._clock = clock or SystemClock()
        self._endpointer = endpointer or Endpointer(self._settings.endpointer)
        self._is_paced = self._settings.feed is not Feed.UNPACED
        self._timeline = Timeline(self._clock)
        self._intake = Intake(self._source, self._timeline, sink, is_paced=self._is_paced)
        self._stopping = threading.Event()
        self._cancelled = threading.Event()
        self._hang_over_ms: int | None = None
        self._is_waiting = False  # for a device that is away
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run in a thread of its own; returns at once."""
        # A daemon: a face that crashes must not leave a microphone open.
        self._thread = threading.Thread(target=self.run, name="sotto-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the session to take no more sound and to finish the text of what was said."""
        self._stopping.set()

    def cancel(self) -> None:
        """Ask the session to end now and to forget what was said since the last final."""
        self._cancelled.set()
        self._stopping.set()
        self._hurry()

    def set_hang_over(self, hang_over_ms: int) -> None:
        """Change the silence that ends a segment, such as after the release of a key."""
        self._hang_over_ms = hang_over_ms

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for a started session to end; return whether it has."""
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def run(self) -> None:
        """Run the session in the calling thread until it ends.

        What goes wrong is posted as `Fault`; anything but a `SottoError` is raised as well. In
        either case the source is closed and the last event is `StateChanged(STOPPED)`.
        """
        try:
            self._enter(SessionState.PREPARING)
            if self.journal is not None:
                self.journal.start()
            self._source.open()
            self._listen()
        except SottoError as error:
            _log.warning("the session broke off", exc_info=error)
            self._sink(Fault(str(error)))
        except Exception as error:
            self._sink(Fault(str(InternalError.of(error))))
            raise
        finally:
            self._close()
            self._end_journal()
            self._enter(SessionState.STOPPED)

    def tell(self, message: str) -> None:
        """Tell of something that went wrong while the session goes on; in the engine thread."""
        self._sink(Incident(self._timeline.t, message))

    def _close(self) -> None:
        """Close the source; a device that fails now has nothing more to give."""
        with contextlib.suppress(SottoError):
            self._source.close()
        self._release()

    def _end_journal(self) -> None:
        if self.journal is not None:
            self.journal.end(is_whole=self._is_whole or self._cancelled.is_set())

    def _listen(self) -> None:
        loading = Loading(self._load)
        heard = self._hear_while(loading)
        if self._cancelled.is_set():
            return
        listener = self._listener(loading.result())
        self._enter(SessionState.LISTENING)
        self._hear(listener, heard)
        while not (self._stopping.is_set() or self._intake.has_ended):
            self._step(listener)
        self._finish(listener)

    def _hear_while(self, loading: Loading[Recogniser]) -> list[Heard]:
        """Return the sound of a live source that arrives while the model is loaded."""
        heard: list[Heard] = []
        while not (loading.wait(IDLE_S) or self._cancelled.is_set()):
            self._report(loading)
            if self._settings.feed is Feed.LIVE:
                heard += self._read()
        self._report(loading)
        return heard

    def _report(self, loading: Loading[Recogniser]) -> None:
        for preparing in loading.progress():
            self._sink(preparing)

    def _listener(self, recogniser: Recogniser) -> Listener:
        settings = self._settings
        return Listener(
            endpointer=self._endpointer,
            new_utterance=lambda said: Utterance(recogniser, settings.commit, settings.trim, said),
            post=self._post,
            timeline=self._timeline,
            pace=settings.pace,
            is_paced=self._is_paced,
            keeps_sound=settings.keeps_sound,
            keeps_doubtful_sound=settings.keeps_doubtful_sound,
            is_cancelled=self._cancelled.is_set,
        )

    def _step(self, listener: Listener) -> None:
        if self._hang_over_ms is not None:
            self._endpointer.set_hang_over(self._hang_over_ms)
        heard = self._read()
        if self._is_waiting and not self._source.is_away:
            self._is_waiting = False
            self._enter(SessionState.LISTENING)
        self._hear(listener, heard)
        if self._source.is_away and not self._is_waiting:
            self._wait(listener)
        if not (heard or self._intake.has_ended):
            self._clock.sleep(IDLE_S)

    def _wait(self, listener: Listener) -> None:
        """Finish what was said, and tell that nothing is heard until the device is back."""
        self._is_waiting = True
        listener.break_off()
        timeline = self._timeline
        self._sink(Waiting(timeline.t, timeline.audio_s, self._source.name))

    def _read(self) -> list[Heard]:
        """Read the source; once a stop is asked for, only what it captured before that."""
        if self._stopping.is_set():
            self._source.close()
        return self._intake.read()

    def _hear(self, listener: Listener, blocks: list[Heard]) -> None:
        for heard in blocks if self._is_paced else _pieces(blocks):
            if isinstance(heard, Gap):
                self._pass(listener, heard)
                continue
            listener.hear(heard)
            if not self._is_paced:
                listener.update()
        if self._is_paced:
            listener.update()
        if self.journal is not None:
            self.journal.settle(listener.settled)

    def _post(self, event: Event) -> None:
        """Tell of text; whoever is told may say at once that it is kept."""
        if self.journal is not None:
            self.journal.hear(event)
        self._sink(event)

    def _pass(self, listener: Listener, gap: Gap) -> None:
        """End what was said before the gap, then tell of it."""
        listener.break_off()
        self._sink(Dropped(gap.t, gap.start, gap.end, gap.reason, NO_UTTERANCE))
        self._sink(gap)

    def _finish(self, listener: Listener) -> None:
        self._enter(SessionState.FINISHING)
        if self._cancelled.is_set():
            listener.abandon()
            return
        while not self._intake.has_ended and (heard := self._read()):
            self._hear(listener, heard)
            if self._cancelled.is_set():
                listener.abandon()
                return
        listener.finish()
        self._is_whole = True
        if self._intake.fault is not None:
            raise self._intake.fault

    def _enter(self, state: SessionState) -> None:
        _log.info("the session is %s", state)
        self._sink(StateChanged(state))


def _pieces(blocks: list[Heard]) -> list[Heard]:
    return [piece for block in blocks for piece in _cut(block)]


def _cut(block: Heard) -> list[Heard]:
    if isinstance(block, Gap):
        return [block]
    return [block[at : at + _PIECE] for at in range(0, len(block), _PIECE)]
