"""Opens Sotto and runs it until it is quit."""

import logging
import os
import sys
import time
from pathlib import Path
from typing import NoReturn

from sotto.app.core.control import NOT_RUNNING, Request, ask
from sotto.app.core.settings import LoadedSettings
from sotto.app.core.traces import logger
from sotto.app.dictating.engine import Engine
from sotto.app.dictating.local_engine import LocalEngine
from sotto.app.service.qt_messages import logged_qt_messages
from sotto.app.service.quit_signals import on_signals
from sotto.app.ui.app import App
from sotto.app.ui.widgets.application import application
from sotto.app.ui.widgets.theme import icons
from sotto.errors import ControlError

_log = logger(__name__)

STARTS_WITHIN_S = 5.0  # so long after its lock an instance may not answer yet
_ASK_AGAIN_S = 0.2
_RUNS_ALREADY = "Sotto runs already; its window is shown on the desktop where it runs.\n"


def run_window(
    loaded: LoadedSettings,
    engine: Engine | None = None,
    *,
    listen: bool = False,
    hidden: bool = False,
    recordings: tuple[Path, ...] = (),
) -> NoReturn:
    """Show the window; once Sotto is quit, end the process.

    Where Sotto runs already, that one's window is shown instead.

    Args:
        loaded: the settings, and what was wrong with their sources.
        engine: where sound and models come from; None for this machine's.
        listen: whether to start listening at once.
        hidden: whether to start in the tray.
        recordings: to be transcribed in a window of their own.
    """
    qt = application(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)  # Sotto may live on in the tray
    app = App(LocalEngine if engine is None else lambda _: engine, loaded)
    if not app.control.start():
        for recording in recordings:
            _hand_over(Request.OPEN, recording)
        if listen or not recordings:
            _hand_over(Request.LISTEN if listen else Request.SHOW)
        sys.stderr.write(_RUNS_ALREADY)
        _leave(0)
    with logged_qt_messages(), on_signals(app.window.quit):
        app.start(is_hidden=hidden, listens=listen, transcribes=bool(recordings))
        if recordings:
            app.dialogs.open_recordings(recordings)
        code = qt.exec()
    _leave(code)


def _hand_over(request: Request, file: Path | None = None) -> None:
    """Ask the Sotto that runs, which may be starting just now.

    Raises:
        ControlError: it does not answer.
    """
    began = time.monotonic()
    while True:
        try:
            ask(request, file)
            return
        except ControlError as error:
            is_starting = str(error) == NOT_RUNNING and time.monotonic() - began < STARTS_WITHIN_S
            if not is_starting:
                raise
            time.sleep(_ASK_AGAIN_S)


def _leave(code: int) -> NoReturn:
    """End the process at once: all that was said is kept.

    Engine and drivers have threads that cannot be stopped. If Python ended in order, it would end
    them in the midst of C++ code, which aborts the process.
    """
    icons.remove_files()
    _log.info("ends with exit status %d", code)
    logging.shutdown()  # what is logged is written in a thread
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
