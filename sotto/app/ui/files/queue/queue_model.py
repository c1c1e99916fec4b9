"""The queue as Qt lists it."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sotto.app.core.projects.queued import Queued, State
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.files.clock_words import left_words, length_words

QUEUED = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractListModel):
    """One row a recording, the newest last."""

    def __init__(self, queue: RecordingQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = queue
        self._rows = queue.rows
        queue.listed.connect(self._list)
        queue.changed.connect(self._change)

    def row_of(self, row_id: str) -> int:
        """Return where a recording is listed; -1 if it is not."""
        return next((at for at, row in enumerate(self._rows) if row.id == row_id), -1)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  # Qt's name
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the recording, or its words for those who cannot see the list."""
        row = self._rows[index.row()]
        if role == QUEUED:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.source.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(
                dict.fromkeys(filter(None, (str(row.source), state_words(row), row.message)))
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.source.name}: {state_words(row)}"
        return None

    def _list(self) -> None:
        self.beginResetModel()
        self._rows = self._queue.rows
        self.endResetModel()

    def _change(self, row_id: str) -> None:
        self._rows = self._queue.rows
        at = self.row_of(row_id)
        if at >= 0:
            self.dataChanged.emit(self.index(at), self.index(at))


def state_words(row: Queued) -> str:
    """Return in a few words how far a recording is."""
    if row.state is State.WAITING:
        return _with_wanted("Waiting", row)
    if row.state is State.DONE:
        length = length_words(row.duration_s)
        return _with_wanted(f"{length} · damaged" if row.message else length, row)
    if row.state is not State.WORKING:
        return row.message
    if row.share:
        left = f" · {left_words(row.left_s)}" if row.left_s is not None else ""
        return f"{row.share:.0%}{left}"
    return row.message


def _with_wanted(words: str, row: Queued) -> str:
    """Tell rows of one recording apart, and that there is more to be heard in it."""
    has_choice = row.n_tracks > 1 and row.wanted.track is None
    tracks = f"{row.n_tracks} sound tracks" if has_choice else ""
    return " · ".join(filter(None, (words, tracks, row.wanted.words)))
