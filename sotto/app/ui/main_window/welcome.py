"""What stands where the text will be, as long as there is none."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from sotto.app.core.archive import KeptText
from sotto.app.dictating.phases import Phase
from sotto.app.ui.widgets.theme import icons

_HEADLINES = {
    Phase.IDLE: ("Press Start and speak", "Sound and text stay on this machine."),
    Phase.PREPARING: ("One moment", "The model is being made ready."),
    Phase.LISTENING: ("Listening", "Say something; it appears here word by word."),
    Phase.WAITING: ("Waiting for the microphone", "Once it is back, it is heard again."),
    Phase.FINISHING: ("One moment", "The last words are being written down."),
}


class Welcome(QWidget):
    """A headline, a sentence, and the ways back to the last text and to recordings."""

    continue_requested = Signal(KeptText)
    recordings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: KeptText | None = None
        self._headline = _centred("headline")
        self._sentence = _centred("secondary")
        self._continue = _link(self._ask_to_continue)
        self._recordings = _link(self.recordings_requested.emit)
        self._recordings.setText("Transcribe recordings")
        self._recordings.setAccessibleName("Transcribe recordings")
        self._recordings.setToolTip("Or drop them on this window")
        logo = _centred("logo")
        logo.setPixmap(icons.app_icon().pixmap(QSize(64, 64)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(10)
        layout.addStretch(4)
        layout.addWidget(logo)
        layout.addSpacing(10)
        layout.addWidget(self._headline)
        layout.addWidget(self._sentence)
        layout.addSpacing(6)
        layout.addWidget(self._continue, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._recordings, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(5)
        self.offer(None)
        self.show_phase(Phase.IDLE)

    def show_phase(self, phase: Phase) -> None:
        """Say what is to be done now."""
        headline, sentence = _HEADLINES[phase]
        self._headline.setText(headline)
        self._sentence.setText(sentence)
        self._continue.setEnabled(phase is Phase.IDLE)

    def offer(self, kept: KeptText | None) -> None:
        """Offer to go on with the last text, if there is one."""
        self._kept = kept
        self._continue.setVisible(kept is not None)
        if kept is not None:
            words = f"Go on with the text of {when_text(kept)}"
            self._continue.setText(words)
            self._continue.setAccessibleName(words)
            self._continue.setToolTip(kept.opening)

    def _ask_to_continue(self) -> None:
        if self._kept is not None:
            self.continue_requested.emit(self._kept)


def when_text(kept: KeptText) -> str:
    """Return when a text was begun, as `21 November, 14:32`."""
    return f"{kept.when.day} {kept.when:%B, %H:%M}"


def _link(act: Callable[[], None]) -> QPushButton:
    button = QPushButton()
    button.setObjectName("link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _centred(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
