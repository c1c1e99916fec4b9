"""Placing the captions from a process that has no X windows."""

import sys

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from sotto.app.core.settings import load


class EditingProcess(QObject):
    """Runs `sotto overlay --edit`, which saves the place, and tells that place afterwards.

    A window of Wayland cannot be put anywhere; one of XWayland can.
    """

    moved = Signal(int, int, int, str)  # overlay_x, overlay_y, overlay_width, overlay_screen
    done = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.remove("QT_QPA_PLATFORM")
        self._process.setProcessEnvironment(environment)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
        self._process.finished.connect(self._tell)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Begin; returns at once."""
        self._process.start(sys.executable, ["-m", "sotto", "overlay", "--edit"])

    def end(self) -> None:
        """End it as the button "Done" does."""
        self._process.terminate()

    def _tell(self, _code: int) -> None:
        place = load().settings
        self.moved.emit(place.overlay_x, place.overlay_y, place.overlay_width, place.overlay_screen)
        self.done.emit()

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.done.emit()
