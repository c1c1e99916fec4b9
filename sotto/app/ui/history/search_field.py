"""The field for what to search."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours

_TYPING_MS = 120  # after the last key, before a search: shorter than anybody notices


class SearchField(QLineEdit):
    """Tells what to search for once typing pauses, and when the keyboard should leave it."""

    wanted = Signal(str)
    left = Signal()  # by Enter or downwards

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Search what you dictated")
        self.setAccessibleName("Search")
        self.setToolTip("Search (Ctrl+F)")
        self._picture = QAction(self)
        self._clear = QAction("Clear the search", self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._picture, QLineEdit.ActionPosition.LeadingPosition)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(lambda: self.wanted.emit(self.text()))
        self.textChanged.connect(self._type)
        self.returnPressed.connect(self.left)
        self._clear.setVisible(False)

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        self._picture.setIcon(icons.icon("search", colours.secondary))
        self._clear.setIcon(icons.icon("dismiss", colours.secondary))

    def start_over(self) -> None:
        """Be empty, and have the keyboard."""
        self.clear()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Let the keys that go down in a list lead there."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_PageDown}:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Search no more once nobody looks."""
        self._typing.stop()
        super().hideEvent(event)

    def _type(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._typing.start()
