"""The field of a key: recorded by pressing it."""

from PySide6.QtWidgets import QLineEdit

from sotto.app.core.settings import Value
from sotto.app.ui.settings_dialog.fields import Field


class ChordField(Field):
    """Shows and records a chord such as Ctrl+Alt+Space."""

    def __init__(self) -> None:
        self._chord = QLineEdit()
        super().__init__(self._chord)
        self._chord.editingFinished.connect(lambda: self.edited.emit(self._chord.text()))

    def show_value(self, value: Value) -> None:
        """See `Field.show_value`."""
        self._chord.setText(str(value))

    def show_status(self, text: str, *, is_error: bool) -> None:
        """Say what came of the chord."""

    def show_test(self, *, is_down: bool) -> None:
        """Show that the chord is held."""
