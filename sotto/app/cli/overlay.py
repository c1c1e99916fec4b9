"""`sotto overlay`: captions over everything, without the window."""

import argparse
import os
import sys
from dataclasses import replace

from sotto.app.cli import terminal
from sotto.app.core import control
from sotto.app.core.models.choice import misunderstanding
from sotto.app.core.settings import CaptionSource, Settings, SettingsStore, load
from sotto.app.desktop.wayland.layer_surface import layer_shell_is_there
from sotto.errors import DesktopError, SottoError
from sotto.inference.languages import AUTO


def run(arguments: argparse.Namespace) -> int:
    """Show captions until Ctrl+C, or let the user place them."""
    _choose_display(is_clicked=arguments.edit)
    settings = _settings(arguments)
    try:
        from sotto.app.dictating.local_engine import LocalEngine  # noqa: PLC0415 (not every machine has Qt)
        from sotto.app.ui.overlay import program as main  # noqa: PLC0415 (likewise)
    except ImportError as error:
        raise SottoError(
            f"captions cannot be shown ({error}); install what is missing, or use: sotto listen"
        ) from error
    if arguments.edit:
        return main.edit(settings)
    if arguments.follow:
        return main.follow(settings, control.follow)
    # This run has one session, which is for captions.
    settings = replace(settings, task=settings.overlay_task)
    if misunderstood := misunderstanding(settings):
        terminal.tell(misunderstood)
    store = SettingsStore(settings)
    return main.listen(store, LocalEngine(store))


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        "model": arguments.model,
        # Who names several wants them detected, whatever language is set.
        "language": arguments.language or (AUTO if arguments.languages else None),
        "languages": arguments.languages,
        "vocabulary": arguments.hotwords,
        "overlay_task": arguments.task,
        "compute_type": arguments.compute_type,
        "microphone": arguments.microphone,
        "overlay_source": CaptionSource.MICROPHONE if arguments.microphone else arguments.source,
    }
    loaded = load({name: value for name, value in given.items() if value is not None})
    for warning in loaded.warnings:
        terminal.tell(warning)
    return loaded.settings


def _choose_display(*, is_clicked: bool) -> None:
    """Have Qt use the display on which captions can be placed and kept on top.

    Windows of Wayland cannot. Where its desktop has a layer for such things, that takes no clicks.

    Args:
        is_clicked: whether the captions must take clicks.

    Raises:
        DesktopError: there is none.
    """
    if sys.platform != "linux":
        return
    if not is_clicked and layer_shell_is_there():
        os.environ["QT_QPA_PLATFORM"] = "wayland"
    elif os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "xcb"
    else:
        raise DesktopError(
            "captions need an X server or XWayland (DISPLAY is not set); use: sotto listen"
        )
