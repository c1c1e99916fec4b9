"""What stands where the list will be, as long as there is nothing to list."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours

_PICTURE = 40  # pixels


class Empty(QWidget):
    """A picture, a headline and a sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture, self._title, self._sentence = (QLabel(), QLabel(), QLabel())
        self._title.setObjectName("title")
        self._sentence.setObjectName("secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(8)
        layout.addStretch(4)
        for label in (self._picture, self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch(5)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours."""
        self._picture.setPixmap(icons.pixmap("history", colours.outline, _PICTURE))

    def show_search(self, words: str) -> None:
        """Say that nothing contains `words`, or that there is nothing at all."""
        if words.strip():
            self._title.setText("Nothing found")
            self._sentence.setText(f"No dictated text contains “{words.strip()}”.")
        else:
            self._title.setText("Nothing yet")
            self._sentence.setText("What you dictate will be listed here.")

    def show_failure(self) -> None:
        """Say that the texts could not be read; a banner says why."""
        self._title.setText("Not available")
        self._sentence.setText("The dictated texts could not be read.")

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()
