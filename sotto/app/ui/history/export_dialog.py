"""Where to export texts to, and in which format; never over another file without asking."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sotto.app.core.history import EXPORT_FORMATS, Entry, History, export
from sotto.app.core.private_file import create_private, write_private
from sotto.app.ui.history.records import Records
from sotto.app.ui.widgets.confirm import Question, confirm

_FILTERS = {
    "txt": "Text (*.txt)",
    "srt": "SubRip subtitles (*.srt)",
    "vtt": "WebVTT subtitles (*.vtt)",
    "json": "JSON, with times and applications (*.json)",
}

Choose = Callable[[History], tuple[Entry, ...]]


class ExportDialog(QObject):
    """Asks for a place, then once more if something is there already. Never blocks."""

    exported = Signal(str)  # the name of the file

    def __init__(self, records: Records, parent: QWidget) -> None:
        super().__init__(parent)
        self._records = records
        self._window = parent

    def ask(self, choose: Choose) -> None:
        """Ask for a file for the entries that `choose` will find, and return at once."""
        dialog = QFileDialog(self._window, "Export texts", str(_suggestion()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(_FILTERS.values()))
        dialog.setDefaultSuffix(EXPORT_FORMATS[0])
        dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(_format_of(name)))
        # We ask ourselves, after trying: a dialog's answer can be out of date when we write.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(
            lambda chosen: self.save(
                _with_suffix(Path(chosen), _format_of(dialog.selectedNameFilter())), choose
            )
        )
        dialog.open()

    def save(self, path: Path, choose: Choose) -> None:
        """Export to `path` in the format of its suffix, asking before anything is replaced."""
        self._records.run(
            lambda history: _create(path, _document(path, choose(history))),
            lambda is_new: self._saved(path) if is_new else self._ask_to_replace(path, choose),
        )

    def _ask_to_replace(self, path: Path, choose: Choose) -> None:
        question = Question(
            "Replace the file?",
            f"There is a file named {path.name} already.",
            "Replacing it removes what is in it.",
            "&Replace",
        )
        confirm(self._window, question, lambda: self._replace(path, choose))

    def _replace(self, path: Path, choose: Choose) -> None:
        self._records.run(
            lambda history: write_private(path, _document(path, choose(history))),
            lambda _: self._saved(path),
        )

    def _saved(self, path: Path) -> None:
        self.exported.emit(path.name)


def _document(path: Path, entries: tuple[Entry, ...]) -> str:
    return export(entries, path.suffix[1:].lower())


def _create(path: Path, text: str) -> bool:
    try:
        create_private(path, text)
    except FileExistsError:
        return False
    return True


def _format_of(chosen_filter: str) -> str:
    return next(name for name, words in _FILTERS.items() if words == chosen_filter)


def _with_suffix(path: Path, otherwise: str) -> Path:
    if path.suffix[1:].lower() in EXPORT_FORMATS:
        return path
    return path.with_name(f"{path.name}.{otherwise}")


def _suggestion() -> Path:
    return Path.home() / f"Dictated until {datetime.now().astimezone():%Y-%m-%d}.txt"
