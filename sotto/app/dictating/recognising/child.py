"""The process that recognises: `python -m` this. Requests come on standard input.

It holds one model and serves one session at a time. It ends when standard input does, so it
never outlives the Sotto that started it, whatever became of that.
"""

import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import numpy as np

from sotto.app.core.models.model_cache import ModelCache
from sotto.app.core.traces import kept_traces, logger
from sotto.app.core.traces.logger import DEFECT
from sotto.app.dictating.recognising.free_memory import (
    give_back_free_memory,
    is_out_of_memory,
)
from sotto.app.dictating.recognising.protocol import (
    KEEPS_TRACES,
    SCRATCH,
    Answer,
    Append,
    Begin,
    Call,
    Done,
    Failed,
    GoOn,
    Measure,
    Open,
    Progress,
    Recognise,
    Request,
    Skip,
    Trim,
)
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import InternalError, SottoError
from sotto.inference.streaming.recogniser import Hypothesis, Recogniser, Word

_LAST_WORDS_S = 0.5  # from the end of the input until the process is ended in whatever it does
_SKIPPED = 30 * SAMPLE_RATE  # samples of silence at once

_log = logger(__name__)


def main() -> None:
    """Serve until the input ends."""
    requests, answers = _channel()
    status = 0
    with kept_traces("recogniser") if KEEPS_TRACES in sys.argv else nullcontext():
        _get_ready()
        try:
            _Server(partial(_send, answers)).serve(requests)
        except BrokenPipeError:
            pass
        except Exception as error:  # noqa: BLE001 (as a crash is: nothing more can be asked)
            _log.warning("ends", exc_info=error)
            status = 1
    _remove_scratch()
    # MAX's threads cannot be stopped: Python would end them in the midst of C++ code.
    os._exit(status)


def _channel() -> tuple[Iterator[Request], BinaryIO]:
    """Take standard input and output for requests and answers; nobody else reads or writes them."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    read: SimpleQueue[Request | None] = SimpleQueue()
    threading.Thread(target=_read, args=(requests, read), name="requests", daemon=True).start()
    return iter(read.get, None), answers


def _read(requests: BinaryIO, read: "SimpleQueue[Request | None]") -> None:
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            read.put(pickle.load(requests))  # noqa: S301 (it comes from the Sotto that started this)
    read.put(None)
    time.sleep(_LAST_WORDS_S)
    _remove_scratch()
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # with a compiler that may be at work
    os._exit(1)


def _remove_scratch() -> None:
    """Remove its folder of temporary files, which Sotto does itself unless it was killed."""
    scratch = Path(tempfile.gettempdir())
    if scratch.name.startswith(SCRATCH):
        shutil.rmtree(scratch, ignore_errors=True)


def _get_ready() -> None:
    """Import what takes long while nobody waits for it yet."""
    # The first of them before any of MAX: see there.
    import sotto.inference.mlir_context  # noqa: PLC0415, I001
    import sotto.app.core.models.loader  # noqa: PLC0415
    import sotto.inference.streaming.whisper_recogniser  # noqa: PLC0415
    import sotto.inference.model.whisper_model  # noqa: F401, PLC0415


def _send(answers: BinaryIO, answer: Answer) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


class _Server:
    """Does what is asked for. Owned by the main thread."""

    def __init__(self, send: Callable[[Answer], None]) -> None:
        self._send = send
        self._models = ModelCache()
        self._recogniser: Recogniser | None = None

    def serve(self, requests: Iterator[Request]) -> None:
        for request in requests:
            try:
                answer: Answer = Done(self._do(request))
            except Exception as error:
                if is_out_of_memory(error):
                    raise  # another process may have room: nothing of this one's is in its way
                answer = _failed(error)
            self._send(answer)

    def _do(self, request: Request) -> object:
        match request:
            case Open():
                self._open(request)
                return None
            case Measure():
                return self._measure(request)
            case Recognise(calls, prefix, final):
                return self._recognise(calls, prefix, final=final)

    def _open(self, request: Open) -> None:
        from sotto.app.core.models.loader import recogniser_loader  # noqa: PLC0415

        self._recogniser = None  # before the next is loaded: there may be no room for two
        load = recogniser_loader(request.settings, self._models.load, request.spoken)
        self._recogniser = load(self._tell_progress)

    def _recognise(
        self, calls: Iterable[Call], prefix: tuple[Word, ...], *, final: bool
    ) -> Hypothesis:
        if self._recogniser is None:
            raise RuntimeError("no session was opened")
        for call in calls:
            _tell(self._recogniser, call)
        return self._recogniser.recognise(prefix, final=final)

    def _measure(self, request: Measure) -> object:
        from sotto.app.core.models import speeds  # noqa: PLC0415
        from sotto.app.core.models.choice import choose  # noqa: PLC0415

        settings = request.settings
        path, compute_type = choose(settings).path, settings.compute_type
        return speeds.measure(
            self._models.load(path, self._tell_progress, compute_type), compute_type
        )

    def _tell_progress(self, what: str, elapsed_s: float, expected_s: float) -> None:
        self._send(Progress(what, elapsed_s, expected_s))


def _failed(error: Exception) -> Failed:
    if isinstance(error, SottoError):
        return Failed(error)
    _log.log(DEFECT, "a request failed", exc_info=error)
    return Failed(InternalError.of(error))


def _tell(recogniser: Recogniser, call: Call) -> None:
    match call:
        case Begin(context):
            recogniser.begin(context)
            give_back_free_memory()  # of the segment before
        case Append(pcm):
            recogniser.append(pcm)
        case Skip(n_samples):
            _skip(recogniser, n_samples)
        case Trim(until_s, context):
            recogniser.trim(until_s, context)
        case GoOn(from_s):
            recogniser.go_on(from_s)


def _skip(recogniser: Recogniser, n_samples: int) -> None:
    """Let silence pass, without holding it."""
    for start in range(0, n_samples, _SKIPPED):
        end = min(n_samples, start + _SKIPPED)
        recogniser.append(np.zeros(end - start, np.float32))
        recogniser.trim(max(0, end - SAMPLE_RATE) / SAMPLE_RATE)


if __name__ == "__main__":
    main()
