"""`sotto` without a command: the window, or the terminal view where there is no screen."""

import argparse
import os

from sotto.app.cli import flags, terminal
from sotto.app.core import settings
from sotto.errors import SottoError


def run(arguments: argparse.Namespace) -> int:
    """Open the window, or listen in the terminal."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        if arguments.open:
            raise SottoError("there is no screen for the window; use: sotto transcribe FILE")
        terminal.note("There is no screen: this is the terminal view. Ctrl+C ends it.")
        from sotto.app.cli import listen  # noqa: PLC0415 (the face that is needed)

        return listen.run(flags.parse(["listen"]))
    _choose_display()
    try:
        from sotto.app.ui.main import run_window  # noqa: PLC0415 (the face that is needed)
    except ImportError as error:
        raise SottoError(
            f"the window cannot open ({error}); install what is missing, or use: sotto listen"
        ) from error
    return run_window(
        settings.load(),
        listen=arguments.listen,
        hidden=arguments.hidden,
        recordings=tuple(path.absolute() for path in arguments.open or ()),
    )


def _choose_display() -> None:
    """Have Qt use XWayland where there is one: on Wayland itself every window takes the focus.

    The sign that shows while somebody dictates into another application must not.
    """
    if os.environ.get("WAYLAND_DISPLAY") and os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
