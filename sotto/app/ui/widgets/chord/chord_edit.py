"""Shows the keys of a hotkey, and records other ones by having them pressed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sotto.app.desktop.hotkeys import Chord, Modifier
from sotto.app.ui.widgets.chord.key_caps import KeyCaps
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.errors import HotkeyError

_ICON = 18  # pixels


class ChordEdit(QWidget):
    """A chord as key caps, and a button that records another one.

    `changed` tells the new chord as text, empty where it was cleared. Between `recording(True)`
    and `recording(False)` hotkeys should be let go: what is pressed is meant for this widget
    alone. `changed` comes before the latter.
    """

    changed = Signal(str)
    recording = Signal(bool)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        may_be_empty: bool = False,
        may_be_escape: bool = False,
    ) -> None:
        """Build it, showing no chord.

        Args:
            parent: as with any widget.
            may_be_empty: whether Backspace leaves it without a chord.
            may_be_escape: whether Escape alone is a chord here; elsewhere it ends recording.
        """
        super().__init__(parent)
        self._value = ""
        self._may_be_empty = may_be_empty
        self._may_be_escape = may_be_escape
        self._caps = KeyCaps(self)
        self._button = QPushButton()
        self._button.setAutoDefault(False)
        self._status = _Status(self)
        self.setFocusProxy(self._button)
        self._caps.clicked.connect(self._begin)
        self._caps.pressed.connect(self._press)
        self._caps.tapped.connect(self._try)
        self._caps.left.connect(self._end)
        self._button.clicked.connect(self._begin_or_end)
        self._arrange()
        self._show_value()

    @property
    def value(self) -> str:
        """The chord as text; empty for none."""
        return self._value

    @property
    def is_recording(self) -> bool:
        """Whether keys are being recorded."""
        return self._caps.is_recording

    def set_value(self, value: str) -> None:
        """Show another chord, without telling that it has changed."""
        self._end()
        self._value = value
        self._show_value()

    def set_colours(self, colours: Colours) -> None:
        """Paint caps and icons in these colours."""
        self._caps.set_colours(colours)
        self._status.set_colours(colours)

    def set_status(self, text: str, is_error: bool = False) -> None:
        """Say something about the chord below it; nothing where `text` is empty."""
        self._status.say(text, "error" if is_error else "info")

    def show_test(self, is_down: bool) -> None:
        """Light the caps while the real hotkey is held, which proves that it works."""
        self._caps.light(is_down)
        if is_down:
            self._status.say("It works: Sotto heard the key.", "check")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Nothing is recorded that cannot be seen."""
        self._end()
        super().hideEvent(event)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._caps)
        row.addWidget(self._button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._status)

    def _show_value(self) -> None:
        names = self._value.split("+") if self._value else []
        self._caps.show_names(names, "No key")
        self._button.setText("Change…")
        self._button.setAccessibleName(f"Change the key, now {' '.join(names) or 'none'}")

    def _begin_or_end(self) -> None:
        if self.is_recording:
            self._end()
        else:
            self._begin()

    def _begin(self) -> None:
        if self.is_recording:
            return
        self._caps.show_names((), "Press the keys…")
        self._button.setMinimumWidth(self._button.width())  # it keeps its place and size
        self._button.setText("Cancel")
        self._button.setAccessibleName("Cancel: keep the key as it was")
        ways = [] if self._may_be_escape else ["Escape keeps it as it was."]
        ways += ["Backspace leaves it without a key."] if self._may_be_empty else []
        self.set_status(" ".join(ways))
        # The click that cancels must not take the focus first: that would end recording, and the
        # click begin it again.
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.recording.emit(True)
        self._caps.record(True)

    def _end(self) -> None:
        if not self.is_recording:
            return
        self._caps.record(False)
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if self.window().focusWidget() is self._caps:  # else the user went elsewhere
            self._button.setFocus()
        self._show_value()
        self.set_status("")
        self.recording.emit(False)

    def _press(self, key: str, modifiers: frozenset[Modifier]) -> None:
        if key == "Escape" and not modifiers and not self._may_be_escape:
            self._end()
        elif key == "Backspace" and not modifiers and self._may_be_empty:
            self._take("")
        elif not key:
            self.set_status("This key cannot be used; press another one, such as F9.", True)
        else:
            self._try("+".join([*modifiers, key]))

    def _try(self, text: str) -> None:
        """Take what was pressed, or say why it cannot be a hotkey."""
        try:
            chord = Chord.parse(text)
        except HotkeyError as error:
            self.set_status(str(error), True)
        else:
            self._take(str(chord))

    def _take(self, value: str) -> None:
        is_new = value != self._value
        self._value = value
        if is_new:
            self.changed.emit(value)
        self._end()


class _Status(QWidget):
    """A line with an icon; hidden where there is nothing to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colours = LIGHT
        self._kind = "info"
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1)
        self.hide()

    def say(self, text: str, kind: str) -> None:
        """Show `text` with the icon `kind`, and have a screen reader speak it."""
        self._kind = kind
        self._words.setText(text)
        self._paint()
        self.setVisible(bool(text))
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def set_colours(self, colours: Colours) -> None:
        """Paint the icon in these colours."""
        self._colours = colours
        self._paint()

    def _paint(self) -> None:
        by_kind = {"error": self._colours.recording, "check": self._colours.accent}
        colour = by_kind.get(self._kind, self._colours.secondary)
        self._icon.setPixmap(icons.pixmap(self._kind, colour, _ICON))
