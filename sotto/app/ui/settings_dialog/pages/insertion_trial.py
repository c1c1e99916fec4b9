"""A field of Sotto's own into which every way of inserting is tried."""

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion.probe import ProbeResult, probe
from sotto.app.service import qt_thread
from sotto.app.service.background import Background

_READY_WITHIN_S = 10.0
_LOOK_EVERY_S = 0.02


class TrialField(QWidget):
    """A small window with the field. Lives on Qt's thread but for `text` and `clear`.

    Those two are called on the thread that probes: it reads `_text` and `_is_ready`, which only
    Qt's thread assigns.
    """

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle("Sotto tries to write here")
        self._field = QLineEdit()
        self._field.setAccessibleName("Test field")
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel("Please leave the keyboard alone for a moment."))
        layout.addWidget(self._field)
        self.resize(420, 90)
        self._text = ""
        self._field.textChanged.connect(self._note)

    def text(self) -> str:
        """See `probe.Field`."""
        return self._text

    def clear(self) -> None:
        """See `probe.Field`."""
        qt_thread.call(self._empty, self)
        deadline = time.monotonic() + _READY_WITHIN_S
        while self._text or not self._field.hasFocus():
            if time.monotonic() > deadline:
                return  # the probe says that another window has the focus
            time.sleep(_LOOK_EVERY_S)

    def _note(self, text: str) -> None:
        self._text = text

    def _empty(self) -> None:
        self._field.clear()
        self.raise_()
        self.activateWindow()
        self._field.setFocus()


def try_insertion(app: QApplication, methods: Sequence[InsertMethod]) -> list[ProbeResult]:
    """Show the field, try the methods one after another, and return what came of each.

    Args:
        app: Qt's application, whose loop runs meanwhile.
        methods: what to try.
    """
    field, prober = TrialField(), Background("sotto-probe")
    results: list[ProbeResult] = []

    def end(found: list[ProbeResult]) -> None:
        results.extend(found)
        app.quit()

    field.show()
    prober.run(lambda: list(probe(field, methods)), end, lambda _: app.quit())
    app.exec()
    field.close()
    return results
