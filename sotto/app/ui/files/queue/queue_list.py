"""The list of recordings."""

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from sotto.app.core.projects.queued import Queued
from sotto.app.ui.files.queue.queue_model import QUEUED, QueueModel
from sotto.app.ui.files.queue.queue_painting import QueueDelegate
from sotto.app.ui.widgets.theme.colours import Colours


class QueueList(QListView):
    """One recording is chosen in it, and stays chosen when others come and go."""

    chosen = Signal(str)  # another recording's id; empty where there is none
    remove_requested = Signal()
    menu_requested = Signal(QPoint)  # of what can be done with it, at this place of the screen
    left = Signal()  # Enter: into the text

    def __init__(self, model: QueueModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue = model
        self._id = ""
        self._delegate = QueueDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Recordings")
        self.setAccessibleDescription("Enter goes to the text, Delete removes it from the list.")
        self.activated.connect(lambda _index: self.left.emit())
        model.modelReset.connect(lambda: self.choose(self._id))
        self.selectionModel().currentChanged.connect(lambda *_: self._tell())

    @property
    def current(self) -> Queued | None:
        """The chosen recording."""
        index = self.currentIndex()
        return index.data(QUEUED) if index.isValid() else None

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._delegate.set_colours(colours)
        self.viewport().update()

    def choose(self, row_id: str) -> None:
        """Choose a recording; the last one where it is not there."""
        row = self._queue.row_of(row_id)
        row = row if row >= 0 else self._queue.rowCount() - 1
        index = self._queue.index(row)
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Delete and Enter; leave the rest to Qt, and Space to the window."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.remove_requested.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  # Qt's name
        """Offer what can be done with the recording that is clicked, or with the chosen one."""
        is_clicked = event.reason() is QContextMenuEvent.Reason.Mouse
        if not is_clicked:
            self.menu_requested.emit(
                self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
            )
        elif self.indexAt(event.pos()).isValid():
            self.menu_requested.emit(event.globalPos())

    def _tell(self) -> None:
        row = self.current
        row_id = row.id if row else ""
        if row_id != self._id:
            self._id = row_id
            self.chosen.emit(row_id)
