"""What stands in the place of a text: a place to drop recordings on, or how far one is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from sotto.app.core.projects.queued import Queued, State
from sotto.app.ui.files.queue.queue_model import state_words
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.sizes import scaled

_PICTURE = 44  # pixels
_FULL = 1000  # of the bar


class Waiting(QWidget):
    """A picture, a headline, a sentence, a bar, and buttons for what can be done."""

    open_requested = Signal()
    cancel_requested = Signal()
    again_requested = Signal()
    others_requested = Signal()  # other settings: of a recording, or of some that are to be opened

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture, self._title, self._sentence = QLabel(), QLabel(), QLabel()
        self._title.setObjectName("title")
        self._sentence.setObjectName("secondary")
        self.bar = QProgressBar()
        self.bar.setObjectName("preparing")
        self.bar.setRange(0, _FULL)
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(320)
        self.bar.setAccessibleName("Progress")
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._press)
        self.others = QPushButton()
        self.others.setObjectName("link")
        self.others.setAutoDefault(False)
        self.others.clicked.connect(self.others_requested)
        self._state: State | None = None
        self._arrange()
        self.show_row(None)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        return self.button, self.others

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours."""
        self._picture.setPixmap(icons.pixmap("recording", colours.outline, scaled(_PICTURE)))

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def show_row(self, row: Queued | None) -> None:
        """Say how far a recording is; None where there is none yet."""
        self._state = row.state if row else None
        self.bar.setVisible(self._state is State.WORKING)
        if row is None:
            self._title.setText("Drop recordings here")
            self._sentence.setText("Sound or video, in any format. They stay on this machine.")
            _name(self.button, "&Open recordings…")
            _name(self.others, "Open &with other settings…")
            return
        self._title.setText(row.source.name)
        self._sentence.setText(self._words(row))
        self.bar.setRange(0, _FULL if row.share else 0)
        self.bar.setValue(round(_FULL * row.share))
        _name(self.button, "&Try again" if row.is_over else "&Cancel")
        _name(self.others, "&Other settings…")

    def _words(self, row: Queued) -> str:
        words = row.message
        if row.state is State.WAITING:
            words = "Waits until those before it are done."
        elif row.state is State.WORKING and row.share:
            words = f"Transcribing: {state_words(row)}"
        return "\n".join(filter(None, (words, _tracks(row))))

    def _press(self) -> None:
        if self._state is None:
            self.open_requested.emit()
        elif self._state in {State.WAITING, State.WORKING}:
            self.cancel_requested.emit()
        else:
            self.again_requested.emit()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(10)
        layout.addStretch(4)
        for label in (self._picture, self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addSpacing(4)
        layout.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self.bar.setMinimumWidth(320)
        for button in (self.button, self.others):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(5)


def _name(button: QPushButton, words: str) -> None:
    button.setText(words)
    button.setAccessibleName(words.replace("&", "").rstrip("…"))


def _tracks(row: Queued) -> str:
    """Say which sound track is heard, where there are several."""
    if row.n_tracks < 2 or row.is_over:  # one is no choice
        return ""
    which = f"number {row.wanted.track}" if row.wanted.track else "the default one"
    return f"It has {row.n_tracks} sound tracks, of which {which} is heard."
