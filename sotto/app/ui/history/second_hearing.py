"""A sound of the history is recognised again, with another model or in another language."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from sotto.app.core.history import Entry
from sotto.inference.languages import AUTO

_FAILED = "The sound could not be recognised"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sound is recognised; empty values are those of `sotto transcribe`."""

    model: str = ""
    language: str = ""


class SecondHearing(QObject):
    """Runs `sotto transcribe` on one sound at a time. Lives on Qt's thread, and never waits.

    A process of its own: who dictates meanwhile keeps the model that is loaded.
    """

    recognised = Signal(int, str)  # an entry's id, and its new text
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._entry: Entry | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a sound is being recognised."""
        return self._process is not None

    def begin(self, entry: Entry, manner: Manner) -> None:
        """Recognise the sound of an entry, unless one is being recognised."""
        if self.is_busy or entry.sound is None:
            return
        self._entry = entry
        self._folder = tempfile.TemporaryDirectory(prefix="sotto-")  # 0700
        process = self._process = QProcess(self)
        process.finished.connect(self._end)
        process.start(sys.executable, ["-m", "sotto", *self._arguments(entry.sound, manner)])
        self.busy_changed.emit(True)

    def stop(self) -> None:
        """Give up what is being recognised."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._end)
            process.kill()
            process.waitForFinished(1000)
            self._tidy()

    def _arguments(self, sound: Path, manner: Manner) -> list[str]:
        assert self._folder is not None  # noqa: S101  # it was just made
        arguments = ["transcribe", "--output-format", "txt", "--output-dir", self._folder.name]
        if manner.model:
            arguments += ["--model", manner.model]
        if manner.language and manner.language != AUTO:
            arguments += ["--language", manner.language]
        return [*arguments, "--", str(sound)]

    def _end(self, code: int, _status: QProcess.ExitStatus) -> None:
        process, entry = self._process, self._entry
        self._process = None
        if process is None or entry is None or self._folder is None:
            return
        text = self._text() if code == 0 else None
        if text is None:
            self.failed.emit(_reason(bytes(process.readAllStandardError().data()).decode()))
        elif not text:
            self.failed.emit("Nothing was heard in the sound; the text stays as it is.")
        else:
            self.recognised.emit(entry.id, text)
        self._tidy()

    def _text(self) -> str | None:
        assert self._folder is not None  # noqa: S101  # it is there until `_tidy`
        for path in Path(self._folder.name).glob("*.txt"):
            return " ".join(path.read_text(encoding="utf-8").split())
        return None

    def _tidy(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self.busy_changed.emit(False)


def _reason(errors: str) -> str:
    """Return the line in which the command says why, or that it does not say."""
    lines = [line for line in errors.splitlines() if line.startswith("sotto: ")]
    return f"{_FAILED}: {lines[-1].removeprefix('sotto: ')}" if lines else f"{_FAILED}."
