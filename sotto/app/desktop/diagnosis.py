"""What the desktop around Sotto is, and what of it Sotto can use."""

import os
import sys
from collections.abc import Iterator

from sotto.app.core.doctor import Finding, State
from sotto.app.core.settings import Settings
from sotto.app.desktop.hotkeys import Chord, open_hotkeys
from sotto.errors import DesktopError

_PORTALS = {
    "org.freedesktop.portal.GlobalShortcuts": "hotkeys",
    "org.freedesktop.portal.RemoteDesktop": "keys pressed for you",
}


def desktop_findings(settings: Settings, *, is_running: bool) -> Iterator[Finding]:
    """Look at session, window manager, portals and hotkey.

    Args:
        settings: the user's.
        is_running: whether another Sotto runs, which has the hotkey.
    """
    if sys.platform == "linux" and not _screens():
        yield Finding("Desktop", State.NOTE, "none: neither WAYLAND_DISPLAY nor DISPLAY is set")
        return
    yield Finding("Desktop", State.OK, _session())
    if sys.platform == "linux":
        yield from _window_manager()
        yield from _portals()
        yield from _compositor()
    yield _hotkey(settings.hotkey, is_running=is_running)


def _session() -> str:
    names = ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")
    said = [os.environ[name] for name in names if os.environ.get(name)]
    return ", ".join([*said, *_screens()]) or sys.platform


def _screens() -> list[str]:
    return [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]


def _window_manager() -> Iterator[Finding]:
    if not os.environ.get("DISPLAY"):
        return
    from sotto.app.desktop.x11_window_manager import manager_of  # noqa: PLC0415 (X11 alone)

    try:
        manager = manager_of()
    except DesktopError as error:
        yield Finding("X server", State.PROBLEM, str(error))
        return
    blending = "with compositing" if manager.is_compositing else "without compositing"
    yield Finding("Window manager", State.OK, f"{manager.name or 'none'}, {blending}")


def _portals() -> Iterator[Finding]:
    from sotto.app.desktop.portals.portal import Portal, PortalError  # noqa: PLC0415 (D-Bus)

    for interface, words in _PORTALS.items():
        name = interface.rpartition(".")[2]
        try:
            Portal(interface, words).close()
        except PortalError as error:
            yield Finding(f"Portal {name}", State.NOTE, f"not used: {error}")
        else:
            yield Finding(f"Portal {name}", State.OK, f"there: {words}")


def _compositor() -> Iterator[Finding]:
    if not os.environ.get("WAYLAND_DISPLAY"):
        return
    from sotto.app.desktop.wayland.survey import abilities  # noqa: PLC0415 (Wayland alone)

    try:
        found = abilities()
    except DesktopError as error:
        yield Finding("Wayland", State.PROBLEM, str(error))
        return
    for ability in found:
        state = State.OK if ability.is_there else State.NOTE
        words = "there" if ability.is_there else "not offered"
        yield Finding("Wayland", state, f"{ability.words}: {ability.by} is {words}")


def _hotkey(keys: str, *, is_running: bool) -> Finding:
    if not keys:
        return Finding("Hotkey", State.NOTE, "none is set")
    if is_running:
        return Finding("Hotkey", State.OK, f"{keys}, which the running Sotto has")
    try:
        chord = Chord.parse(keys)
        hotkeys = open_hotkeys(lambda *_: None)
        try:
            if hotkeys.binds_at_once:  # elsewhere it would ask the user
                hotkeys.bind("doctor", chord)
        finally:
            hotkeys.close()
    except DesktopError as error:
        return Finding("Hotkey", State.PROBLEM, str(error))
    return Finding("Hotkey", State.OK, keys)
