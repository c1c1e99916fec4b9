"""pytest-qt's robot with the patience that shared machines ask for."""

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

PATIENCE_MS = 60_000  # nothing that tests wait for takes more than some seconds


class PatientQtBot(QtBot):
    """Waits for a minute where pytest-qt waits for five seconds, unless it is told otherwise."""

    def waitUntil(  # noqa: N802 (Qt's way)
        self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:  # noqa: N802
        return super().waitExposed(widget, timeout=timeout)
