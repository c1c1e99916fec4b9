"""The windows of other programs, and which of them has the focus.

https://wayland.app/protocols/wlr-foreign-toplevel-management-unstable-v1
"""

import itertools
import struct
from dataclasses import dataclass
from functools import partial

from sotto.app.desktop.wayland.connection import Body, Connection

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
            WaylandError: the compositor shows them to nobody.
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

    def _on_manager(self, opcode: int, body: Body) -> None:
        if opcode != 0:  # finished
            return
        handle, window = body.number(), Toplevel(next(self._numbers))
        self._windows[handle] = window
        self._connection.handle(handle, partial(self._on_window, handle, window))

    def _on_window(self, handle: int, window: Toplevel, opcode: int, body: Body) -> None:
        if opcode == _TITLE:
            window.title = body.text()
        elif opcode == _APP_ID:
            window.app_id = body.text()
        elif opcode == _STATE:
            states = [state for (state,) in struct.iter_unpack("=I", body.block())]
            window.is_active = _ACTIVATED in states
        elif opcode == _CLOSED:
            del self._windows[handle]
            self._connection.forget(handle)
            self._connection.send(handle, _DESTROY)
