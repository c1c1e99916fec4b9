"""The field of a key: recorded by pressing it."""

from PySide6.QtCore import Signal

from sotto.app.core.settings import Value
from sotto.app.ui.fields.fields import Field
from sotto.app.ui.widgets.chord.chord_edit import ChordEdit
from sotto.app.ui.widgets.theme.colours import Colours


class ChordField(Field):
    """Shows and records a chord such as Ctrl+Alt+Space.

    Args:
        may_be_empty: whether there may be no key at all.
        may_be_escape: whether Escape alone is a key here.
    """

    recording = Signal(bool)  # see `ChordEdit`

    def __init__(self, *, may_be_empty: bool = False, may_be_escape: bool = False) -> None:
        self._chord = ChordEdit(may_be_empty=may_be_empty, may_be_escape=may_be_escape)
        super().__init__(self._chord.focusProxy() or self._chord, self._chord)
        self._chord.changed.connect(self.edited.emit)
        self._chord.recording.connect(self.recording)

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._chord.set_value(str(value))

    def name(self, words: str) -> None:
        """See `Field.name`. The button has words of its own, which tell the key."""
        self._chord.setAccessibleName(words)

    def set_colours(self, colours: Colours) -> None:
        """Paint caps and icons in these colours."""
        self._chord.set_colours(colours)

    def show_status(self, text: str, *, is_error: bool) -> None:
        """Say what came of the chord, such as that another program has it."""
        self._chord.set_status(text, is_error)

    def show_test(self, *, is_down: bool) -> None:
        """Show that the key is held, wherever the focus is."""
        self._chord.show_test(is_down)
