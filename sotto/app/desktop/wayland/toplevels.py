"""The windows of other programs, and which of them has the focus.

https://wayland.app/protocols/wlr-foreign-toplevel-management-unstable-v1
"""

import itertools
import struct
from dataclasses import dataclass

from sotto.app.desktop.wayland.connection import Connection, Event

_TITLE, _APP_ID, _STATE, _CLOSED = 0, 1, 4, 6
_DESTROY = 7
_ACTIVATED = 2  # a state


@dataclass(slots=True)
class Toplevel:
    """A window. `number` is its own as long as the connection lasts."""

    number: int  # not the protocol's, which another window gets once this one is closed
    title: str = ""
    app_id: str = ""  # its class, if it is one of XWayland
    is_active: bool = False


class Toplevels:
    """Follows the windows of the desktop."""

    def __init__(self, connection: Connection) -> None:
        """Look at them.

        Raises:
            WaylandError: the compositor shows them to noevent.
        """
        self._connection = connection
        self._numbers = itertools.count(1)
        self._windows: dict[int, Toplevel] = {}
        connection.bind("zwlr_foreign_toplevel_manager_v1", handler=self._on_manager)
        connection.sync()

    def active(self) -> Toplevel | None:
        """Return the window that has the focus."""
        self._connection.sync()
        return next((each for each in list(self._windows.values()) if each.is_active), None)

    def _on_manager(self, event: Event) -> None:
        if event.opcode != 0:  # finished
            return
        handle = event.number()
        self._windows[handle] = Toplevel(next(self._numbers))
        self._connection.handle(handle, self._on_window)

    def _on_window(self, event: Event) -> None:
        window = self._windows[event.sender]
        if event.opcode == _TITLE:
            window.title = event.text()
        elif event.opcode == _APP_ID:
            window.app_id = event.text()
        elif event.opcode == _STATE:
            states = [state for (state,) in struct.iter_unpack("=I", event.block())]
            window.is_active = _ACTIVATED in states
        elif event.opcode == _CLOSED:
            del self._windows[event.sender]
            self._connection.forget(event.sender)
            self._connection.send(event.sender, _DESTROY)
