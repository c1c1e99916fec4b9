"""The clipboard without a window: the data-control protocol.

https://wayland.app/protocols/wlr-data-control-unstable-v1 and its successor,
https://wayland.app/protocols/ext-data-control-v1, whose numbers are the same.
"""

import os
import selectors
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from io import FileIO

from sotto.app.desktop.wayland.connection import Connection, Event, string, uint

Formats = Mapping[str, bytes]

TEXT_FORMATS = ("text/plain;charset=utf-8", "text/plain", "UTF8_STRING", "STRING", "TEXT")

# What programs of X11 offer beside data: questions about the selection, and even its deletion.
_NO_DATA = frozenset({
    "DELETE", "INSERT_PROPERTY", "INSERT_SELECTION", "MULTIPLE", "SAVE_TARGETS", "TARGETS",
    "TIMESTAMP",
})  # fmt: skip

_READ_WITHIN_S = 5  # an owner that takes longer is stuck, and what it still offers is lost
_MOST_BYTES = 256 << 20  # more would be no picture but a mistake

_MANAGERS = "ext_data_control_manager_v1", "zwlr_data_control_manager_v1"
_CREATE_SOURCE, _GET_DEVICE = 0, 1  # of the manager
_SET_SELECTION = 0  # of the device
_OFFER, _DESTROY_SOURCE = 0, 1  # of a source
_RECEIVE, _DESTROY_OFFER = 0, 1  # of an offer
_EVENT_OFFER, _EVENT_SELECTION = 0, 1  # of the device
_EVENT_SEND = 0  # of a source


class Source:
    """What Sotto has put on the clipboard, and who has read it so far."""

    def __init__(self, formats: Formats) -> None:
        self.formats = formats
        self._changed = threading.Condition()
        self._n_reads = 0
        self._last_read_s = time.monotonic()
        self._is_current = True

    @property
    def n_reads(self) -> int:
        """How often it was read: a target and clipboard managers count alike."""
        with self._changed:
            return self._n_reads

    @property
    def is_current(self) -> bool:
        """Whether nothing else has been put on the clipboard since."""
        return self._is_current

    def wait_for_read(self, after: int, timeout_s: float) -> bool:
        """Wait until it was read more than `after` times; tell whether it was."""
        with self._changed:
            return self._changed.wait_for(lambda: self._n_reads > after, timeout_s)

    def wait_for_quiet(self, quiet_s: float, timeout_s: float) -> None:
        """Wait until nobody has read it for that long."""
        deadline = time.monotonic() + timeout_s
        while (now := time.monotonic()) < deadline:
            with self._changed:
                left = self._last_read_s + quiet_s - now
            if left <= 0:
                return
            time.sleep(left)

    def serve(self, name: str, fd: int) -> None:
        """Write one format into a file and close that."""
        # A thread each: a reader may take its time over a picture, or never finish.
        arguments = fd, self.formats.get(name, b"")
        threading.Thread(target=self._serve, args=arguments, daemon=True).start()

    def lose(self) -> None:
        """Take note that something else is on the clipboard."""
        self._is_current = False

    def _serve(self, fd: int, data: bytes) -> None:
        with suppress(OSError), os.fdopen(fd, "wb") as pipe:
            pipe.write(data)
        with self._changed:
            self._n_reads += 1
            self._last_read_s = time.monotonic()
            self._changed.notify_all()


class Clipboard:
    """Reads all formats of the clipboard, and owns it on demand."""

    def __init__(self, connection: Connection, seat: int) -> None:
        """Look at the clipboard.

        Raises:
            WaylandError: the compositor lets no program without a window at it.
        """
        self._connection = connection
        self._source: Source | None = None
        self._offers: dict[int, list[str]] = {}
        self._selection = 0
        self._manager = connection.bind(*_MANAGERS)
        self._device = connection.make(
            self._manager, _GET_DEVICE, after=uint(seat), handler=self._on_device
        )
        connection.sync()

    def read(self) -> Formats:
        """Return what is on the clipboard, in all its formats; empty where nothing is."""
        self._connection.sync()  # an owner may just have changed
        if self._source is not None and self._source.is_current:
            return self._source.formats
        deadline = time.monotonic() + _READ_WITHIN_S
        names = [name for name in self._offers.get(self._selection, []) if name not in _NO_DATA]
        formats = {name: self._receive(self._selection, name, deadline) for name in names}
        return {name: data for name, data in formats.items() if data is not None}

    def put(self, formats: Formats) -> Source:
        """Put something on the clipboard, in all the formats given."""
        source = Source(formats)
        handler = partial(self._on_source, source)
        number = self._connection.make(self._manager, _CREATE_SOURCE, handler=handler)
        for name in formats:
            self._connection.send(number, _OFFER, string(name))
        self._select(number, source)
        return source

    def clear(self) -> None:
        """Leave nothing on the clipboard."""
        self._select(0, None)

    def _select(self, number: int, source: Source | None) -> None:
        self._source = source
        self._connection.send(self._device, _SET_SELECTION, uint(number))
        self._connection.sync()

    def _receive(self, offer: int, name: str, deadline: float) -> bytes | None:
        """Read one format; None if the owner does not deliver."""
        reader, writer = os.pipe()
        try:
            self._connection.send(offer, _RECEIVE, string(name), writer)
        finally:
            os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            return _read_all(pipe, deadline)

    def _on_source(self, source: Source, event: Event) -> None:
        if event.opcode == _EVENT_SEND:
            source.serve(event.text(), event.fd())
        else:  # another owner
            source.lose()
            self._connection.forget(event.sender)
            self._connection.send(event.sender, _DESTROY_SOURCE)

    def _on_device(self, event: Event) -> None:
        offer = event.number()
        if event.opcode == _EVENT_OFFER:
            self._offers[offer] = []
            self._connection.handle(offer, self._on_offer)
        elif event.opcode == _EVENT_SELECTION:
            former, self._selection = self._selection, offer
            self._drop(former)

    def _on_offer(self, event: Event) -> None:
        self._offers[event.sender].append(event.text())

    def _drop(self, offer: int) -> None:
        if self._offers.pop(offer, None) is not None:
            self._connection.forget(offer)
            self._connection.send(offer, _DESTROY_OFFER)


def _read_all(pipe: FileIO, deadline: float) -> bytes | None:
    """Read to the end; None if that takes too long or is too much."""
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())) and len(data) < _MOST_BYTES:
            chunk = pipe.read(1 << 16)
            if not chunk:
                return bytes(data)
            data += chunk
    return None
