"""The selected text in full, and what can be done with it."""

from datetime import datetime

from PySide6.QtGui import QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTextEdit, QVBoxLayout, QWidget

from sotto.app.core.history import Entry, found_spans, marked_text
from sotto.app.ui.history.entries.highlights import mark_spans
from sotto.app.ui.history.entries.time_words import (
    application_words,
    count_words,
    duration_words,
    when_words,
)
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.app.ui.widgets.theme.sizes import icon_size

_LINE_HEIGHT = 140.0  # per cent
_LARGER = 1.15  # than the text in the list


class Detail(QWidget):
    """Shows one text, or several one after another."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colours = LIGHT
        self._is_playing = False
        self._when = QLabel()
        self._when.setObjectName("section")
        self._about = QLabel()
        self._about.setObjectName("secondary")
        self.text = _text_view()
        self.copy = _button("&Copy", "Copy the text (Enter)")
        self.insert = _button("&Insert again", "Put the text where you were writing before")
        self.play = _button("&Play", "Play what was said")
        self.again = _button(
            "&Recognise again…", "Make a new text of the sound, with another model or language"
        )
        self.delete = _button("&Delete", "Delete the text and its sound (Del)")
        self._arrange()

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        self._colours = colours
        self.copy.setIcon(icons.icon("copy", colours.text))
        self.again.setIcon(icons.icon("words", colours.text))
        self.insert.setIcon(icons.icon("insertion", colours.text))
        self.delete.setIcon(icons.icon("clear", colours.text))
        self.show_playing(is_playing=self._is_playing)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in its order."""
        return self.text, self.copy, self.insert, self.play, self.delete, self.again

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show these texts, oldest first."""
        self.text.setPlainText("\n".join(marked_text(entry).strip() for entry in entries))
        _open_lines(self.text)
        self._when.setText(_when_title(entries))
        applications = dict.fromkeys(application_words(entry.application) for entry in entries)
        duration = duration_words(sum(entry.duration_s for entry in entries))
        self._about.setText(f"{', '.join(applications)}  ·  {duration}")
        has_sound = len(entries) == 1 and entries[0].sound is not None
        self.play.setVisible(has_sound)
        self.again.setVisible(has_sound)

    def mark(self, words: str) -> None:
        """Mark what a search for `words` has found."""
        spans = found_spans(self.text.toPlainText(), words)
        mark_spans(self.text, spans, self._colours.warning)

    def show_playing(self, *, is_playing: bool) -> None:
        """Let the button of the sound start or stop it."""
        self._is_playing = is_playing
        self.play.setText("&Stop" if is_playing else "&Play")
        self.play.setAccessibleName("Stop" if is_playing else "Play")
        name = "stop" if is_playing else "play"
        self.play.setIcon(icons.icon(name, self._colours.text))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.copy, self.insert, self.play):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.delete)
        below = QHBoxLayout()
        below.addWidget(self.again)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 20, 0)
        layout.setSpacing(4)
        layout.addWidget(self._when)
        layout.addWidget(self._about)
        layout.addSpacing(10)
        layout.addWidget(self.text, 1)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addLayout(below)


def joined_text(entries: tuple[Entry, ...]) -> str:
    """Return several texts as one, a line each."""
    return "\n".join(entry.text.strip() for entry in entries)


def _when_title(entries: tuple[Entry, ...]) -> str:
    if not entries:
        return ""
    now = datetime.now().astimezone()
    first = when_words(entries[0].when, now)
    if len(entries) == 1:
        return first
    return f"{count_words(len(entries))} since {first[0].lower()}{first[1:]}"


def _text_view() -> QTextEdit:
    view = QTextEdit()
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.document().setDocumentMargin(0)
    # A style sheet of its own: the application's would reset a font set with setFont().
    points = view.font().pointSizeF() * _LARGER
    view.setStyleSheet(f"QTextEdit {{ font-size: {points}pt; }}")
    view.setAccessibleName("Selected text")
    return view


def _open_lines(view: QTextEdit) -> None:
    shape = QTextBlockFormat()
    proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    shape.setLineHeight(_LINE_HEIGHT, proportional)
    cursor = QTextCursor(view.document())
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(shape)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)  # Enter belongs to the list
    button.setIconSize(icon_size(18))
    button.setToolTip(tip)
    button.setAccessibleName(text.replace("&", ""))
    return button
