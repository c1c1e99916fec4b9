"""The log: one file for all Sottos, for the user alone, that never grows large."""

import contextlib
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import platformdirs
from filelock import FileLock, Timeout

from sotto.app.core.traces.discreet import DiscreetFormatter
from sotto.private_folder import PRIVATE_FILE, open_private

NAME = "sotto.log"
LARGEST = 256 * 1024  # bytes of a file; some thousand lines
KEPT = 3  # files, the one being written among them
_ENDS_WITHIN_S = 2.0  # a disk that takes longer for what is left gets no more of it


def log_folder() -> Path:
    """Return the folder of the log, whether it exists or not."""
    return platformdirs.user_state_path("sotto") / "log"


def log_files(folder: Path) -> list[Path]:
    """Return the files of the log that exist, oldest first."""
    files = [_file(folder, age) for age in reversed(range(KEPT))]
    return [file for file in files if file.exists()]


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is written.

    Attributes:
        text: all of it.
        body: what two records that say the same have in common; empty if each is written.
    """

    text: str
    body: str


class LogFile:
    """Appends each record with one write, so that the lines of several processes do not mix.

    The file is opened for each record: records are few, and so no process goes on writing into a
    file that another has put aside. A file that is full is put aside by whoever gets the lock;
    others write on meanwhile. What cannot be written is let go: a full disk disturbs nobody.

    A warning or error that comes again and again is written once, with the number of times.

    Used by one thread at a time, but for `line`.

    Args:
        folder: where the log is; it exists.
        formatter: makes the lines.
        largest: bytes that a file may have before it is put aside.
    """

    def __init__(self, folder: Path, formatter: DiscreetFormatter, largest: int = LARGEST) -> None:
        self._folder = folder
        self._largest = largest
        self._lines = formatter
        self._last = ""
        self._n_repeats = 0
        self._lock = FileLock(folder / f"{NAME}.lock", timeout=0, mode=PRIVATE_FILE)

    def line(self, record: logging.LogRecord) -> Line:
        """Return what is to be written; nothing of the record is needed afterwards."""
        said = f"{record.threadName}{record.name}{self._lines.body(record)}"
        body = said if record.levelno >= logging.WARNING else ""
        return Line(f"{self._lines.format(record)}\n", body)

    def append(self, line: Line) -> None:
        """Append a line."""
        if line.body and line.body == self._last:
            self._n_repeats += 1
            return
        with contextlib.suppress(Exception):  # whatever it is, the program goes on
            self._write(f"{self._repeats()}{line.text}")
            self._last, self._n_repeats = line.body, 0

    def close(self) -> None:
        """Write what is owed."""
        with contextlib.suppress(OSError):
            if self._n_repeats:
                self._write(self._repeats())
            self._n_repeats = 0

    def _repeats(self) -> str:
        return f"    … {self._n_repeats} times more\n" if self._n_repeats else ""

    def _write(self, text: str) -> None:
        descriptor = open_private(_file(self._folder, 0), os.O_APPEND)
        try:
            os.write(descriptor, text.encode(errors="replace"))
            is_full = os.fstat(descriptor).st_size >= self._largest
        finally:
            os.close(descriptor)
        if is_full:
            self._put_aside()

    def _put_aside(self) -> None:
        with contextlib.suppress(Timeout), self._lock:
            newest = _file(self._folder, 0)
            if newest.stat().st_size < self._largest:
                return  # another process was first
            for age in reversed(range(1, KEPT)):
                with contextlib.suppress(FileNotFoundError):
                    _file(self._folder, age - 1).replace(_file(self._folder, age))


class BackgroundLog(logging.Handler):
    """Writes the log in a thread of its own: whoever logs waits for no disk.

    Lines are made where they are logged. Whoever held a record longer might be the last to have
    what an error's frames hold, such as objects that only their own thread may destroy.

    Args:
        file: takes the lines; owned by the thread until `close`.
    """

    def __init__(self, file: LogFile) -> None:
        super().__init__()
        self._file = file
        self._waiting: SimpleQueue[Line | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sotto-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Have a record written soon."""
        try:
            self._waiting.put(self._file.line(record))
        except Exception:  # noqa: BLE001  # whatever it is, the caller's work goes on
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Say nothing: standard error output belongs to the command."""

    def close(self) -> None:
        """Wait, but not for long, until all is written. Idempotent."""
        self._waiting.put(None)
        self._thread.join(_ENDS_WITHIN_S)
        super().close()

    def _work(self) -> None:
        while (line := self._waiting.get()) is not None:
            self._file.append(line)
        self._file.close()


def _file(folder: Path, age: int) -> Path:
    return folder / (f"{NAME}.{age}" if age else NAME)
