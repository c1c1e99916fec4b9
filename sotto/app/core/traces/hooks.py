"""What Python calls with errors that nobody caught: they are logged, then told as ever."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from sotto.app.core.traces.discreet import OwnWords
from sotto.app.core.traces.logger import DEFECT, logger

_log = logger(__name__)


@contextmanager
def error_hooks() -> Iterator[None]:
    """Log what nobody caught in this thread, in others, in slots of Qt and in destructors.

    Each is logged once, and told once, by the hook that was there before.
    """
    before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        _note("not caught", error)
        before[0](kind, error, trace)

    def uncaught_in_thread(what: threading.ExceptHookArgs) -> None:
        _note("not caught in a thread", what.exc_value)
        before[1](what)

    def unraisable(what: "sys.UnraisableHookArgs") -> None:
        _note("not raisable", what.exc_value)
        before[2](what)

    sys.excepthook, threading.excepthook, sys.unraisablehook = (
        uncaught,
        uncaught_in_thread,
        unraisable,
    )
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before


def _note(what: str, error: BaseException | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
        _log.log(DEFECT, "%s", OwnWords(what), exc_info=error)
