"""The list of keys."""

from PySide6.QtWidgets import QWidget

from sotto.app.ui.main_window.actions import COMMANDS
from sotto.app.ui.widgets.keys_dialog import KeysDialog, native

_ALSO = (
    ("Start or stop, outside of controls", "Space"),
    ("Go through the controls", "Tab"),
    ("Open the menu", "F10"),
    ("Follow the newest text", "Ctrl+End"),
)


class ShortcutsDialog(KeysDialog):
    """All keys of the main window and what they do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_rows(), parent)


def _rows() -> list[tuple[str, str]]:
    declared = [
        (command.text.replace("&", "").rstrip("…"), native(command.keys[0]))
        for command in COMMANDS
        if command.keys
    ]
    return [*((what, native(keys)) for what, keys in _ALSO), *declared]
