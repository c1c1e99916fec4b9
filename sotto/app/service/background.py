"""The one idiom for work that may block (devices, disks); the answer comes on Qt's thread."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

import shiboken6
from PySide6.QtCore import QObject

from sotto.app.core.traces import logger
from sotto.app.service import qt_thread
from sotto.errors import InternalError, SottoError

_log = logger(__name__)

Result = TypeVar("Result")


class Background(QObject):
    """One thread that does one job after another.

    Jobs run on that thread and own what they touch; answers arrive on Qt's thread, as long as this
    object is there. The thread ends with it, once its jobs are done; it is a daemon: a driver that
    hangs must not keep the program from ending.
    """

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        jobs: _Jobs = SimpleQueue()
        self._jobs = jobs
        self.destroyed.connect(lambda: jobs.put(None))
        qt_thread.prepare()
        threading.Thread(target=_work, args=(jobs,), name=name, daemon=True).start()

    def run(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[SottoError], None],
    ) -> None:
        """Do `job` when its turn comes; then call `done` with its result, or `failed`.

        One of them is called, once. After `failed` with an `InternalError` its cause is raised.
        """
        number = _ANSWERS.expect(_Expected(self, job, done, failed))
        self._jobs.put((number, job))


@dataclass(frozen=True, slots=True)
class _Expected:
    """Who asked for what. `job` is held until it is answered, as it may hold widgets."""

    by: Background
    job: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[SottoError], None]


_Outcome: TypeAlias = Callable[[_Expected], None]
_Jobs: TypeAlias = SimpleQueue[tuple[int, Callable[[], Any]] | None]


class _Answers:
    """What threads are to answer. Used on Qt's thread alone.

    Callbacks stay on that side: whoever drops the last reference to a widget destroys it.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._expected: dict[int, _Expected] = {}

    def expect(self, expected: _Expected) -> int:
        """Return the number under which the job is to be answered."""
        number = next(self._numbers)
        self._expected[number] = expected
        return number

    def arrive(self, number: int, outcome: _Outcome) -> None:
        """Take an answer to who asked, if it is still there."""
        expected = self._expected.pop(number)
        if shiboken6.isValid(expected.by):
            outcome(expected)


_ANSWERS = _Answers()


def _work(jobs: _Jobs) -> None:
    while (numbered := jobs.get()) is not None:
        number, job = numbered
        answer = partial(_ANSWERS.arrive, number, _outcome(job))
        # Nothing here keeps the job or its result, such as a session with its model, alive.
        del numbered, job
        qt_thread.call(answer)
        del answer


def _outcome(job: Callable[[], Any]) -> _Outcome:
    try:
        result = job()
    except SottoError as error:
        _log.warning("a job failed", exc_info=error)
        refused = error
        return lambda expected: expected.failed(refused)
    except Exception as error:  # noqa: BLE001  # a defect: raised again where it is reported
        return _failing(error)
    return lambda expected: expected.done(result)


def _failing(error: Exception) -> _Outcome:
    def answer(expected: _Expected) -> None:
        expected.failed(InternalError.of(error))
        raise error

    return answer
