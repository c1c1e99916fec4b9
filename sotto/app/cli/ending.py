"""How commands are ended from outside: SIGTERM and SIGHUP do what Ctrl+C does.

So what is done is kept, children end and temporary files go, whoever ends the program: a terminal
that is closed, a service manager, the end of the login session.
"""

import signal
import threading
from types import FrameType

ENDS = (signal.SIGTERM, signal.SIGHUP)
_SIGNALLED = 128  # added to a signal's number, as shells report it


class Ended(KeyboardInterrupt):
    """The program is to end, as `number` says."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def end_as_interrupted() -> None:
    """Have SIGTERM and SIGHUP raise `Ended` in the main thread.

    Once: they come in pairs, to a program and to its group, and what is done in the end must not be
    cut off. What was ignored stays so, as `nohup` wants it. Elsewhere than in the main thread
    signals are not this program's, and nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in heeded(ENDS):
        signal.signal(number, _end)


def heeded(numbers: tuple[signal.Signals, ...]) -> list[signal.Signals]:
    """Return those that are not ignored."""
    return [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """Return the code of a command that was interrupted: 130, 143 or 129."""
    number = interrupt.number if isinstance(interrupt, Ended) else signal.SIGINT
    return code_of(number)


def code_of(number: int) -> int:
    """Return the code of a command that a signal has ended."""
    return _SIGNALLED + number


def _end(number: int, _frame: FrameType | None) -> None:
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)
