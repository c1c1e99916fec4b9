"""Files that are to survive a power cut, and those that are needless once they do."""

import contextlib
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue


@dataclass(frozen=True, slots=True)
class _Due:
    written: frozenset[Path] = field(default_factory=frozenset)
    needless: frozenset[Path] = field(default_factory=frozenset)

    def __or__(self, later: "_Due") -> "_Due":
        return _Due(self.written | later.written, self.needless | later.needless)


class Syncing:
    """Syncs in a thread of its own: where that takes seconds, sound is written meanwhile.

    Threads: one thread calls the methods, of which only `finish` waits. `sotto-sync` alone syncs
    and deletes; what it cannot do now it tries again with what comes next, even after `finish`.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[_Due | None] = SimpleQueue()
        self._left = _Due()  # the thread's: what is not done yet
        self._error: OSError | None = None
        self._thread: threading.Thread | None = None

    def sync(self, written: Iterable[Path], needless: Iterable[Path]) -> None:
        """Have files survive a power cut, and then delete those that are needless by then.

        Raises:
            OSError: what was asked for before could not be done, and is tried again.
        """
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="sotto-sync", daemon=True)
            self._thread.start()
        self._asked.put(_Due(frozenset(written), frozenset(needless)))
        self._raise()

    def end(self) -> None:
        """Nothing more is to be done. Returns at once; idempotent."""
        self._asked.put(None)

    def finish(self) -> None:
        """Wait until all is done. Idempotent.

        Raises:
            OSError: the last of it could not be done.
        """
        self.end()
        if self._thread is not None:
            self._thread.join()
        self._raise()

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        goes_on = True
        while goes_on:
            asked, goes_on = self._next()
            self._left |= asked
            try:
                sync_files(self._left.written - self._left.needless)
                _delete(self._left.needless)
            except OSError as error:
                self._error = error
            else:
                self._left, self._error = _Due(), None

    def _next(self) -> tuple[_Due, bool]:
        """Wait for what is asked for and take all there is; return whether more may come."""
        due, asked = _Due(), self._asked.get()
        with contextlib.suppress(Empty):
            while asked is not None:
                due |= asked
                asked = self._asked.get_nowait()
            return due, False
        return due, True


def sync_files(paths: Iterable[Path]) -> None:
    """Have files survive a power cut, but for those that are gone.

    Raises:
        OSError: a disk refuses.
    """
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
