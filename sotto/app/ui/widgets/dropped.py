"""Files that are dragged over a window."""

from pathlib import Path

from PySide6.QtCore import QMimeData


def dropped_files(dragged: QMimeData) -> tuple[Path, ...]:
    """Return the files and folders of this machine that are dragged; none where it is no such."""
    return tuple(Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile())
