"""Keys that dictate while any other program has the focus."""

import os
import platform
from collections.abc import Callable
from typing import Protocol

from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.keys import Modifier
from sotto.errors import HotkeyError

__all__ = ["Chord", "Hotkeys", "Modifier", "open_hotkeys"]

_NO_DESKTOP = (
    "Sotto finds no desktop on which it could hear a hotkey; bind a key to `sotto record toggle` "
    "in the desktop's keyboard settings."
)


class Hotkeys(Protocol):
    """Chords that are heard everywhere. A thread of its own listens.

    Attributes:
        binds_at_once: whether keys can come and go without the user being asked.
    """

    binds_at_once: bool

    def bind(self, name: str, chord: Chord) -> None:
        """Hear `chord` as `name`, in place of what `name` was before.

        Raises:
            HotkeyError: another program has the key, or the keyboard does not.
        """

    def unbind(self, name: str) -> None:
        """Give the chord back to other programs; a release that is owed is heard before."""

    def trigger_description(self, name: str) -> str:
        """Return what to press, in the desktop's words; empty where it is the chord itself."""

    def close(self) -> None:
        """Give all chords back and stop listening."""


def _ignore(_message: str) -> None: ...


def open_hotkeys(
    heard: Callable[[str, bool], None], lost: Callable[[str], None] = _ignore
) -> Hotkeys:
    """Return the hotkeys of this desktop.

    Args:
        heard: called in the listening thread with a name and whether its chord went down; every
            press is followed by one release. It must not wait for a thread that binds.
        lost: called there with one line for the user when keys can no longer be heard.

    Raises:
        HotkeyError: there is no desktop, or it has no hotkeys; the message says what to do.
    """
    system = platform.system()
    if system == "Windows":
        from sotto.app.desktop.hotkeys.win32 import WindowsHotkeys  # noqa: PLC0415

        return WindowsHotkeys(heard)
    if system == "Darwin":
        from sotto.app.desktop.hotkeys.macos import MacHotkeys  # noqa: PLC0415

        return MacHotkeys(heard)
    if _is_wayland():
        from sotto.app.desktop.hotkeys.portal import PortalHotkeys  # noqa: PLC0415

        return PortalHotkeys(heard, lost)
    if os.environ.get("DISPLAY"):
        from sotto.app.desktop.hotkeys.x11 import X11Hotkeys  # noqa: PLC0415

        return X11Hotkeys(heard, lost)
    raise HotkeyError(_NO_DESKTOP)


def _is_wayland() -> bool:
    """Return whether keys belong to a Wayland compositor; an X display is then only a guest."""
    is_session = os.environ.get("XDG_SESSION_TYPE") == "wayland"
    return bool(os.environ.get("WAYLAND_DISPLAY")) or is_session
