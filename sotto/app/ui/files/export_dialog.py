"""Where to export the text of a recording to; never over another file without asking."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sotto.app.core.private_file import write_output
from sotto.app.core.projects.project import Project
from sotto.app.core.transcription_files import FORMATS, WHISPER, Shape, content
from sotto.app.service.background import Background
from sotto.app.ui.widgets.confirm import Question, confirm
from sotto.errors import OutputError, SottoError

_READING = Shape(broadcast=True)


class Kind(NamedTuple):
    """A line of the dialog's list of formats."""

    words: str
    output_format: str
    shape: Shape = WHISPER

    @property
    def filter(self) -> str:
        """It as Qt's dialog has it."""
        return f"{self.words} (*.{self.output_format})"


KINDS = (
    Kind("SubRip subtitles", "srt"),
    Kind("SubRip subtitles, short and slow enough to read", "srt", _READING),
    Kind("WebVTT subtitles", "vtt"),
    Kind("WebVTT subtitles, short and slow enough to read", "vtt", _READING),
    Kind("Text", "txt"),
    Kind("Word document", "docx"),
    Kind("Markdown", "md"),
    Kind("Table with times", "tsv"),
    Kind("JSON with words and times", "json"),
    Kind("Lyrics with times", "lrc"),
)


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
        dialog.setNameFilters([kind.filter for kind in KINDS])
        dialog.setDefaultSuffix("srt")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(_kind_of(chosen).output_format)
        )
        # We ask ourselves, after trying: a dialog's answer can be out of date when we write.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(
            lambda chosen: self._save_as(
                Path(chosen), _kind_of(dialog.selectedNameFilter()), project
            )
        )
        dialog.open()

    def _save_as(self, path: Path, kind: Kind, project: Project) -> None:
        self.save(_with_suffix(path, kind.output_format), project, kind.shape)

    def save(self, path: Path, project: Project, shape: Shape = WHISPER) -> None:
        """Export to `path` in the format of its suffix, asking before anything is replaced."""

        def write() -> bool:
            return _write(path, project, shape)

        self._disk.run(
            lambda: not path.exists() and write(),
            lambda is_new: self._saved(path) if is_new else self._ask_to_replace(path, write),
            self._fail,
        )

    def _ask_to_replace(self, path: Path, write: Callable[[], bool]) -> None:
        question = Question(
            "Replace the file?",
            f"There is a file named {path.name} already.",
            "Replacing it removes what is in it.",
            "&Replace",
        )
        confirm(self._window, question, lambda: self._replace(path, write))

    def _replace(self, path: Path, write: Callable[[], bool]) -> None:
        self._disk.run(write, lambda _: self._saved(path), self._fail)

    def _saved(self, path: Path) -> None:
        self.exported.emit(path.name)

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))


def _write(path: Path, project: Project, shape: Shape) -> bool:
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent} is not there; choose another place.")
    write_output(path, content(project.transcription, path.suffix[1:].lower(), shape))
    return True


def _kind_of(chosen: str) -> Kind:
    return next((kind for kind in KINDS if kind.filter == chosen), KINDS[0])


def _with_suffix(path: Path, otherwise: str) -> Path:
    if path.suffix[1:].lower() in FORMATS:
        return path
    return path.with_name(f"{path.name}.{otherwise}")
