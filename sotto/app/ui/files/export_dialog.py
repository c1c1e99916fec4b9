"""Where to export the text of a recording to; never over another file without asking."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sotto.app.core.private_file import write_output
from sotto.app.core.projects.project import Project
from sotto.app.core.transcription_files import FORMATS, content
from sotto.app.service.background import Background
from sotto.app.ui.widgets.confirm import Question, confirm
from sotto.errors import OutputError, SottoError

_NAMES = {
    "txt": "Text",
    "srt": "SubRip subtitles",
    "vtt": "WebVTT subtitles",
    "tsv": "Table with times",
    "json": "JSON with words and times",
    "lrc": "Lyrics with times",
    "md": "Markdown",
    "docx": "Word document",
}


class ExportDialog(QObject):
    """Asks for a place, then once more if something is there already. Never blocks."""

    exported = Signal(str)  # the name of the file
    failed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._disk = Background("sotto-export", self)

    def ask(self, project: Project) -> None:
        """Ask for a file for the text as it is now, beside the recording; return at once."""
        suggested = project.source.with_suffix(".srt")
        if not suggested.parent.is_dir():
            suggested = Path.home() / suggested.name
        dialog = QFileDialog(self._window, "Export text", str(suggested))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_filter(name) for name in FORMATS])
        dialog.selectNameFilter(_filter("srt"))
        dialog.setDefaultSuffix("srt")
        dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(_format_of(name)))
        # We ask ourselves, after trying: a dialog's answer can be out of date when we write.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(
            lambda chosen: self.save(
                _with_suffix(Path(chosen), _format_of(dialog.selectedNameFilter())), project
            )
        )
        dialog.open()

    def save(self, path: Path, project: Project) -> None:
        """Export to `path` in the format of its suffix, asking before anything is replaced."""
        self._disk.run(
            lambda: not path.exists() and _write(path, project),
            lambda is_new: self._saved(path) if is_new else self._ask_to_replace(path, project),
            self._fail,
        )

    def _ask_to_replace(self, path: Path, project: Project) -> None:
        question = Question(
            "Replace the file?",
            f"There is a file named {path.name} already.",
            "Replacing it removes what is in it.",
            "&Replace",
        )
        confirm(self._window, question, lambda: self._replace(path, project))

    def _replace(self, path: Path, project: Project) -> None:
        self._disk.run(lambda: _write(path, project), lambda _: self._saved(path), self._fail)

    def _saved(self, path: Path) -> None:
        self.exported.emit(path.name)

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))


def _write(path: Path, project: Project) -> bool:
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent} is not there; choose another place.")
    write_output(path, content(project.transcription, path.suffix[1:].lower()))
    return True


def _filter(name: str) -> str:
    return f"{_NAMES.get(name, name.upper())} (*.{name})"


def _format_of(chosen_filter: str) -> str:
    return next((name for name in FORMATS if _filter(name) == chosen_filter), "txt")


def _with_suffix(path: Path, otherwise: str) -> Path:
    if path.suffix[1:].lower() in FORMATS:
        return path
    return path.with_name(f"{path.name}.{otherwise}")
