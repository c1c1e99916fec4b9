"""The windows of an X server: which has the focus, whose it is, and whether it is awake."""

import contextlib
import select
import time

from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.protocol.event import ClientMessage
from Xlib.xobject.drawable import Window

from sotto.app.desktop.insertion.on_x11.clients import Clients
from sotto.app.desktop.insertion.target import Target

# Answers to a ping go to the root window: for those who listen to its children, as EWMH has it, or
# to itself, as Qt does it.
ANSWERS_HEARD_WITH = X.SubstructureNotifyMask | X.StructureNotifyMask


class Windows:
    """The windows of `display`, on whose thread it is used.

    Names and protocols are those of ICCCM and of the Extended Window Manager Hints.
    """

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root = display.screen().root
        self._clients = Clients(display)

    def focused(self) -> Target | None:
        """The window that has the focus, or None."""
        window = self._active() or self._with_class(self._input_focus())
        if window is None:
            return None
        try:
            return Target(hex(window.id), self._class(window), self._title(window))
        except XError:
            return None  # it was closed meanwhile

    def is_focused(self, target: Target) -> bool:
        """Whether `target` is the active window and the keys go to it.

        It is asked right before keys are pressed. The server is not held (XGrabServer) until they
        are: if another thread of this process waited for the server's answer then, as Qt does with
        the interpreter's lock, both would wait for ever.
        """
        now = self.focused()
        focus = self._input_focus()
        if now is None or now.window != target.window or focus is None:
            return False
        wanted = int(target.window, 16)
        return self._clients.are_one(focus.id, wanted) or wanted in self._ancestors(focus)

    def answers(self, target: Target, limit_s: float) -> bool | None:
        """Whether the program of `target` has read all events so far; None if it cannot say.

        A _NET_WM_PING is read after the keys that were sent before it.
        """
        window = self._display.create_resource_object("window", int(target.window, 16))
        ping, protocols = self._atom("_NET_WM_PING"), self._atom("WM_PROTOCOLS")
        if ping not in self._numbers(window, "WM_PROTOCOLS"):
            return None
        self._root.change_attributes(event_mask=ANSWERS_HEARD_WITH)
        try:
            asked = ClientMessage(
                window=window, client_type=protocols, data=(32, [ping, 0, window.id, 0, 0])
            )
            window.send_event(asked)
            self._display.flush()
            return self._hears_answer(ping, window.id, limit_s)
        finally:
            self._root.change_attributes(event_mask=X.NoEventMask)
            self._display.sync()
            self.drain()

    def drain(self) -> None:
        """Forget the events that nobody waits for, such as changes of the keyboard."""
        while self._display.pending_events():
            self._display.next_event()

    def process(self, target: Target) -> int | None:
        """The process that made the window of `target`, if the server knows."""
        return self._clients.process(int(target.window, 16))

    def _hears_answer(self, ping: int, window: int, limit_s: float) -> bool:
        deadline = time.monotonic() + limit_s
        while (left := deadline - time.monotonic()) > 0:
            if not self._display.pending_events():
                select.select([self._display.fileno()], [], [], left)
                continue
            event = self._display.next_event()
            if event.type == X.ClientMessage and list(event.data[1][:3:2]) == [ping, window]:
                return True
        return False

    def _active(self) -> Window | None:
        numbers = self._numbers(self._root, "_NET_ACTIVE_WINDOW")
        if not numbers or not numbers[0]:
            return None
        return self._display.create_resource_object("window", numbers[0])

    def _input_focus(self) -> Window | None:
        focus = self._display.get_input_focus().focus
        return focus if isinstance(focus, Window) else None  # or a number: none, or any

    def _with_class(self, window: Window | None) -> Window | None:
        """`window` or the nearest of its ancestors that says what application it is of."""
        with contextlib.suppress(XError):
            while window is not None and window.id != self._root.id:
                if window.get_wm_class():
                    return window
                window = window.query_tree().parent
        return None

    def _ancestors(self, window: Window) -> set[int]:
        found = set()
        with contextlib.suppress(XError):
            while window and window.id != self._root.id:
                found.add(window.id)
                window = window.query_tree().parent
        return found

    def _class(self, window: Window) -> str:
        names = window.get_wm_class()
        return names[1] if names else ""

    def _title(self, window: Window) -> str:
        name = window.get_full_property(self._atom("_NET_WM_NAME"), X.AnyPropertyType)
        if name is not None and isinstance(name.value, bytes):
            return name.value.decode(errors="replace")
        return str(window.get_wm_name() or "")

    def _numbers(self, window: Window, name: str) -> list[int]:
        try:
            answer = window.get_full_property(self._atom(name), X.AnyPropertyType)
        except XError:
            return []
        return list(answer.value) if answer is not None and answer.format == 32 else []

    def _atom(self, name: str) -> int:
        return self._display.get_atom(name)
