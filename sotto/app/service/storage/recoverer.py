"""What was being said when Sotto was cut off comes back into the window."""

import json
import sys
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from sotto.app.core.events import Recovered
from sotto.app.core.journal.places import journals, journals_folder
from sotto.app.core.settings import SettingsStore
from sotto.app.core.transcript import Paragraph
from sotto.app.core.words import Insert, WordSettings, Writer
from sotto.app.service.dictation import Dictation
from sotto.app.service.storage.history_writer import HistoryWriter

_PROGRAM = "sotto.app.dictating.recovering.recovery_process"
# The first sight of the window comes first, and the end of a session that broke off.
_SOON_MS = 1500


class Recoverer(QObject):
    """Runs the process that recovers, and keeps what it finds. Lives on Qt's thread.

    Args:
        dictation: its transcript takes the texts.
        settings: how they are written.
        history: keeps them.
    """

    recovered = Signal()  # something came back
    failed = Signal(str)
    _kept = Signal()

    def __init__(
        self, dictation: Dictation, settings: SettingsStore, history: HistoryWriter
    ) -> None:
        super().__init__(dictation)
        self._dictation = dictation
        self._settings = settings
        self._history = history
        self._writer = Writer.of(WordSettings.of(settings.current))
        self._n_paragraphs = 0  # that came back: they stand before what was said since
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._end)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._look)
        self._kept.connect(lambda: self._process.write(b"kept\n"))
        # A session that broke off leaves its journal; nobody has to start Sotto again for that.
        dictation.fault.connect(lambda _: self._soon.start())

    def start(self) -> None:
        """Look soon whether something was cut off."""
        self._soon.start()

    def close(self) -> None:
        """Leave what is not recovered yet to the next start."""
        self._soon.stop()
        self._process.closeWriteChannel()

    def _look(self) -> None:
        is_running = self._process.state() is not QProcess.ProcessState.NotRunning
        if journals(journals_folder()) and not is_running:
            self._process.start(sys.executable, ["-m", _PROGRAM])

    def _read(self) -> None:
        while self._process.canReadLine():
            event = json.loads(bytes(self._process.readLine().data()))
            if event["event"] == "recovered":
                self._take(event)
            elif event["event"] == "unrecognised":
                self._take_sound(event)
            else:
                self.failed.emit(event["message"])

    def _take(self, event: dict[str, Any]) -> None:
        recovered = Recovered(*(event[name] for name in Recovered.__slots__))
        text = self._written(recovered)
        if text:
            now = self._dictation.transcript
            n_before = min(self._n_paragraphs, len(now.paragraphs))
            before, since = now.paragraphs[:n_before], now.paragraphs[n_before:]
            self._n_paragraphs = n_before + 1
            paragraphs = (*before, Paragraph(0.0, 0.0, text), *since)
            self._dictation.put(replace(now, paragraphs=paragraphs))
        self._history.keep_recovered(recovered, text, self._kept.emit)
        self.recovered.emit()

    def _take_sound(self, event: dict[str, Any]) -> None:
        """Put sound on which recognition breaks into the history: another model may hear it."""
        if not self._settings.current.history:
            self._process.write(b"no\n")
            return
        self._history.keep_unrecognised(event, self._kept.emit)
        self.failed.emit(
            "Some of what was said before Sotto was cut off cannot be recognised. Its sound is in "
            "the history for a day: try it there with another model."
        )

    def _written(self, recovered: Recovered) -> str:
        """Return the text as it is written: spoken commands are carried out."""
        actions, self._writer = self._writer.final(recovered.text, recovered.language)
        return "".join(each.text for each in actions if isinstance(each, Insert)).strip()

    def _end(self, code: int, _status: QProcess.ExitStatus) -> None:
        if code:
            self.failed.emit(
                "What was said before Sotto was cut off is not recovered yet; the next start of "
                "Sotto tries again."
            )
