"""One step of the first start: a headline, a sentence, and what is to be chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from sotto.app.core.settings import Value
from sotto.app.ui.widgets.labels import wrapped_label
from sotto.app.ui.widgets.theme.colours import Colours

_HEADLINE_SIZE = 1.9  # of the text


class Step(QScrollArea):
    """A step scrolls where the window is small. `body` takes what is to be chosen."""

    def __init__(self, headline: str, sentence: str) -> None:
        super().__init__()
        self.headline = headline
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(headline)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(40, 8, 40, 8)
        layout.setSpacing(6)
        layout.addWidget(_headline(headline))
        layout.addWidget(wrapped_label(sentence, "secondary"))
        layout.addSpacing(16)
        self.body = QVBoxLayout()
        self.body.setSpacing(14)
        layout.addLayout(self.body)
        layout.addStretch()
        self.setWidget(content)

    def set_colours(self, colours: Colours) -> None:
        """Paint what is drawn by hand in these colours."""

    def choices(self) -> dict[str, Value]:
        """Return what is chosen and not told yet."""
        return {}

    def first_control(self) -> QWidget:
        """Return what has the focus when the step begins."""
        raise NotImplementedError


def _headline(text: str) -> QLabel:
    label = wrapped_label(text, "title")
    font = label.font()
    font.setPointSizeF(_HEADLINE_SIZE * font.pointSizeF())
    label.setFont(font)
    return label
