"""A small editor in Qt, for tests: run it as a program, with the file to write its text to."""

import sys
from pathlib import Path

from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget


class DeafEditor(QPlainTextEdit):
    """An editor that does not know of Ctrl+V."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's
        if not event.matches(QKeySequence.StandardKey.Paste):
            super().keyPressEvent(event)


def main(path: Path, title: str, kind: str) -> None:
    """Show an editor and write its text to `path` whenever it changes.

    `kind` is "lines", "deaf" (lines without pasting), "curious" (lines, and it reads whatever is
    new on the clipboard), or the echo mode of a single line.
    """
    application = QApplication(sys.argv[:1])
    editor: QWidget
    if kind in {"lines", "deaf", "curious"}:
        editor = lines = DeafEditor() if kind == "deaf" else QPlainTextEdit()
        lines.textChanged.connect(lambda: _save(path, lines.toPlainText()))
    else:
        editor = line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode[kind])
        line.textChanged.connect(lambda text: _save(path, text))
    if kind == "curious":
        clipboard = application.clipboard()
        clipboard.dataChanged.connect(clipboard.text)
    editor.setWindowTitle(title)
    editor.resize(500, 300)
    editor.show()
    application.exec()


def _save(path: Path, text: str) -> None:
    # In one step: whoever reads meanwhile must not see an empty file.
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
