"""`sotto overlay`: captions over everything, without the window."""

import argparse
import os
import sys

from sotto.app.core import control
from sotto.app.core.settings import Settings, load
from sotto.app.core.settings_schema import CaptionSource
from sotto.errors import DesktopError, SottoError


def run(arguments: argparse.Namespace) -> int:
    """Show captions until Ctrl+C, or let the user place them."""
    _choose_display()
    settings = _settings(arguments)
    try:
        from sotto.app.ui.machine import Machine  # noqa: PLC0415 (not every machine has Qt)
        from sotto.app.ui.overlay import main  # noqa: PLC0415 (likewise)
    except ImportError as error:
        raise SottoError(
            f"captions cannot be shown ({error}); install what is missing, or use: sotto listen"
        ) from error
    if arguments.edit:
        return main.edit(settings)
    if arguments.follow:
        return main.follow(settings, control.follow)
    return main.listen(settings, Machine(settings))


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        "model": arguments.model,
        "language": arguments.language,
        "compute_type": arguments.compute_type,
        "microphone": arguments.device,
        "overlay_source": CaptionSource.MICROPHONE if arguments.device else arguments.source,
    }
    loaded = load({name: value for name, value in given.items() if value is not None})
    for warning in loaded.warnings:
        sys.stderr.write(f"sotto: {warning}\n")
    return loaded.settings


def _choose_display() -> None:
    """Have Qt use the X server: windows of Wayland can be neither placed nor kept on top.

    Raises:
        DesktopError: there is none.
    """
    if sys.platform != "linux":
        return
    if not os.environ.get("DISPLAY"):
        raise DesktopError(
            "captions need an X server or XWayland (DISPLAY is not set); use: sotto listen"
        )
    os.environ["QT_QPA_PLATFORM"] = "xcb"
