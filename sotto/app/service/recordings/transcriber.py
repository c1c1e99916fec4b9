"""The window's end of the process that transcribes recordings."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from sotto.app.core.projects.wanted import Wanted

_PROGRAM = ("-m", "sotto.app.dictating.transcribing.transcribing_process")
_ENDS_WITHIN_MS = 3000


@dataclass(frozen=True, slots=True)
class Ending:
    """How a recording ended.

    Attributes:
        fault: Why there is no text, in a line; empty if there is.
        damage: What of it could not be read, in a line; empty if all could.
    """

    fault: str = ""
    damage: str = ""


class Transcriber(QObject):
    """Gives the process one recording at a time. Lives on Qt's thread, and never waits for it.

    The process is started with the first recording and ends when there is none left, which gives
    the memory of its model back.

    Args:
        parent: Qt's.
        program: Python's arguments; another one in tests of what a crash does.
    """

    told = Signal(dict)  # what the process tells
    ended = Signal(object)  # Ending: the recording is over

    def __init__(self, parent: QObject, program: Sequence[str] = _PROGRAM) -> None:
        super().__init__(parent)
        self._program = list(program)
        self._process: QProcess | None = None
        self._ending: list[QProcess] = []
        self._source: Path | None = None

    @property
    def is_working(self) -> bool:
        """Whether a recording is being transcribed."""
        return self._source is not None

    def begin(self, source: Path, folder: Path, wanted: Wanted) -> None:
        """Transcribe a recording, as it is wanted, into the folder of its project."""
        self._source = source
        job = {"source": str(source), "folder": str(folder), "wanted": wanted.fields}
        self._running().write(json.dumps(job).encode() + b"\n")

    def cancel(self) -> None:
        """Give up what is being transcribed, at once; nothing is told of it any more."""
        self._source = None
        self.rest()

    def rest(self) -> None:
        """End the process. Idempotent."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            self._ending.append(process)
            QTimer.singleShot(_ENDS_WITHIN_MS, self, self._forget_ended)

    def close(self) -> None:
        """End the process and wait until it has."""
        self.cancel()
        for process in self._ending:
            process.waitForFinished(_ENDS_WITHIN_MS)
        self._forget_ended()

    def _forget_ended(self) -> None:
        for process in tuple(self._ending):
            if process.state() is QProcess.ProcessState.NotRunning:
                self._ending.remove(process)
                process.deleteLater()

    def _running(self) -> QProcess:
        if self._process is None:
            process = self._process = QProcess(self)
            process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
            process.readyReadStandardOutput.connect(self._read)
            process.finished.connect(self._broke_off)
            process.errorOccurred.connect(self._not_started)
            process.start(sys.executable, self._program)
        return self._process

    def _read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._take(json.loads(bytes(self._process.readLine().data())))

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] == "done":
            self._end(Ending(damage=event.get("damage", "")))
        elif event["event"] == "failed":
            self._end(Ending(event["message"]))
        else:
            self.told.emit(event)

    def _broke_off(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        fault = f"recognition broke off in “{self._source}”; try it once more, or another model"
        self._end(Ending(fault))

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._process = None
            fault = "no process can be started for it; close other programs and try again"
            self._end(Ending(fault))

    def _end(self, ending: Ending) -> None:
        if self._source is not None:
            self._source = None
            self.ended.emit(ending)
