"""What a window says while files are dragged over it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class DropHint(QLabel):
    """Lies over all of the window, until what is dragged is dropped or leaves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Drop to transcribe", parent)
        self._window = parent
        self.setObjectName("drop")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # the window's drop
        self.hide()

    def appear(self) -> None:
        """Be seen above all else in the window."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
