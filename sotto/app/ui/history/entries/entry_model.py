"""The texts that a search has found, fetched page by page while somebody scrolls."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from sotto.app.core.history import Entry
from sotto.app.ui.history.entries.time_words import application_words, duration_words, when_words
from sotto.app.ui.history.records import Records

PAGE = 100  # entries; several screens full
ENTRY = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class EntryModel(QAbstractListModel):
    """Entries, newest first. Answers to an earlier question than the last one are thrown away."""

    found = Signal()  # the list is what was asked for

    def __init__(self, records: Records, parent: QObject) -> None:
        super().__init__(parent)
        self._records = records
        self._entries: tuple[Entry, ...] = ()
        self._words = ""
        self._has_more = False
        self._is_fetching = False
        self._question = 0

    @property
    def words(self) -> str:
        """What is searched for."""
        return self._words

    def search(self, words: str) -> None:
        """List what contains all of `words`."""
        self._words = words
        self._ask(PAGE)

    def refresh(self) -> None:
        """Look again, and list at least as many as before."""
        self._ask(max(PAGE, len(self._entries)))

    def rows_of(self, ids: set[int]) -> list[int]:
        """Return where the entries of these ids are listed, as far as they are."""
        return [row for row, entry in enumerate(self._entries) if entry.id in ids]

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  # Qt's name
        """Return how many are fetched."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the entry, or its words for those who cannot see the list."""
        entry = self._entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(entry)
        return None

    def canFetchMore(self, _parent: Index) -> bool:  # noqa: N802  # Qt's name
        """Tell whether there is another page."""
        return self._has_more and not self._is_fetching

    def fetchMore(self, _parent: Index) -> None:  # noqa: N802  # Qt's name
        """Fetch the next page; it comes when it is there."""
        if not self._entries:
            return
        question, words, last = self._question, self._words, self._entries[-1].id
        self._is_fetching = True
        self._records.run(
            lambda history: history.search(words, limit=PAGE, before=last),
            lambda page: self._append(question, page),
        )

    def _ask(self, limit: int) -> None:
        self._question += 1
        question, words = self._question, self._words
        self._records.run(
            lambda history: history.search(words, limit=limit),
            lambda page: self._show(question, page, limit),
        )

    def _show(self, question: int, page: tuple[Entry, ...], limit: int) -> None:
        if question != self._question:
            return
        self.beginResetModel()
        self._entries = page
        self._has_more = len(page) == limit
        self._is_fetching = False
        self.endResetModel()
        self.found.emit()

    def _append(self, question: int, page: tuple[Entry, ...]) -> None:
        if question != self._question:
            return
        self._is_fetching = False
        self._has_more = len(page) == PAGE
        if page:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._entries += page
            self.endInsertRows()


def _spoken(entry: Entry) -> str:
    parts = (
        when_words(entry.when, datetime.now().astimezone()),
        application_words(entry.application),
        duration_words(entry.duration_s),
        *(("with sound",) if entry.sound else ()),
    )
    return f"{', '.join(parts)}: {entry.text}"
