"""Text into other applications: by the clipboard, key by key, or only to the clipboard."""

import os
import sys

from sotto.app.core.settings import Settings
from sotto.app.desktop.insertion.target import Inserter, Outcome, Target
from sotto.errors import InsertionError

__all__ = ["Inserter", "Outcome", "Target", "open_inserter"]


def open_inserter(settings: Settings) -> Inserter:
    """Open the way of inserting that this desktop has.

    Raises:
        InsertionError: no desktop that Sotto can write into.
    """
    if sys.platform == "linux" and os.environ.get("WAYLAND_DISPLAY"):
        from sotto.app.desktop.insertion.on_wayland.wayland_inserter import WaylandInserter  # noqa: PLC0415

        return WaylandInserter(settings)
    if sys.platform == "linux" and os.environ.get("DISPLAY"):
        from sotto.app.desktop.insertion.on_x11.x11_inserter import X11Inserter  # noqa: PLC0415

        return X11Inserter(settings)
    raise InsertionError(
        "no desktop to write into: neither WAYLAND_DISPLAY nor DISPLAY is set; "
        "start Sotto from within your desktop"
    )
