"""Defects of Sotto that came to light while it runs, and the report to send about them."""

import contextlib
import logging
from collections.abc import Callable
from itertools import chain

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import Settings
from sotto.app.core.traces.crash_file import take_note
from sotto.app.core.traces.log_file import log_folder
from sotto.app.core.traces.logger import DEFECT, ROOT
from sotto.app.service import qt_thread
from sotto.app.service.background import Background
from sotto.errors import SottoError


class Defects(QObject):
    """Tells Qt's thread of each defect that is logged, in whatever thread it came to light.

    However many come at once, it tells of them once.
    """

    found = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background("sotto-report", self)
        self._is_told = False
        self._listener = _Listener(self._note)
        logging.getLogger(ROOT).addHandler(self._listener)

    def look_back(self) -> None:
        """Tell of it if Sotto crashed since this was asked last."""
        self._background.run(
            lambda: take_note(log_folder()), lambda n: self.found.emit() if n else None, _let_go
        )

    def close(self) -> None:
        """Tell of no more."""
        logging.getLogger(ROOT).removeHandler(self._listener)

    def report(
        self,
        settings: Settings,
        done: Callable[[str], None],
        failed: Callable[[SottoError], None],
    ) -> None:
        """Call `done` with a report of what can be told at once, without the microphone and model.

        Args:
            settings: the user's.
            done: called on Qt's thread.
            failed: likewise, where there is none.
        """
        self._background.run(lambda: _report(settings), done, failed)

    def _note(self) -> None:
        if not self._is_told:
            self._is_told = True
            qt_thread.call(self._tell, self)

    def _tell(self) -> None:
        self._is_told = False
        self.found.emit()


class _Listener(logging.Handler):
    """Calls `note` for each record of a defect, in the thread that logs it."""

    def __init__(self, note: Callable[[], None]) -> None:
        super().__init__(DEFECT)
        self._call = note

    def emit(self, _record: logging.LogRecord) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._call()


def _let_go(_error: SottoError) -> None:
    """What cannot be looked at is nothing to bother anybody with."""


def _report(settings: Settings) -> str:
    # It imports MAX and D-Bus, which the first sight of the window can spare.
    import sotto.inference.mlir_context  # noqa: F401, PLC0415
    from sotto.app.core.doctor import machine_findings, report  # noqa: PLC0415
    from sotto.app.desktop.diagnosis import desktop_findings  # noqa: PLC0415

    found = chain(
        machine_findings(settings.compute_type), desktop_findings(settings, is_running=True)
    )
    return report(found, settings)
