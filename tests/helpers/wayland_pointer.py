"""A mouse for a Wayland compositor: zwlr_virtual_pointer_v1, spoken over the plain socket.

https://wayland.app/protocols/wlr-virtual-pointer-unstable-v1; the wire format is in
https://wayland.freedesktop.org/docs/html/ch04.html#sect-Protocol-Wire-Format.
"""

import contextlib
import itertools
import socket
import struct
import time
from collections.abc import Iterator

LEFT_BUTTON = 0x110  # BTN_LEFT of linux/input-event-codes.h

_DISPLAY = 1
_MANAGER_NAME = "zwlr_virtual_pointer_manager_v1"


class Pointer:
    """A mouse that is plugged in as long as its connection is open."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._numbers = itertools.count(_DISPLAY + 1)  # a compositor takes them in order only
        self._registry = self._make(_DISPLAY, 1)
        name = self._wait_for_manager()
        bound = struct.pack("=I", name) + _text(_MANAGER_NAME) + struct.pack("=I", 1)
        manager = self._make(self._registry, 0, bound)
        self._pointer = self._make(manager, 0, struct.pack("=I", 0))
        self._sync()

    def click(self, x: int, y: int, size: tuple[int, int]) -> None:
        """Click with the left button at a point of an output of that size."""
        self._move(x, y, size)
        for state in (1, 0):
            self._press(state)

    def drag(self, start: tuple[int, int], end: tuple[int, int], size: tuple[int, int]) -> None:
        """Press the left button at a point, move on and release it at another."""
        self._move(*start, size)
        self._press(1)
        self._move(*end, size)
        self._press(0)

    def _move(self, x: int, y: int, size: tuple[int, int]) -> None:
        self._send(self._pointer, 1, struct.pack("=IIIII", _now_ms(), x, y, *size))
        self._frame()

    def _press(self, state: int) -> None:
        self._send(self._pointer, 2, struct.pack("=III", _now_ms(), LEFT_BUTTON, state))
        self._frame()

    def _frame(self) -> None:
        self._send(self._pointer, 4, b"")
        self._sync()

    def _wait_for_manager(self) -> int:
        for sender, _, body in list(self._events_until_synced()):
            if sender == self._registry and _MANAGER_NAME.encode() in body:
                return int(struct.unpack_from("=I", body)[0])
        raise RuntimeError("the compositor knows no virtual pointers")

    def _sync(self) -> None:
        for _ in self._events_until_synced():
            pass

    def _events_until_synced(self) -> Iterator[tuple[int, int, bytes]]:
        callback = self._make(_DISPLAY, 0)
        while True:
            sender, sized = struct.unpack("=II", self._read(8))
            body = self._read((sized >> 16) - 8)
            if sender == callback:
                return
            if sender == _DISPLAY and sized & 0xFFFF == 0:
                raise RuntimeError(f"the compositor complains: {body!r}")
            yield sender, sized & 0xFFFF, body

    def _make(self, maker: int, opcode: int, body: bytes = b"") -> int:
        number = next(self._numbers)
        self._send(maker, opcode, body + struct.pack("=I", number))
        return number

    def _send(self, receiver: int, opcode: int, body: bytes) -> None:
        sized = (8 + len(body)) << 16 | opcode
        self._connection.sendall(struct.pack("=II", receiver, sized) + body)

    def _read(self, n_bytes: int) -> bytes:
        data = self._connection.recv(n_bytes, socket.MSG_WAITALL)
        if len(data) < n_bytes:
            raise RuntimeError("the compositor closed the connection")
        return data


@contextlib.contextmanager
def pointer(path: str) -> Iterator[Pointer]:
    """Plug a mouse into the compositor whose socket lies at that path."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(path)
        yield Pointer(connection)


def _text(text: str) -> bytes:
    data = text.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + bytes(-len(data) % 4)


def _now_ms() -> int:
    return int(time.monotonic() * 1000) & 0xFFFFFFFF
