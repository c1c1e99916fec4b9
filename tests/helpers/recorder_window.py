"""An ordinary application that writes a line for each click and key that reaches it.

Usage: python -m tests.helpers.recorder_window TITLE [fullscreen]
"""

import sys

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget


def record(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Recorder(QWidget):
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        point = event.globalPosition().toPoint()
        record("click", point.x(), point.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        record("key", event.text())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        if event.type() is QEvent.Type.ActivationChange:
            record("active" if self.isActiveWindow() else "inactive")


def main() -> None:
    app = QApplication(["recorder"])
    app.setDesktopFileName("recorder")
    window = Recorder()
    window.setWindowTitle(sys.argv[1])
    palette = window.palette()
    palette.setColor(QPalette.ColorRole.Window, "#ffffff")
    window.setPalette(palette)
    window.setGeometry(QRect(100, 60, 1080, 700))
    if "fullscreen" in sys.argv[2:]:
        window.showFullScreen()
    else:
        window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
