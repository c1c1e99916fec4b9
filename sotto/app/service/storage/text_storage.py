"""Texts on disk: kept at every paragraph, saved when asked, never awaited by Qt's thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sotto.app.core.archive import KeptText, TranscriptArchive
from sotto.app.core.private_file import create_private, write_private
from sotto.app.core.transcript import Transcript, from_text
from sotto.app.service.storage.persistent_writes import PersistentWrites
from sotto.errors import SottoError
from sotto.leftovers import remove_leftovers


class TextStorage(QObject):
    """Writes texts one after another on a thread of its own."""

    failed = Signal(str)
    kept_texts = Signal(tuple)  # tuple[KeptText, ...], newest first
    opened = Signal(Transcript)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._archive = TranscriptArchive(folder)
        self._files = PersistentWrites("sotto-files", self)
        self._files.failed.connect(self.failed)
        self._kept_text = ""

    def keep(self, transcript: Transcript) -> None:
        """Keep the finished paragraphs, if they differ from what is kept."""
        text = transcript.text
        if text and text != self._kept_text:
            self._kept_text = text
            self._files.write(lambda: self._archive.keep(text), replaces="text")

    def when_kept(self, done: Callable[[], None]) -> None:
        """Call `done`, in a thread of its own, once all texts are kept that were given so far."""
        self._files.write(done)

    def tidy(self, *folders: Path) -> None:
        """Remove what killed writes left half written in folders of ours."""
        self._files.write(lambda: remove_leftovers(folders))

    def begin_new_text(self) -> None:
        """Leave what is kept as it is; what follows is another text."""
        self._kept_text = ""
        self._files.write(self._archive.begin)
        self.look_up()

    def look_up(self) -> None:
        """Find the texts of earlier times; `kept_texts` tells."""
        self._files.run(self._archive.kept, self.kept_texts.emit, self._fail)

    def open(self, kept: KeptText) -> None:
        """Read an earlier text; `opened` tells."""
        self._kept_text = ""
        self._files.run(
            lambda: from_text(self._archive.resume(kept.path)), self.opened.emit, self._fail
        )

    def save(self, path: Path, text: str, saved: Callable[[bool], None]) -> None:
        """Write a new file; `saved(False)` when there is one of that name already."""
        self._files.run(lambda: _create(path, text), saved, self._fail)

    def replace(self, path: Path, text: str, saved: Callable[[bool], None]) -> None:
        """Write over the file, which the user has agreed to."""
        self._files.run(lambda: _replace(path, text), saved, self._fail)

    def flush(self, done: Callable[[], None]) -> None:
        """Call `done` once all that was asked for is on disk, as far as there is room."""
        self._files.flush(done)

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))


def _create(path: Path, text: str) -> bool:
    try:
        create_private(path, text)
    except FileExistsError:
        return False
    return True


def _replace(path: Path, text: str) -> bool:
    write_private(path, text)
    return True
