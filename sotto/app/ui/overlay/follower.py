"""The text of another process's dictation, told as lines of JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QObject, Signal

from sotto.app.core.events import Dropped, Event, Final, Gap, Partial, Waiting
from sotto.app.core.transcript import Transcript
from sotto.app.service.background import Background
from sotto.app.service.event_bridge import EventBridge
from sotto.errors import SottoError

Line = Mapping[str, Any]
_KINDS: Mapping[str, type[Partial | Final | Dropped | Gap | Waiting]] = {
    "partial": Partial,
    "final": Final,
    "dropped": Dropped,
    "gap": Gap,
    "waiting": Waiting,
}


class Follower(QObject):
    """Reads the lines on a thread of its own and keeps the transcript on Qt's.

    Args:
        lines: returns the lines, as `sotto listen --json` writes them; may block. Lines of another
            kind are passed over.
    """

    transcript_changed = Signal(Transcript)
    waiting = Signal()  # the other process waits for its microphone
    ended = Signal(str)  # what went wrong; empty where the other process just ended

    def __init__(self, lines: Callable[[], Iterable[Line]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.transcript = Transcript()
        self._lines = lines
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._fold)
        self._reader = Background("sotto-follow", self)

    def start(self) -> None:
        """Begin; returns at once."""
        self._reader.run(self._read, lambda _: self.ended.emit(""), self._failed)

    def _read(self) -> None:
        for line in self._lines():
            event = event_of(line)
            if event is not None:
                self._bridge.post(event)

    def _failed(self, error: SottoError) -> None:
        self.ended.emit(str(error))

    def _fold(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self.transcript = self.transcript.after(event)
        self.transcript_changed.emit(self.transcript)
        if isinstance(events[-1], Waiting):
            self.waiting.emit()


def event_of(line: Line) -> Event | None:
    """Return the event that the line tells, or None where it tells something else."""
    kind = _KINDS.get(line.get("event", ""))
    if kind is None:
        return None
    # What a line does not tell, such as the language of a partial, is as it is by default.
    names = (field.name for field in fields(kind) if field.name in line)
    return kind(**{name: line[name] for name in names})
