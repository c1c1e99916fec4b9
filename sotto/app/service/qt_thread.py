"""The one way from other threads to Qt's.

A thread that emits a signal of an object which Qt destroys at this moment crashes the program, and
windows are destroyed at any moment. So all threads speak through one object that stays.
"""

from collections.abc import Callable
from functools import cache

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot


class _Calls(QObject):
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        # A slot of this object, queued: a bare function would be called on the emitting thread.
        self.asked.connect(self._call, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _call(self, function: Callable[[], None]) -> None:
        function()


@cache
def _calls() -> _Calls:
    return _Calls()


def prepare() -> None:
    """Make the object through which threads speak; on Qt's thread, before any of them does."""
    _calls()


def call(function: Callable[[], None], owner: QObject | None = None) -> None:
    """Have Qt's thread call a function soon, unless its owner is gone by then; returns at once.

    Functions that one thread asks for are called in order.
    """
    _calls().asked.emit(lambda: function() if owner is None or shiboken6.isValid(owner) else None)
