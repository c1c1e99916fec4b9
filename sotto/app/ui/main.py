"""Opens the window and runs it until it is closed."""

import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from sotto.app.core.archive import transcripts_folder
from sotto.app.core.settings import LoadedSettings
from sotto.app.ui import icons, style
from sotto.app.ui.banner import Kind, Notice
from sotto.app.ui.dictation import Phase
from sotto.app.ui.engine import Engine
from sotto.app.ui.machine import Machine
from sotto.app.ui.window import MainWindow


def run_window(
    loaded: LoadedSettings, engine: Engine | None = None, *, listen: bool = False
) -> int:
    """Show the window and return the exit code once it is closed.

    Args:
        loaded: the settings, and what was wrong with their sources.
        engine: where sound and models come from; None for this machine's.
        listen: whether to start listening at once.
    """
    app = application(sys.argv[:1])
    window = MainWindow(engine or Machine(loaded.settings), loaded.settings, transcripts_folder())
    for number, warning in enumerate(loaded.warnings):
        window.banners.show_notice(f"settings {number}", Notice(Kind.WARNING, warning))
    if listen:
        window.listen_at_once()
    window.show()
    with _closed_by_signals(window):
        code = app.exec()
    if window.dictation.phase is not Phase.IDLE:
        # "Close now" while the engine works: its threads cannot be stopped, and the text is kept.
        sys.stdout.flush()
        os._exit(code)
    return code


def application(arguments: Sequence[str]) -> QApplication:
    """Return Qt's application with Sotto's name, icon and font."""
    app = QApplication(list(arguments))
    app.setApplicationName("sotto")
    app.setApplicationDisplayName("Sotto")
    app.setDesktopFileName("sotto")
    app.setWindowIcon(icons.app_icon())
    app.setStyle("Fusion")  # the same everywhere, and fully reachable by our style sheet
    app.setFont(style.preferred_font(app.font()))
    return app


@contextmanager
def _closed_by_signals(window: MainWindow) -> Iterator[None]:
    """Close the window in order on Ctrl+C and at log-out, so that nothing said is lost.

    Python runs a signal's handler only when it gets to run; the wake-up socket sees to that while
    Qt waits for events.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reader.recv(64))

    def close(_number: int, _frame: FrameType | None) -> None:
        window.close()

    handlers = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    wakeup = signal.set_wakeup_fd(writer.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        reader.close()
        writer.close()
