"""What sessions recognise with: one process that keeps its model from session to session."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Self, cast

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import Spoken, model_language
from sotto.app.dictating.recognising.lasting_process import LastingProcess
from sotto.app.dictating.recognising.patience import Patience
from sotto.app.dictating.recognising.process import ProcessLostError, RecogniserProcess
from sotto.app.dictating.recognising.protocol import Measure, Open

if TYPE_CHECKING:
    from sotto.app.core.models.speeds import Speed
    from sotto.app.dictating.recognising.restarting_recogniser import RestartingRecogniser
    from sotto.inference.streaming.recogniser import Recogniser


class Recognisers:
    """Holds at most one process between sessions. Callable from any thread; `_lock` guards it.

    Sessions follow one another; the process that is held is used by one at a time. Where another
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
        self._held: LastingProcess | None = None
        self._weights: tuple[object, ...] = ()  # what it was opened with
        self._in_use: set[LastingProcess] = set()
        self._processes: set[LastingProcess] = set()  # all that may have a process
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
                        self._free_process().start()
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
            process, self._held = self._held, None
            if process is not None and process not in self._in_use:
                self._end(process)

    def close(self) -> None:
        """End all processes, at once."""
        for process in tuple(self._processes):
            process.close()

    @property
    def is_holding(self) -> bool:
        """Whether the next session begins with the model that is held."""
        return self._held is not None

    # For leases ----------------------------------------------------------------------------

    def take(
        self, request: Open, progress: ProgressCallback, is_wanted: Callable[[LastingProcess], bool]
    ) -> LastingProcess:
        """Return a process that is ready for a session; to be given back, if it is wanted then.

        Raises:
            SottoError: the model cannot be used.
        """
        self._waiting.append(progress)
        try:
            with self._lock:
                process = self._free_process()
                self._weights = _weights(request.settings)
                process.open(request, self._report)
                if is_wanted(process):
                    self._in_use.add(process)
                return process
        finally:
            self._waiting.remove(progress)

    def give_back(self, process: LastingProcess) -> None:
        """Take a process back, and end it if another has taken its place."""
        with self._lock:
            self._in_use.discard(process)
            if process is not self._held:
                self._end(process)

    def _free_process(self) -> LastingProcess:
        if self._held is None or self._held in self._in_use:
            self._held = LastingProcess(lambda: RecogniserProcess(keeps_traces=self._keeps_traces))
            self._processes.add(self._held)
        return self._held

    def _end(self, process: LastingProcess) -> None:
        self._processes.discard(process)
        process.close()

    def _report(self, what: str, elapsed_s: float, expected_s: float) -> None:
        for progress in tuple(self._waiting):
            progress(what, elapsed_s, expected_s)


class Lease:
    """A process for one session. `load` runs in the session's loader, `end` in its own thread."""

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
        self._process: LastingProcess | None = None
        self._recogniser: RestartingRecogniser | None = None
        self._is_over = False

    def load(self, progress: ProgressCallback) -> "Recogniser":
        """Return a recogniser, to be used until `end`.

        Raises:
            SottoError: the model cannot be used.
        """
        process = self._recognisers.take(self._request, progress, self._accept)
        # The window appears before numpy is there.
        from sotto.app.dictating.recognising.restarting_recogniser import (  # noqa: PLC0415
            RestartingRecogniser,
        )

        self._recogniser = RestartingRecogniser(process, self._tell, self._patience)
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

    def _accept(self, process: LastingProcess) -> bool:
        """Take the process, unless the session was cancelled while the model was loaded."""
        with self._lock:
            if not self._is_over:
                self._process = process
            return not self._is_over

    def end(self) -> None:
        """Leave the process to the next session."""
        with self._lock:
            self._is_over = True
            process = self._process
        if process is not None:
            self._recognisers.give_back(process)


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
    process = LastingProcess(lambda: RecogniserProcess(keeps_traces=True))
    try:
        return cast("Speed", process.open(Measure(settings), progress))
    finally:
        process.close()
