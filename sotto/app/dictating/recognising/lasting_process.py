"""A process that recognises, and those that take its place when it is lost."""

from collections.abc import Callable

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.dictating.recognising.patience import LOADING_S
from sotto.app.dictating.recognising.process import ProcessLostError, RecogniserProcess
from sotto.app.dictating.recognising.protocol import Measure, Open, Request
from sotto.errors import ModelError

_LOST_WHILE_LOADING = (
    "the model cannot be loaded: recognition {} twice while it tried; choose another model "
    "(sotto models list), or see that memory is free"
)


class LastingProcess:
    """Runs one process at a time. Used by one thread at a time, but for `close` and `kill`.

    Args:
        start: starts a process.
    """

    def __init__(self, start: Callable[[], RecogniserProcess]) -> None:
        self._start = start
        self._process: RecogniserProcess | None = None
        self._request: Open | Measure | None = None
        self._is_closed = False
        self.was_lost = False  # while it loaded the model, last time

    @property
    def is_open(self) -> bool:
        """Whether there is a process; once `open` was called, one that has its model."""
        return self._process is not None

    def start(self) -> None:
        """Have a process, which may have no model yet.

        Raises:
            ProcessLostError: it cannot be started.
        """
        process = self._process
        if process is None or not process.is_alive:
            self.end()
            self._process = self._start()

    def open(self, request: Open | Measure, progress: ProgressCallback) -> object:
        """Get ready, and return the answer; a process that is lost meanwhile is replaced once.

        Raises:
            SottoError: the model cannot be used.
        """
        self._request, self.was_lost = request, False
        try:
            return self._open(progress)
        except ProcessLostError:
            self.was_lost = True
            try:
                return self._open(progress)
            except ProcessLostError as error:
                raise ModelError(_LOST_WHILE_LOADING.format(error)) from error

    def open_again(self) -> None:
        """Get a new process ready for the session that runs; if it is lost, another one.

        Raises:
            ProcessLostError: that was lost, too.
            SottoError: the model cannot be used any more.
        """
        try:
            self._open(lambda *_: None)
        except ProcessLostError:
            self._open(lambda *_: None)

    def ask(self, request: Request, patience_s: float) -> object:
        """Return what the process answers; whatever goes wrong, it is not used any more.

        Raises:
            ProcessLostError: it was lost.
            SottoError: what it raised.
        """
        return self._ask(request, patience_s)

    def end(self) -> None:
        """End the process. Idempotent."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def close(self) -> None:
        """End the process whatever it does, and start no other. From any thread."""
        self._is_closed = True
        self.kill()
        self.end()

    def kill(self) -> None:
        """Let the process be lost. From any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def _open(self, progress: ProgressCallback) -> object:
        if self._request is None or self._is_closed:
            raise ModelError("recognition has ended")
        self.start()
        return self._ask(self._request, LOADING_S, progress)

    def _ask(
        self, request: Request, patience_s: float, progress: ProgressCallback = lambda *_: None
    ) -> object:
        process = self._process
        if process is None:
            raise ProcessLostError("has ended")
        try:
            return process.ask(request, patience_s, progress)
        except BaseException:
            self.end()
            raise
