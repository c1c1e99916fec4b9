"""Where to save the text; never over another file without asking."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from sotto.app.service.storage.text_storage import TextStorage


class SaveDialog(QObject):
    """Asks for a place, then once more if something is there already. Never blocks."""

    def __init__(self, text_storage: TextStorage, text: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._text_storage = text_storage
        self._text = text
        self._window = parent

    def ask(self) -> None:
        """Open the dialog and return."""
        dialog = QFileDialog(self._window, "Save text", str(_suggestion()), "Text (*.txt)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        # We ask ourselves, after trying: a dialog's answer can be out of date when we write.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(lambda chosen: self.save(_with_suffix(Path(chosen))))
        dialog.open()

    def save(self, path: Path) -> None:
        """Save to `path`, asking before anything is replaced."""
        text = self._text()
        self._text_storage.save(
            path, text, lambda new: None if new else self._ask_to_replace(path, text)
        )

    def _ask_to_replace(self, path: Path, text: str) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle("Replace the file?")
        box.setText(f"There is a file named {path.name} already.")
        box.setInformativeText("Replacing it removes what is in it.")
        replace = box.addButton("&Replace", QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton("&Keep it", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        replace.clicked.connect(lambda: self._text_storage.replace(path, text, lambda _: None))
        box.open()


def _with_suffix(path: Path) -> Path:
    return path if path.suffix else path.with_suffix(".txt")


def _suggestion() -> Path:
    return Path.home() / f"Dictation {datetime.now().astimezone():%Y-%m-%d %H.%M}.txt"
