"""Ctrl+C and the end of the login session, while Qt waits for events."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QSocketNotifier

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def on_signals(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` on Qt's thread, which must be the main one, at each signal that asks for an end.

    Python runs a signal's handler only when it gets to run; the wake-up socket sees to that while
    Qt waits for events.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reader.recv(64))

    def handle(_number: int, _frame: FrameType | None) -> None:
        act()

    heeded = [each for each in _ENDS if signal.getsignal(each) is not signal.SIG_IGN]
    handlers = {number: signal.signal(number, handle) for number in heeded}
    wakeup = signal.set_wakeup_fd(writer.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        reader.close()
        writer.close()
