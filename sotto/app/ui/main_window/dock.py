"""The foot of the window: what is going on, the one big control, how loud it is."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.events import Event, Final, Lag, Partial, Preparing
from sotto.app.dictating.phases import Phase
from sotto.app.ui.main_window.transcript_view import time_text
from sotto.app.ui.widgets.labels import wrapped_label
from sotto.app.ui.widgets.level_meter import LevelMeter
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.app.ui.widgets.theme.sizes import icon_size
from sotto.app.ui.widgets.theme.style import restyle
from sotto.inference.languages import language_name

_WORDS = {
    Phase.IDLE: ("Start", "Ready", "Space starts and stops"),
    Phase.PREPARING: ("Stop", "Preparing…", "Opening the microphone and the model"),
    Phase.LISTENING: ("Stop", "Listening", "Speak; the text follows"),
    Phase.WAITING: ("Stop", "Waiting for the microphone", "Once back, it is heard again"),
    Phase.FINISHING: ("Finishing…", "Finishing…", "Writing down the last words"),
}


class Dock(QFrame):
    """Shows phase, progress, lag and level; its button asks to start or to stop."""

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock")
        self._colours: Colours = LIGHT
        self._phase = Phase.IDLE
        self._seconds = 0
        self._language = ""
        self.state = _label("state", "State")
        self.detail = _label("detail", "Details")
        self.progress = _progress_line()
        self.meter = LevelMeter()
        self.button = _record_button()
        self.button.clicked.connect(self.toggled)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count_second)
        self._arrange()
        self.show_phase(Phase.IDLE)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.meter.set_colours(colours)
        self._paint_button()

    def show_phase(self, phase: Phase) -> None:
        """Say what the dictation is doing and offer what can be done."""
        was_waiting, self._phase = self._phase is Phase.WAITING, phase
        button, state, detail = _WORDS[phase]
        self.button.setText(button)
        self.button.setShortcut("Alt+S")  # forgotten by Qt at every change of the text
        self.button.setAccessibleName(button.rstrip("…") + " dictation")
        self.button.setEnabled(phase is not Phase.FINISHING)
        self._say(state, detail)
        self._paint_button()
        self.meter.setEnabled(phase not in {Phase.IDLE, Phase.WAITING})
        self.progress.setEnabled(phase is Phase.PREPARING)
        self._show_progress(None)
        if phase is Phase.LISTENING:
            if not was_waiting:
                self._language, self._seconds = "", 0
            self._second.start()
        else:
            self._second.stop()
        if phase in {Phase.IDLE, Phase.WAITING, Phase.FINISHING}:
            self.meter.silence()

    def show_preparing(self, preparing: Preparing) -> None:
        """Say what is being prepared and how long it takes."""
        if self._phase is not Phase.PREPARING:
            return
        expected = f" of about {preparing.expected_s:.0f}" if preparing.expected_s > 0 else ""
        self._say("Preparing…", f"{preparing.what} · {preparing.elapsed_s:.0f}{expected} s")
        self._show_progress(preparing)

    def show_lag(self, lag: Lag) -> None:
        """Say how far the text is behind and how fast the machine is."""
        if self._phase is Phase.LISTENING:
            factor = lag.real_time_factor
            speed = f", {1 / factor:.2g}× speed" if factor > 0 else ""  # noqa: RUF001  # a times sign
            self.detail.setText(f"{self._language}{lag.lag_s:.1f} s behind{speed}")

    def show_language(self, code: str) -> None:
        """Say which language is heard, from the next figures on."""
        self._language = f"{language_name(code)} · "

    def follow_sound(self, events: tuple[Event, ...]) -> None:
        """Count on from where the sound is: it may have begun long before the model was there."""
        for event in events:
            if isinstance(event, Partial | Final):
                self._seconds = int(event.audio)

    def _say(self, state: str, detail: str) -> None:
        self.state.setText(state)
        self.detail.setText(detail)

    def _count_second(self) -> None:
        self._seconds += 1
        self.state.setText(f"Listening {time_text(self._seconds)}")

    def _show_progress(self, preparing: Preparing | None) -> None:
        if preparing is None or preparing.expected_s <= 0:
            self.progress.setValue(0)
            return
        share = preparing.elapsed_s / preparing.expected_s
        # An estimate that was too short must not look like an end.
        self.progress.setValue(round(1000 * min(share, 0.98)))

    def _paint_button(self) -> None:
        listening = self._phase in {Phase.PREPARING, Phase.LISTENING, Phase.WAITING}
        colour = self._colours.on_recording if listening else self._colours.on_accent
        if self._phase is Phase.FINISHING:
            colour = self._colours.secondary
        self.button.setIcon(icons.icon("stop" if listening else "record", colour))
        self.button.setProperty("listening", listening)
        restyle(self.button)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.state)
        words.addWidget(self.detail)
        words.addStretch()
        grid = QGridLayout()
        grid.setContentsMargins(24, 14, 24, 18)
        grid.setHorizontalSpacing(18)
        grid.addLayout(words, 0, 0)
        grid.addWidget(self.button, 0, 1)
        grid.addWidget(
            self.meter, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.progress)
        layout.addLayout(grid)


def _label(name: str, accessible_name: str) -> QLabel:
    label = wrapped_label("", name)
    label.setAccessibleDescription(accessible_name)
    return label


def _progress_line() -> QProgressBar:
    line = QProgressBar()
    line.setObjectName("preparing")
    line.setAccessibleName("Preparation")
    line.setTextVisible(False)
    line.setRange(0, 1000)
    return line


class _RecordButton(QPushButton):
    """Shows its focus only to those who came by keyboard; it has the focus from the start."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        by_keyboard = event.reason() in {
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        }
        self.setProperty("ring", by_keyboard)
        restyle(self)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        self.setProperty("ring", False)
        restyle(self)
        super().focusOutEvent(event)


def _record_button() -> QPushButton:
    button = _RecordButton()
    button.setObjectName("record")
    button.setAccessibleDescription("Space, Ctrl+R or Alt+S does the same")
    button.setToolTip("Start or stop (Space, Ctrl+R)")
    button.setIconSize(icon_size(22))
    return button
