"""The process that recognises, as the Sotto that started it sees it."""

import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from tempfile import mkdtemp
from typing import IO, Self, cast

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.traces import OwnWords, logger
from sotto.app.core.traces.logger import DEFECT
from sotto.app.dictating.recognising.protocol import (
    KEEPS_TRACES,
    PROGRAM,
    SCRATCH,
    Answer,
    Done,
    Failed,
    Progress,
    Request,
)
from sotto.app.dictating.recognising.watchdog import Watchdog

_GOES_WITHIN_S = 2.0  # once its input has ended; it does within milliseconds unless it hangs
_ENDED = "was ended"
_WRITES_WITHIN_S = 1.0  # where all threads are

_log = logger(__name__)


class ProcessLostError(Exception):
    """The process crashed, or hung and was killed, or could not be started."""


class RecogniserProcess:
    """A process that runs from now on until `end`, or until this object is forgotten.

    Used by one thread at a time, but for `kill`. It has a session (setsid(2)) of its own, so that
    keys in a terminal reach its parent alone; its input ends with its parent, and so does it.

    Args:
        keeps_traces: whether it writes the log, and where it crashed.

    Raises:
        ProcessLostError: it cannot be started, such as when memory is full.
    """

    def __init__(self, *, keeps_traces: bool) -> None:
        self._keeps_traces = keeps_traces
        self._is_killed = False  # because nobody needs it any more, or because it hung
        arguments = [KEEPS_TRACES] if keeps_traces else []
        # -P: what lies in the folder where a user happens to be is no part of Sotto.
        command = [sys.executable, "-P", "-m", PROGRAM, *arguments]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._scratch = _scratch()
        environment = os.environ | ({"TMPDIR": self._scratch} if self._scratch else {})
        try:
            self._process = subprocess.Popen(
                command,
                stdin=pipe,
                stdout=pipe,
                stderr=nowhere,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            _remove(self._scratch)
            raise ProcessLostError("could not be started") from error
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        # Whoever forgets it, or ends, leaves nothing behind.
        weakref.finalize(self, _end_at_once, self._process, self._scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or seems to."""
        return self._process.poll() is None

    def ask(
        self, request: Request, patience_s: float, progress: ProgressCallback = lambda *_: None
    ) -> object:
        """Return what it answers.

        Args:
            request: what to do.
            patience_s: how long to wait for a sign of life before it is killed.
            progress: told how far it is.

        Raises:
            ProcessLostError: it crashed or hung; nothing more can be asked of it.
            SottoError: what it raised.
        """
        started = time.monotonic()
        watchdog = Watchdog(patience_s, self._break_off)
        try:
            with watchdog:
                answer = self._exchange(request, watchdog.calm, progress)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.end()
            what = self._fate(is_hung=watchdog.has_bitten)
            level = logging.INFO if what == _ENDED else DEFECT
            code, after_s = self._process.returncode, time.monotonic() - started
            _log.log(level, "recognition %s: %d, after %.1f s", OwnWords(what), code, after_s)
            raise ProcessLostError(what) from error
        if isinstance(answer, Failed):
            raise answer.error
        return answer.result

    def _fate(self, *, is_hung: bool) -> str:
        if is_hung:
            return "did not answer"
        return _ENDED if self._is_killed else "crashed"

    def end(self) -> None:
        """Have it end, or else end it. Idempotent."""
        with suppress(OSError):  # what it will not read
            self._requests.close()
        try:
            self._process.wait(_GOES_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._answers.close()
        _remove(self._scratch)

    def kill(self) -> None:
        """Kill it, and the compiler that may be at work for it; from any thread."""
        if not self.is_alive:
            return
        self._is_killed = True
        _kill(self._process)

    def _exchange(
        self, request: Request, calm: Callable[[], None], progress: ProgressCallback
    ) -> Done | Failed:
        pickle.dump(request, self._requests, pickle.HIGHEST_PROTOCOL)
        self._requests.flush()
        while isinstance(answer := self._receive(), Progress):
            calm()
            progress(answer.what, answer.elapsed_s, answer.expected_s)
        return answer

    def _break_off(self) -> None:
        """Have it write where it hangs (`traces.crash_file`), if it still can, and kill it."""
        if self._keeps_traces and sys.platform != "win32":
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                self._process.send_signal(signal.SIGABRT)
                self._process.wait(_WRITES_WITHIN_S)
        self.kill()

    def _receive(self) -> Answer:
        answer: Answer = pickle.load(self._answers)  # noqa: S301 (it comes from our own process)
        return answer


def _scratch() -> str:
    """Return a folder for its temporary files: a compiler that is killed leaves 100 MB there.

    It is empty where there is no room for one.
    """
    try:
        return mkdtemp(prefix=SCRATCH)
    except OSError:
        return ""


def _remove(scratch: str) -> None:
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _end_at_once(process: subprocess.Popen[bytes], scratch: str) -> None:
    if process.poll() is None:
        _kill(process)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    _remove(scratch)
