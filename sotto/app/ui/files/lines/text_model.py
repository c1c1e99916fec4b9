"""The lines of a recording as Qt lists them, and their corrections."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from sotto.app.core.projects.document import Document, Line
from sotto.app.core.projects.edits import Change, Edits, Naming, Step
from sotto.app.ui.files.clock_words import clock
from sotto.app.ui.files.lines.names_column import shown_name

LINE = Qt.ItemDataRole.UserRole
SPEAKER = Qt.ItemDataRole.UserRole + 1  # what he is called on the screen; empty for nobody
Index = QModelIndex | QPersistentModelIndex


class TextModel(QAbstractListModel):
    """A row a line. Each correction is one step of undo."""

    corrected = Signal()  # the document is another one now
    named = Signal()  # speakers are called otherwise now
    changed_line = Signal(int)  # one that the user is to see, for it was changed

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._edits = Edits(Document())

    @property
    def document(self) -> Document:
        """The text as it is now."""
        return self._edits.document

    @property
    def can_undo(self) -> bool:
        """Whether there is a correction to take back."""
        return bool(self._edits.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is one to do again."""
        return bool(self._edits.undone)

    def show_document(self, document: Document) -> None:
        """List another text, of which nothing is undone."""
        self.beginResetModel()
        self._edits = Edits(document)
        self.endResetModel()

    def undo(self) -> None:
        """Take the last correction back."""
        if self.can_undo:
            self._become(self._edits.undo(), self._edits.done[-1].reversed)

    def redo(self) -> None:
        """Do again what was undone."""
        if self.can_redo:
            self._become(self._edits.redo(), self._edits.undone[-1])

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  # Qt's name
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.document.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let each line be corrected."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the line, or its text."""
        line: Line = self.document.lines[index.row()]
        if role == LINE:
            return line
        if role == SPEAKER:
            return shown_name(self.document, line.speaker)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return line.text.strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = shown_name(self.document, line.speaker)
            return ": ".join(filter(None, (clock(line.start), name, line.text.strip())))
        return None

    def setData(  # noqa: N802  # Qt's name
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Correct a line; without any text it is taken out."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        self._edit(self._edits.correct(index.row(), str(value)))
        return True

    def split(self, number: int, first: str, second: str) -> None:
        """Make two lines of one, with these texts."""
        self._edit(self._edits.split(number, first, second))

    def join(self, number: int, text: str) -> None:
        """Give a line another text, and make one of it and the line before it."""
        self._edit(self._edits.join(number, text))

    def give(self, number: int, speaker: str) -> None:
        """Let another one have said a line."""
        self._edit(self._edits.give(number, speaker))

    def name(self, names: Mapping[str, str]) -> None:
        """Call speakers by these names."""
        self._edit(self._edits.name(names))

    def _edit(self, edits: Edits) -> None:
        if edits is not self._edits:
            self._become(edits, edits.done[-1])

    def _become(self, edits: Edits, step: Step) -> None:
        """Show another state, which differs from this one by a step."""
        if isinstance(step, Naming):
            self._edits = edits
            self.named.emit()
            self.corrected.emit()
        else:
            self._become_changed(edits, step)

    def _become_changed(self, edits: Edits, change: Change) -> None:
        number, n_before, n_after = change.number, len(change.before), len(change.after)
        n_kept = min(n_before, n_after)
        if n_before > n_after:
            self.beginRemoveRows(QModelIndex(), number + n_kept, number + n_before - 1)
            self._edits = edits
            self.endRemoveRows()
        elif n_after > n_before:
            self.beginInsertRows(QModelIndex(), number + n_kept, number + n_after - 1)
            self._edits = edits
            self.endInsertRows()
        self._edits = edits
        for row in range(number, number + n_kept):
            self.dataChanged.emit(self.index(row), self.index(row))
        self.corrected.emit()
        self.changed_line.emit(min(number, self.rowCount() - 1))
