"""A Qt editor in a process of its own: writes what it holds to a file at each change."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPlainTextEdit


def main(path: Path) -> None:
    app = QApplication(["qt-editor"])
    app.setDesktopFileName("qt-editor")
    editor = QPlainTextEdit()
    editor.textChanged.connect(lambda: path.write_text(editor.toPlainText(), encoding="utf-8"))
    editor.resize(640, 400)
    editor.show()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
