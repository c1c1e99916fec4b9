"""The one place where the engine's thread meets Qt's."""

import threading

from PySide6.QtCore import QObject, Signal

from sotto.app.service import qt_thread


class EventBridge(QObject):
    """Carries events from any thread to Qt's, in order, without either waiting for the other.

    However many events are posted, at most one signal is queued: its slot takes all that have
    come. So a busy engine cannot fill Qt's queue. `_waiting` is guarded by `_lock`.
    """

    arrived = Signal(tuple)  # of all that was posted, in order, on the thread that made the bridge

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: list[object] = []
        qt_thread.prepare()

    def post(self, event: object) -> None:
        """Take an event over; callable from any thread, returns at once."""
        with self._lock:
            self._waiting.append(event)
            is_first = len(self._waiting) == 1
        if is_first:
            qt_thread.call(self._deliver, self)

    def _deliver(self) -> None:
        with self._lock:
            events, self._waiting = tuple(self._waiting), []
        self.arrived.emit(events)
