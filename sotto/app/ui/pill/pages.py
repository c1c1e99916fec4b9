"""What the pill shows: the live words, a message, or a text that waits for an answer."""

from textwrap import shorten
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sotto.app.ui.pill.last_words import LastWords
from sotto.app.ui.widgets.banner import Kind
from sotto.app.ui.widgets.level_meter import LevelMeter
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

Button = TypeVar("Button", bound=QAbstractButton)

_ICON = 20  # pixels
_METER = QSize(58, 22)
_WORDS_WIDTH = 290
_MESSAGE_WIDTH = 400
_HELD_WIDTH = 380
_EXCERPT = 110  # characters


class LivePage(QWidget):
    """How loud it is, and the last words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = LIGHT
        self._is_heard = True
        self._icon = QLabel()
        self.meter = LevelMeter()
        self.meter.setFixedSize(_METER)
        self.words = LastWords(_WORDS_WIDTH)
        layout = _row(self)
        layout.addWidget(self._icon)
        layout.addWidget(self.meter)
        layout.addWidget(self.words)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.meter.set_colours(colours)
        self.words.set_colours(colours)
        self._paint_icon()

    def listen(self) -> None:
        """Begin with an empty line and a quiet microphone."""
        self._is_heard = True
        self.meter.setEnabled(True)
        self.meter.silence()
        self.words.clear()
        self.words.set_hint("Listening…")
        self._paint_icon()

    def wait(self) -> None:
        """Say that the microphone is away."""
        self._is_heard = False
        self.meter.setEnabled(False)
        self.meter.silence()
        self.words.clear()
        self.words.set_hint("Waiting for the microphone…")
        self._paint_icon()

    def finish(self) -> None:
        """Say that no more is heard; the words stay."""
        self._is_heard = False
        self.meter.setEnabled(False)
        self.meter.silence()
        self.words.set_hint("Finishing…")
        self._paint_icon()

    def _paint_icon(self) -> None:
        colour = self._colours.recording if self._is_heard else self._colours.secondary
        self._icon.setPixmap(icons.pixmap("microphone", colour, _ICON))
        self._icon.setAccessibleName("Listening" if self._is_heard else "Finishing")


class MessagePage(QWidget):
    """An icon and a line or two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = LIGHT
        self._kind = Kind.INFO
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        layout = _row(self)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self._paint_icon()

    def say(self, text: str, kind: Kind) -> None:
        """Show this message."""
        self._kind = kind
        self._text.setText(text)
        wide = self._text.fontMetrics().horizontalAdvance(text) > _MESSAGE_WIDTH
        self._text.setWordWrap(wide)
        self._text.setMinimumWidth(_MESSAGE_WIDTH if wide else 0)
        self._paint_icon()

    def _paint_icon(self) -> None:
        self._icon.setPixmap(icons.pixmap(self._kind.value, self._colours.text, _ICON))
        self._icon.setAccessibleName(self._kind.capitalize())


class HeldPage(QWidget):
    """The beginning of a text, and what can be done with it."""

    headline = "You are in another window now. Insert the text here?"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._excerpt = QLabel()
        self._excerpt.setTextFormat(Qt.TextFormat.PlainText)
        self._excerpt.setObjectName("secondary")
        self._excerpt.setWordWrap(True)
        self.insert = _quiet(QPushButton("Insert here"))
        self.copy = _quiet(QPushButton("Copy"))
        self.dismiss = _quiet(QToolButton())
        self.dismiss.setAccessibleName("Dismiss")
        self.dismiss.setToolTip("Dismiss")
        self.dismiss.setIconSize(QSize(18, 18))
        self._arrange()

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self.dismiss.setIcon(icons.icon("dismiss", colours.text))

    def keep(self, text: str) -> None:
        """Show the beginning of this text."""
        self._excerpt.setText(f"“{shorten(text, _EXCERPT, placeholder='…')}”")

    def _arrange(self) -> None:
        headline = QLabel(self.headline)
        headline.setObjectName("state")
        top = QHBoxLayout()
        top.addWidget(headline, 1)
        top.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.insert)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 8, 8, 14)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._excerpt)
        layout.addSpacing(4)
        layout.addLayout(buttons)
        self._excerpt.setMinimumWidth(_HELD_WIDTH)


def _row(page: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout(page)
    layout.setContentsMargins(16, 10, 20, 10)
    layout.setSpacing(12)
    return layout


def _quiet(button: Button) -> Button:
    """Keep the button from taking the focus, which is what the pill must never do."""
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setAccessibleName(button.text())
    return button
