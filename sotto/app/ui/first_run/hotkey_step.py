"""The third step: a key that dictates, tried at once."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from sotto.app.core.settings import SettingsStore
from sotto.app.ui.fields.chord_field import ChordField
from sotto.app.ui.fields.fields import Options
from sotto.app.ui.fields.hotkey_modes import HOTKEY_MODES
from sotto.app.ui.first_run.step import Step
from sotto.app.ui.widgets.theme.colours import Colours

_LINES = 3


class HotkeyStep(Step):
    """What is chosen counts at once, so that it can be tried."""

    recording = Signal(bool)  # a key is being recorded: bound ones are to be let go
    practising = Signal(bool)  # the step is in sight: what is dictated goes to `hear`

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__(
            "Which key should dictate?",
            "Wherever the cursor is: press the key, speak, and the words appear there.",
        )
        self._hotkey = ChordField(may_be_empty=True)
        self._hotkey.name("Key")
        self._hotkey.show_value(settings.current.hotkey)
        self._hotkey.edited.connect(lambda chord: settings.change(hotkey=chord))
        self._hotkey.recording.connect(self.recording)
        self._mode = Options(HOTKEY_MODES)
        self._mode.show_value(settings.current.hotkey_mode)
        self._mode.edited.connect(lambda mode: settings.change(hotkey_mode=mode))
        self.practice = QPlainTextEdit()
        self.practice.setAccessibleName("Try it now")
        self.practice.setPlaceholderText("Hold the keys and speak.")
        self.practice.setTabChangesFocus(True)
        self.practice.setFixedHeight(_LINES * self.practice.fontMetrics().lineSpacing() + 24)
        self.body.addLayout(_under("&Key", self._hotkey, self._hotkey.control))
        self.body.addWidget(self._mode)
        self.body.addLayout(_under("Try it &now", self.practice, self.practice))

    def set_colours(self, colours: Colours) -> None:
        """See `Step.set_colours`."""
        self._hotkey.set_colours(colours)

    def first_control(self) -> QWidget:
        """See `Step.first_control`."""
        return self._hotkey.control

    def hear(self, text: str) -> None:
        """Write dictated text into the field, after what is there."""
        cursor = self.practice.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
        self.practice.setTextCursor(cursor)

    def show_status(self, text: str, *, is_error: bool) -> None:
        """Say what came of binding the key."""
        self._hotkey.show_status(text, is_error=is_error)

    def show_test(self, *, is_down: bool) -> None:
        """Show that the key is held."""
        self._hotkey.show_test(is_down=is_down)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Practice begins."""
        super().showEvent(event)
        self.practising.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Practice is over."""
        super().hideEvent(event)
        self.practising.emit(False)


def _under(text: str, widget: QWidget, buddy: QWidget) -> QVBoxLayout:
    label = QLabel(text)
    label.setBuddy(buddy)
    box = QVBoxLayout()
    box.setSpacing(6)
    box.addWidget(label)
    box.addWidget(widget)
    return box
