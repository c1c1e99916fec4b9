"""Notices when Qt's thread is kept from its event loop, and by what.

Time on the wall says nothing on a machine that others use, too. So two things are looked at that
depend on Qt's thread alone: the processor time that it takes for one turn of its loop, and whether
it sleeps within a slot (waits for a lock, a disk, a device) while nothing else is in its way.
"""

import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractEventDispatcher

LIMIT_MS = 50.0  # what people take for at once
# Processor time of `_work` on a core of an AMD EPYC of 2022 beside a busy one. Where the same work
# takes longer, a turn may, too: cores slow down while their neighbours are busy.
_WORK_MS = 2.4
_SAMPLE_S = 0.01
# A turn that sleeps for so many samples was kept by what it called, not by the machine.
_ASLEEP = 25


class Watchdog:
    """What was noticed.

    Attributes:
        turns_ms: processor time of each turn of the loop, on a core as quick as `_WORK_MS` says.
        sleeps: where Qt's thread slept within a slot: the stack, innermost last.
    """

    def __init__(self) -> None:
        self.turns_ms: list[float] = []
        self.sleeps: list[str] = []
        self._slowness = _slowness()
        self._since_s = time.thread_time()
        self._stopping = threading.Event()
        self._qt = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._qt)
        self._thread = threading.Thread(target=self._sample, daemon=True)

    @property
    def longest_ms(self) -> float:
        """The most processor time that a turn took."""
        return max(self.turns_ms)

    def start(self) -> None:
        dispatcher = QAbstractEventDispatcher.instance()
        # Whichever of the two a dispatcher emits first, between any two of them lies a turn.
        dispatcher.aboutToBlock.connect(self._turn)
        dispatcher.awake.connect(self._turn)
        self._thread.start()

    def stop(self) -> None:
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.disconnect(self._turn)
        dispatcher.awake.disconnect(self._turn)
        self._turn()
        self._stopping.set()
        self._thread.join()
        slowness = max(self._slowness, _slowness(), 1.0)
        self.turns_ms = [turn_ms / slowness for turn_ms in self.turns_ms]

    def _turn(self) -> None:
        now_s = time.thread_time()
        self.turns_ms.append(1e3 * (now_s - self._since_s))
        self._since_s = now_s

    def _sample(self) -> None:
        before_s, n_asleep = -1.0, 0
        while not self._stopping.wait(_SAMPLE_S):
            now_s = time.clock_gettime(self._clock)
            n_asleep = n_asleep + 1 if now_s == before_s else 0
            before_s = now_s
            if n_asleep == _ASLEEP:
                self._look()

    def _look(self) -> None:
        """Note where Qt's thread sleeps.

        Its frames are looked at only then: whoever holds the frame of code that runs keeps its
        objects from being destroyed in time, and in their own thread.
        """
        stack = traceback.extract_stack(sys._current_frames()[self._qt])
        # Who waits for events is in pytest-qt's own code.
        if "pytestqt" not in stack[-1].filename:
            self.sleeps.append("".join(traceback.format_list(stack[-6:])))


@contextmanager
def watchdog() -> Iterator[Watchdog]:
    """Watch the event loop of this thread, whoever runs it meanwhile."""
    dog = Watchdog()
    dog.start()
    try:
        yield dog
    finally:
        dog.stop()


def _slowness() -> float:
    """Return how many times slower this core is just now; the least of some, as noise only adds."""
    return min(_work_ms() for _ in range(5)) / _WORK_MS


def _work_ms() -> float:
    started_s = time.thread_time()
    sum(range(200_000))
    return 1e3 * (time.thread_time() - started_s)
