"""What sessions recognise with: one process that keeps its model from session to session."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Self, cast

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import Spoken, model_language
from sotto.app.dictating.recognising.engine import Engine
from sotto.app.dictating.recognising.messages import Measure, Open
from sotto.app.dictating.recognising.patience import Patience
from sotto.app.dictating.recognising.process import ProcessLostError, RecogniserProcess

if TYPE_CHECKING:
    from sotto.app.core.models.speeds import Speed
    from sotto.app.dictating.recognising.restarting_recogniser import RestartingRecogniser
    from sotto.inference.streaming.recogniser import Recogniser


class Recognisers:
    """Holds at most one engine between sessions. Callable from any thread; `_lock` guards it.

    Sessions follow one another; the engine that is held is used by one at a time. Where another
    is needed meanwhile, such as to load another model, it takes the place of the first, which
    ends with its session.

    Args:
        keeps_traces: whether processes write the log, and where they crashed.
        patience: how long a session waits for an answer.
    """

    def __init__(
        self, *, keeps_traces: bool = True, patience: Callable[[], Patience] = Patience
    ) -> None:
        self._keeps_traces = keeps_traces
        self._patience = patience
        self._lock = threading.Lock()
        self._held: Engine | None = None
        self._weights: tuple[object, ...] = ()  # what it was opened with
        self._in_use: set[Engine] = set()
        self._engines: set[Engine] = set()  # all that may have a process
        # Whoever waits for the model is told how far it is, whoever asked for it first.
        self._waiting: list[ProgressCallback] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lease(
        self, settings: Settings, tell: Callable[[str], None], spoken: Spoken | None = None
    ) -> "Lease":
        """Return what a session gets its recogniser from; nothing is loaded yet.

        Args:
            settings: The user's: model, precision, languages, task and vocabulary.
            tell: Told in a line, in the session's thread, when recognition broke off.
            spoken: What is spoken in this session, if not what the settings say.
        """
        return Lease(self, Open(settings, spoken), tell, self._patience())

    def start(self) -> None:
        """Start a process, if none is there, for whoever soon loads a model; waits for nobody."""
        if self._lock.acquire(blocking=False):
            try:
                with suppress(ProcessLostError):  # who loads a model tries again, and is told
                    if self._held not in self._in_use:
                        self._free_engine().start()
            finally:
                self._lock.release()

    def warm_up(self, settings: Settings) -> None:
        """Load a model for the next session.

        Raises:
            ModelError: it cannot be used.
        """
        with self._lock:
            if self._held in self._in_use and self._weights == _weights(settings):
                return
        self.take(Open(settings), lambda *_: None, lambda _: False)

    def let_go(self) -> None:
        """Hold no model any more. A session that uses it goes on."""
        with self._lock:
            engine, self._held = self._held, None
            if engine is not None and engine not in self._in_use:
                self._end(engine)

    def close(self) -> None:
        """End all processes, at once."""
        for engine in tuple(self._engines):
            engine.close()

    @property
    def is_holding(self) -> bool:
        """Whether the next session begins with the model that is held."""
        return self._held is not None

    # For leases ----------------------------------------------------------------------------

    def take(
        self, request: Open, progress: ProgressCallback, is_wanted: Callable[[Engine], bool]
    ) -> Engine:
        """Return an engine that is ready for a session; to be given back, if it is wanted then.

        Raises:
            SottoError: the model cannot be used.
        """
        self._waiting.append(progress)
        try:
            with self._lock:
                engine = self._free_engine()
                self._weights = _weights(request.settings)
                engine.open(request, self._report)
                if is_wanted(engine):
                    self._in_use.add(engine)
                return engine
        finally:
            self._waiting.remove(progress)

    def give_back(self, engine: Engine) -> None:
        """Take an engine back, and end it if another has taken its place."""
        with self._lock:
            self._in_use.discard(engine)
            if engine is not self._held:
                self._end(engine)

    def _free_engine(self) -> Engine:
        if self._held is None or self._held in self._in_use:
            self._held = Engine(lambda: RecogniserProcess(keeps_traces=self._keeps_traces))
            self._engines.add(self._held)
        return self._held

    def _end(self, engine: Engine) -> None:
        self._engines.discard(engine)
        engine.close()

    def _report(self, what: str, elapsed_s: float, expected_s: float) -> None:
        for progress in tuple(self._waiting):
            progress(what, elapsed_s, expected_s)


class Lease:
    """An engine for one session. `load` runs in the session's loader, `end` in its own thread."""

    def __init__(
        self,
        recognisers: Recognisers,
        request: Open,
        tell: Callable[[str], None],
        patience: Patience,
    ) -> None:
        self._recognisers = recognisers
        self._request = request
        self._tell = tell
        self._patience = patience
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._recogniser: RestartingRecogniser | None = None
        self._is_over = False

    def load(self, progress: ProgressCallback) -> "Recogniser":
        """Return a recogniser, to be used until `end`.

        Raises:
            SottoError: the model cannot be used.
        """
        engine = self._recognisers.take(self._request, progress, self._accept)
        # The window appears before numpy is there.
        from sotto.app.dictating.recognising.restarting_recogniser import (  # noqa: PLC0415
            RestartingRecogniser,
        )

        self._recogniser = RestartingRecogniser(engine, self._tell, self._patience)
        return self._recogniser

    def hurry(self) -> None:
        """Have the session end soon: nobody wants what is being recognised. From any thread."""
        timer = threading.Timer(self._patience.grace_s, self._give_up)
        timer.daemon = True
        timer.start()

    def _give_up(self) -> None:
        with self._lock:
            if self._recogniser is not None and not self._is_over:
                self._recogniser.give_up()

    def _accept(self, engine: Engine) -> bool:
        """Take the engine, unless the session was cancelled while the model was loaded."""
        with self._lock:
            if not self._is_over:
                self._engine = engine
            return not self._is_over

    def end(self) -> None:
        """Leave the engine to the next session."""
        with self._lock:
            self._is_over = True
            engine = self._engine
        if engine is not None:
            self._recognisers.give_back(engine)


def _weights(settings: Settings) -> tuple[object, ...]:
    """Return what decides which weights are loaded, and how."""
    # Only Sotto's own choice depends on the language.
    language = "" if settings.model else model_language(settings)
    return settings.model, settings.models_folder, settings.compute_type, language


def measure(settings: Settings, progress: ProgressCallback) -> "Speed":
    """Load the model of these settings, in a process of its own, and return how fast it is here.

    Raises:
        ModelError: it cannot be used.
    """
    engine = Engine(lambda: RecogniserProcess(keeps_traces=True))
    try:
        return cast("Speed", engine.open(Measure(settings), progress))
    finally:
        engine.close()
