"""Finding words in the text."""

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.sizes import icon_size

_TYPING_MS = 120  # after the last key, before a search: shorter than anybody notices


class SearchBar(QWidget):
    """A field, how many places were found, and ways to the next and the one before."""

    wanted = Signal(str)
    next_requested = Signal()
    previous_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in the text")
        self.field.setAccessibleName("Find in the text")
        self._picture = QAction("Find in the text", self.field)  # a screen reader meets it, too
        self.field.addAction(self._picture, QLineEdit.ActionPosition.LeadingPosition)
        self._count = QLabel()
        self._count.setObjectName("secondary")
        self.previous = _button("Previous place (Shift+F3)", self.previous_requested, self)
        self.next = _button("Next place (F3)", self.next_requested, self)
        self.leave = _button("Close the search (Esc)", self.closed, self)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(lambda: self.wanted.emit(self.field.text()))
        self.field.textChanged.connect(lambda _: self._typing.start())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field, 1)
        for each in (self._count, self.previous, self.next, self.leave):
            layout.addWidget(each)
        self.hide()

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        self._picture.setIcon(icons.icon("search", colours.secondary))
        self.previous.setIcon(icons.icon("chevron_up", colours.text))
        self.next.setIcon(icons.icon("chevron", colours.text))
        self.leave.setIcon(icons.icon("dismiss", colours.text))

    def show_count(self, at: int, count: int) -> None:
        """Say at which of how many places the user is; `at` counts from 0."""
        words = f"{at + 1} of {count}" if count else "Not found"
        self._count.setText(words if self.field.text().strip() else "")
        for button in (self.previous, self.next):
            button.setEnabled(count > 0)

    def open(self) -> None:
        """Be seen, and have the keyboard."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Enter goes on, with Shift back; Escape ends the search."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._typing.isActive():
                self._typing.stop()
                self.wanted.emit(self.field.text())
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous_requested.emit()
            else:
                self.next_requested.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _button(words: str, clicked: SignalInstance, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setAccessibleName(words.partition(" (")[0])
    button.setToolTip(words)
    button.setIconSize(icon_size(16))
    button.clicked.connect(clicked)
    return button
