"""A connection to the X server whose events are handled while one waits for one of them."""

import select
import socket
import time
from collections.abc import Callable

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import DisplayError
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window

from sotto.errors import InsertionError

Handler = Callable[[Event], None]
# The server itself answers that: it is gone or stopped if it takes so long.
SERVER_ANSWERS_WITHIN_S = 10


def open_display() -> Display:
    """Connect to the X server of DISPLAY.

    Raises:
        InsertionError: it does not answer or does not let us in.
    """
    try:
        return Display()
    except (DisplayError, OSError) as error:
        raise InsertionError(f"the X server does not answer: {error}; check DISPLAY") from error


class Connection:
    """A display, and one handler for each kind of event.

    Used by one thread alone. Handlers must not wait.
    """

    def __init__(self) -> None:
        self.display = open_display()
        # Errors that nobody waits for: windows of others that are gone before we write to them.
        self.display.set_error_handler(lambda *_: None)
        self._handlers: dict[int, Handler] = {}
        self._clock = self.window()
        self._time: int | None = None
        self._clock_atom = self.atom("SOTTO_TIME")

    def on(self, kind: int, handler: Handler) -> None:
        """Call `handler` with every event of `kind` from now on."""
        self._handlers[kind] = handler

    def window(self) -> Window:
        """A window that is never shown and hears of its properties' changes."""
        window: Window = self.display.screen().root.create_window(
            -1, -1, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask
        )
        return window

    def atom(self, name: str) -> int:
        """The number that the server has for `name`."""
        return self.display.get_atom(name)

    def pump(self, until: Callable[[], bool], limit_s: float) -> bool:
        """Handle events until `until` is true; False if that takes longer than `limit_s`."""
        deadline = time.monotonic() + limit_s
        while not until():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if not self.handle_pending():
                select.select([self.display.fileno()], [], [], left)
        return True

    def serve_until_readable(self, waker: socket.socket) -> None:
        """Handle events until there is something to read from `waker`."""
        is_woken = False
        while not is_woken:
            while self.handle_pending():
                pass
            ready, _, _ = select.select([self.display.fileno(), waker.fileno()], [], [])
            is_woken = waker.fileno() in ready

    def handle_pending(self) -> bool:
        """Handle the events that have arrived; whether there were any."""
        self.display.flush()
        count = self.display.pending_events()
        for _ in range(count):
            event = self.display.next_event()
            if event.type == X.PropertyNotify and event.window == self._clock:
                self._time = event.time
            elif event.type in self._handlers:
                self._handlers[event.type](event)
        return count > 0

    def server_time(self) -> int:
        """The server's time now, in milliseconds, as ICCCM wants it for owning a selection."""
        self._time = None
        self._clock.change_property(self._clock_atom, Xatom.INTEGER, 8, b"", X.PropModeAppend)
        self.pump(lambda: self._time is not None, SERVER_ANSWERS_WITHIN_S)
        return self._time or X.CurrentTime
