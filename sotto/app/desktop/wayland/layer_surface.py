"""A picture over everything, which clicks go through: the layer-shell protocol.

https://wayland.app/protocols/wlr-layer-shell-unstable-v1. KDE and the compositors of wlroots have
it, GNOME has not.
"""

import os
import struct
import threading
from contextlib import closing
from dataclasses import dataclass

from sotto.app.desktop.wayland.connection import Connection, Event, WaylandError, string, uint

_SHELL = "zwlr_layer_shell_v1"
_NAMESPACE = "sotto"

_CREATE_SURFACE, _CREATE_REGION = 0, 1  # of the compositor
_DESTROY_SURFACE, _ATTACH, _DAMAGE, _SET_INPUT_REGION, _COMMIT, _SET_SCALE = 0, 1, 2, 5, 6, 8
_DESTROY_REGION = 0
_GET_LAYER_SURFACE = 0
_SET_SIZE, _SET_ANCHOR, _SET_EXCLUSIVE_ZONE, _SET_MARGIN = 0, 1, 2, 3
_ACK_CONFIGURE, _DESTROY_LAYER = 6, 7
_EVENT_CONFIGURE, _EVENT_CLOSED = 0, 1
_CREATE_POOL, _CREATE_BUFFER, _DESTROY_POOL, _DESTROY_BUFFER = 0, 0, 1, 0
_EVENT_OUTPUT_NAME = 4

_OVERLAY = 3  # the layer above full-screen windows
_TOP_LEFT = 1 | 4
_IGNORE_PANELS = -1
_ARGB8888 = 0  # premultiplied, of the machine's byte order
_SURFACE_VERSION = 3  # the first with a scale
_OUTPUT_VERSION = 4  # the first with a name
_BYTES_A_PIXEL = 4


