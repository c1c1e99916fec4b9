"""Hotkey: which key dictates into other programs, and how."""

from PySide6.QtCore import Signal

from sotto.app.ui.fields.chord_field import ChordField
from sotto.app.ui.fields.fields import Options
from sotto.app.ui.fields.hotkey_modes import HOTKEY_MODES
from sotto.app.ui.fields.pairs import Pairs, PairWords
from sotto.app.ui.settings_dialog.pages.general_page import language_choices
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.inference.languages import AUTO

_MORE_KEYS = PairWords(
    left="Key",
    right="Language",
    add="Add a key of a &language",
    left_example="Ctrl+Alt+G",
)


class HotkeyPage(Page):
    """The key, its mode, the key that cancels, and sounds."""

    title = "Hotkey"
    icon = "keyboard"
    recording = Signal(bool)

    def fill(self) -> None:
        """See `Page.fill`."""
        self.section("Dictating into other programs")
        self._hotkey = ChordField(may_be_empty=True)
        self.row("hotkey", "&Key", self._hotkey)
        self.wide("hotkey_mode", "What holding and tapping do", Options(HOTKEY_MODES))
        self._cancel = ChordField(may_be_escape=True)
        self.row(
            "cancel_key",
            "C&ancel key",
            self._cancel,
            "While you dictate, it throws away what is being said.",
        )
        for field in (self._hotkey, self._cancel):
            field.recording.connect(self.recording)
        self.section(
            "Keys of other languages",
            "Each dictates as the key above does, and hears one language only.",
        )
        self._more = Pairs(_MORE_KEYS, language_choices(AUTO))
        self.wide("hotkeys", "Keys of other languages", self._more)
        self.section("Sounds")
        self.toggle("cues", "Play &short sounds", "At start, at stop, and when nothing was heard.")

    def set_colours(self, colours: Colours) -> None:
        """See `Page.set_colours`."""
        for field in (self._hotkey, self._cancel, self._more):
            field.set_colours(colours)

    def show_status(self, text: str, *, is_error: bool) -> None:
        """Say below the key what came of it, such as that another program has it."""
        self._hotkey.show_status(text, is_error=is_error)

    def show_test(self, *, is_down: bool) -> None:
        """Show that the key is held, wherever the focus is."""
        self._hotkey.show_test(is_down=is_down)
