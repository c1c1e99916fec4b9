"""Watching whether anybody opens files or connections that nobody has any business with."""

import ctypes
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Self

_IN_OPEN = 0x20  # <sys/inotify.h>
_libc = ctypes.CDLL(None, use_errno=True)


class Canaries:
    """A folder and two ports on the loopback that tell whether anybody has touched them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("secret.wav", "secret.ts", "secret1.png", "secret.idx", "secret.sub"):
            (folder / name).write_bytes(b"RIFF" + bytes(100))
        self._watch = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        _libc.inotify_add_watch(self._watch, os.fsencode(folder), _IN_OPEN)
        self._tcp, self._udp = _two_of_one_port()
        self.port: int = self._tcp.getsockname()[1]
        self._tcp.setblocking(False)
        self._udp.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._watch)
        self._tcp.close()
        self._udp.close()

    def touched(self) -> list[str]:
        """Return what has happened since the last call: `open`, `tcp`, `udp`."""
        looks: dict[str, Callable[[], object]] = {
            "open": lambda: os.read(self._watch, 65_536),
            "tcp": self._accept,
            "udp": lambda: self._udp.recv(1),
        }
        return [name for name, look in looks.items() if _happens(look)]

    def _accept(self) -> None:
        connection, _ = self._tcp.accept()
        connection.close()


def _happens(look: Callable[[], object]) -> bool:
    try:
        look()
    except BlockingIOError:
        return False
    return True


def _two_of_one_port() -> tuple[socket.socket, socket.socket]:
    """Listen on a port that is free for both, which one that is free for TCP need not be."""
    while True:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
        else:
            return tcp, udp