def layer_shell_is_there() -> bool:
    """Whether this is a Wayland desktop on which a LayerSurface can be shown."""
    try:
        with closing(Connection()) as connection:
            return bool(connection.offered(_SHELL))
    except WaylandError:
        return False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown, and where.

    Attributes:
        pixels: premultiplied ARGB of 32 bits in the machine's byte order, row by row without gaps.
        width: logical size; there are `scale` times as many pixels.
        height: likewise.
        left: logical place, counted from the corner of the screen.
        top: likewise.
        scale: pixels to a logical one.
    """

    pixels: bytes
    width: int
    height: int
    left: int
    top: int
    scale: int = 1

    def __post_init__(self) -> None:
        size = self.width * self.scale, self.height * self.scale
        if len(self.pixels) != size[0] * size[1] * _BYTES_A_PIXEL:
            raise ValueError(f"{len(self.pixels)} bytes are no picture of {size} pixels")


class LayerSurface:
    """A picture over all windows. It never takes the focus, nor a click.

    Any thread may call it; nothing but making it waits for the compositor.
    """

    def __init__(self, output: str = "") -> None:
        """Connect; nothing is shown yet.

        Args:
            output: name of the screen, such as `DP-1`; the compositor chooses where there is none
                of that name.

        Raises:
            WaylandError: this is no Wayland desktop, or it has no layer shell.
        """
        self._connection = Connection()
        self._lock = threading.RLock()
        self._picture: Picture | None = None
        self._surface = self._layer = 0
        self._is_configured = False
        self._outputs: dict[str, int] = {}
        try:
            self._bind()
        except WaylandError:
            self._connection.close()
            raise
        self._output = self._outputs.get(output, 0)

    def show(self, picture: Picture) -> None:
        """Show a picture, in the place of the former one."""
        with self._lock:
            self._picture = picture
            if not self._layer:
                self._open()
            self._place(picture)
            if self._is_configured:
                self._draw(picture)
            self._connection.send(self._surface, _COMMIT)

    def hide(self) -> None:
        """Show nothing."""
        with self._lock:
            if not self._layer:
                return
            self._connection.forget(self._layer)
            self._connection.send(self._layer, _DESTROY_LAYER)
            self._connection.send(self._surface, _DESTROY_SURFACE)
            self._surface = self._layer = 0
            self._is_configured = False

    def close(self) -> None:
        """Show nothing any more and disconnect."""
        self._connection.close()

    def _bind(self) -> None:
        connection = self._connection
        self._compositor = connection.bind("wl_compositor", version=_SURFACE_VERSION)
        self._memory = connection.bind("wl_shm")
        self._shell = connection.bind(_SHELL)
        for each in connection.offered("wl_output"):
            connection.bind_one(each, _OUTPUT_VERSION, self._on_output)
        connection.sync()

    def _open(self) -> None:
        """Make a surface that clicks go through, and ask for its place in the layer."""
        connection = self._connection
        self._surface = connection.make(self._compositor, _CREATE_SURFACE)
        nowhere = connection.make(self._compositor, _CREATE_REGION)
        connection.send(self._surface, _SET_INPUT_REGION, uint(nowhere))
        connection.send(nowhere, _DESTROY_REGION)
        self._layer = connection.make(
            self._shell,
            _GET_LAYER_SURFACE,
            after=uint(self._surface) + uint(self._output) + uint(_OVERLAY) + string(_NAMESPACE),
            handler=self._on_layer,
        )
        connection.send(self._layer, _SET_ANCHOR, uint(_TOP_LEFT))
        connection.send(self._layer, _SET_EXCLUSIVE_ZONE, struct.pack("=i", _IGNORE_PANELS))

    def _place(self, picture: Picture) -> None:
        size = uint(picture.width) + uint(picture.height)
        margins = struct.pack("=4i", picture.top, 0, 0, picture.left)
        self._connection.send(self._layer, _SET_SIZE, size)
        self._connection.send(self._layer, _SET_MARGIN, margins)

    def _draw(self, picture: Picture) -> None:
        buffer = self._buffer(picture)
        everything = struct.pack("=4i", 0, 0, picture.width, picture.height)
        self._connection.send(self._surface, _SET_SCALE, uint(picture.scale))
        self._connection.send(self._surface, _ATTACH, uint(buffer) + 2 * uint(0))
        self._connection.send(self._surface, _DAMAGE, everything)

    def _buffer(self, picture: Picture) -> int:
        connection = self._connection
        file = os.memfd_create("picture")
        with os.fdopen(file, "wb") as memory:
            memory.write(picture.pixels)
            memory.flush()
            size = uint(len(picture.pixels))
            pool = connection.make(self._memory, _CREATE_POOL, memory.fileno(), after=size)
        width, height = picture.width * picture.scale, picture.height * picture.scale
        shape = struct.pack("=5i", 0, width, height, width * _BYTES_A_PIXEL, _ARGB8888)
        buffer = connection.make(pool, _CREATE_BUFFER, after=shape, handler=self._on_buffer)
        connection.send(pool, _DESTROY_POOL)
        return buffer

    def _on_layer(self, event: Event) -> None:
        """Take the place that the compositor gives, or learn that the screen has gone."""
        with self._lock:
            if event.sender != self._layer:
                return  # hidden meanwhile
            if event.opcode == _EVENT_CLOSED:
                self.hide()
                self._output = 0
            elif event.opcode == _EVENT_CONFIGURE:
                self._connection.send(self._layer, _ACK_CONFIGURE, uint(event.number()))
                self._draw_first()

    def _draw_first(self) -> None:
        if not self._is_configured and self._picture is not None:
            self._is_configured = True
            self._draw(self._picture)
        self._connection.send(self._surface, _COMMIT)

    def _on_buffer(self, event: Event) -> None:
        """Free a picture that the compositor shows no more."""
        self._connection.forget(event.sender)
        self._connection.send(event.sender, _DESTROY_BUFFER)

    def _on_output(self, event: Event) -> None:
        if event.opcode == _EVENT_OUTPUT_NAME:
            self._outputs[event.text()] = event.sender
