"""The wire of Wayland: objects with numbers, requests to them, events from them.

https://wayland.freedesktop.org/docs/html/ch04.html#sect-Protocol-Wire-Format
"""

import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sotto.errors import DesktopError

Handler = Callable[["Event"], None]

_DISPLAY = 1
_HEADER = struct.Struct("=II")
_MOST_FDS = 28  # what libwayland sends in one go at most
_ANSWERS_WITHIN_S = 30


class WaylandError(DesktopError):
    """The compositor is not there, does not answer, or lacks a protocol."""


class Event:
    """What an object told. The arguments are read one after another."""

    def __init__(self, sender: int, opcode: int, data: bytes, fds: deque[int]) -> None:
        self.sender = sender
        self.opcode = opcode
        self._data = data
        self._fds = fds
        self._at = 0

    def number(self) -> int:
        """Return an unsigned number, or the number of an object."""
        (value,) = struct.unpack_from("=I", self._data, self._at)
        self._at += 4
        return int(value)

    def block(self) -> bytes:
        """Return an array."""
        size = self.number()
        start = self._at
        self._at += size + -size % 4
        return self._data[start : start + size]

    def text(self) -> str:
        """Return a string."""
        return self.block()[:-1].decode("utf-8", "replace")

    def fd(self) -> int:
        """Return an open file, which the caller closes."""
        return self._fds.popleft()


class Global(NamedTuple):
    """What the compositor offers: its number in the list, what it is, and the highest version."""

    name: int
    interface: str
    version: int


class Connection:
    """A connection to the compositor.

    Its own thread reads and calls the handlers of objects; any thread may send.
    """

    def __init__(self) -> None:
        """Connect.

        Raises:
            WaylandError: there is no compositor at `WAYLAND_DISPLAY`.
        """
        self._socket = _connect()
        self._sending = threading.Lock()
        self._n_objects = _DISPLAY
        self._handlers: dict[int, Handler] = {_DISPLAY: self._on_display}
        self._fds: deque[int] = deque()
        self._pending: set[threading.Event] = set()
        self._globals: list[Global] = []
        self._complaint = "the compositor has closed the connection"
        self._is_open = True
        self._thread = threading.Thread(target=self._read, name="wayland", daemon=True)
        self._thread.start()
        try:
            self._registry = self.make(_DISPLAY, 1, handler=self._on_registry)
            self.sync()
        except WaylandError:
            self.close()
            raise

    def send(self, receiver: int, opcode: int, body: bytes = b"", *fds: int) -> None:
        """Send a request.

        Raises:
            WaylandError: the compositor has gone.
        """
        with self._sending:
            self._send(receiver, opcode, body, fds)

    def make(
        self,
        receiver: int,
        opcode: int,
        *fds: int,
        before: bytes = b"",
        after: bytes = b"",
        handler: Handler | None = None,
    ) -> int:
        """Send a request that makes an object and return the object's number.

        The number stands between the arguments `before` and `after`.
        """
        with self._sending:  # the compositor takes numbers in order only
            self._n_objects += 1
            number = self._n_objects
            if handler is not None:
                self._handlers[number] = handler
            self._send(receiver, opcode, before + uint(number) + after, fds)
        return number

    def handle(self, number: int, handler: Handler) -> None:
        """Give a handler to an object that the compositor made."""
        self._handlers[number] = handler

    def forget(self, number: int) -> None:
        """Take the handler from an object that is no more."""
        self._handlers.pop(number, None)

    def offered(self, *interfaces: str) -> list[Global]:
        """Return what the compositor offers of these interfaces."""
        return [each for each in self._globals if each.interface in interfaces]

    def bind(self, *interfaces: str, version: int = 1, handler: Handler | None = None) -> int:
        """Return a new object of one of these interfaces.

        Raises:
            WaylandError: the compositor has none of them.
        """
        for each in self.offered(*interfaces):
            return self.bind_one(each, version=version, handler=handler)
        raise WaylandError(f"the compositor lacks {interfaces[-1]}")

    def bind_one(self, one: Global, version: int, handler: Handler | None = None) -> int:
        """Return a new object, of that version or the highest offered."""
        which = uint(one.name) + string(one.interface) + uint(min(version, one.version))
        return self.make(self._registry, 0, before=which, handler=handler)

    def sync(self) -> None:
        """Wait until the compositor has done all requests and their events were handled.

        Raises:
            WaylandError: it does not answer, or it complained.
        """
        done = threading.Event()
        self._pending.add(done)
        try:
            self.make(_DISPLAY, 0, handler=lambda _event: done.set())
            is_done = done.wait(_ANSWERS_WITHIN_S)
        finally:
            self._pending.discard(done)
        if not is_done:
            raise WaylandError("the compositor does not answer")
        if not self._is_open:
            raise WaylandError(self._complaint)

    def close(self) -> None:
        """End the connection, its objects and its thread."""
        with suppress(OSError):  # the compositor went first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _send(self, receiver: int, opcode: int, body: bytes, fds: tuple[int, ...] = ()) -> None:
        data = _HEADER.pack(receiver, (_HEADER.size + len(body)) << 16 | opcode) + body
        try:
            sent = socket.send_fds(self._socket, [data], list(fds))
            if sent < len(data):
                self._socket.sendall(data[sent:])
        except OSError as error:
            if threading.current_thread() is not self._thread:
                self._thread.join(_ANSWERS_WITHIN_S)  # it still reads what the compositor said last
            raise WaylandError(self._complaint) from error

    def _read(self) -> None:
        data = b""
        with suppress(WaylandError):  # a handler could not answer: the compositor has gone
            while chunk := self._receive():
                data = self._dispatch(data + chunk)
        self._is_open = False
        for waiting in list(self._pending):
            waiting.set()
        while self._fds:
            os.close(self._fds.popleft())

    def _receive(self) -> bytes:
        try:
            data, fds, _, _ = socket.recv_fds(self._socket, 65536, _MOST_FDS)
        except OSError:
            return b""
        self._fds.extend(fds)
        return data

    def _dispatch(self, data: bytes) -> bytes:
        """Call the handlers of all whole events in `data`; return the rest."""
        while len(data) >= _HEADER.size:
            sender, sized = _HEADER.unpack_from(data)
            size = sized >> 16
            if len(data) < size:
                break
            handler = self._handlers.get(sender)
            if handler is not None:
                body = data[_HEADER.size : size]
                handler(Event(sender, sized & 0xFFFF, body, self._fds))
            data = data[size:]
        return data

    def _on_display(self, event: Event) -> None:
        if event.opcode == 0:  # error
            event.number(), event.number()
            self._complaint = f"the compositor complains: {event.text()}"
        else:  # delete_id
            self.forget(event.number())

    def _on_registry(self, event: Event) -> None:
        if event.opcode == 0:  # global
            self._globals.append(Global(event.number(), event.text(), event.number()))


def uint(value: int) -> bytes:
    """Return an unsigned number, or an object's, as an argument of a request."""
    return struct.pack("=I", value)


def string(value: str) -> bytes:
    """Return a string as an argument of a request."""
    data = value.encode() + b"\0"
    return uint(len(data)) + data + bytes(-len(data) % 4)


def _connect() -> socket.socket:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        raise WaylandError("WAYLAND_DISPLAY is not set: this is no Wayland desktop")
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name  # an absolute name stays as it is
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        raise WaylandError(f"no compositor answers at {path}") from error
    return connection
