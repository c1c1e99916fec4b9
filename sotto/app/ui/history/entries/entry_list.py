"""The list of dictated texts."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from sotto.app.core.history import Entry
from sotto.app.ui.history.entries.entry_model import ENTRY, EntryModel
from sotto.app.ui.history.entries.entry_painting import EntryDelegate
from sotto.app.ui.widgets.theme.colours import Colours

_NARROWEST = 24  # characters; less would hold neither the time nor a few words


class EntryList(QListView):
    """Something is always selected in it, and stays selected when the list is made anew."""

    selection_changed = Signal()
    copy_requested = Signal()
    delete_requested = Signal()

    def __init__(self, model: EntryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = EntryDelegate(self)
        self._entries = model
        self._row = 0
        self._ids: set[int] = set()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMinimumWidth(_NARROWEST * self.fontMetrics().averageCharWidth())
        self.setAccessibleName("Dictated texts")
        self.setAccessibleDescription("Enter copies the selected text, Delete deletes it.")
        self.activated.connect(lambda _index: self.copy_requested.emit())
        model.modelAboutToBeReset.connect(self._remember_selection)
        model.modelReset.connect(self._select_again)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._delegate.set_colours(colours)
        self.viewport().update()

    def selected(self) -> tuple[Entry, ...]:
        """Return the selected entries, oldest first."""
        chosen = (index.data(ENTRY) for index in self.selectedIndexes())
        return tuple(sorted(chosen, key=lambda entry: entry.id))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Delete and copy what is selected; leave the rest to Qt."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.delete_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Copy) or event.key() in {
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        }:
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    def _remember_selection(self) -> None:
        self._ids = {entry.id for entry in self.selected()}
        self._row = max(0, self.currentIndex().row())

    def _select_again(self) -> None:
        # Where what was selected is gone, take what has moved into its place.
        last = min(self._row, self._entries.rowCount() - 1)
        rows = self._entries.rows_of(self._ids) or [last][: last + 1]
        selection = QItemSelection()
        for row in rows:
            index = self._entries.index(row)
            selection.select(index, index)
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flag.ClearAndSelect)
        if rows:
            self.selectionModel().setCurrentIndex(self._entries.index(rows[0]), flag.NoUpdate)
            self.scrollTo(self.currentIndex())
        self.selection_changed.emit()
