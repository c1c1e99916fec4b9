"""Reading what another program has on the clipboard, in all its formats."""

import time
from collections import deque
from collections.abc import Callable
from functools import partial

from Xlib import X, Xatom
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window

from sotto.app.desktop.insertion.on_x11.selection.connection import Connection
from sotto.app.desktop.insertion.on_x11.selection.content import Content, Format

# A program that converts its picture to ten formats takes seconds; a user waits less gladly.
READ_WITHIN_S = 2.0
# A 4K screenshot, uncompressed, in two formats.
MOST_BYTES = 64 << 20
# Programs that did not answer in time and still may, each in a window of its own.
MOST_ABANDONED = 8
# Targets that are no formats but requests.
REQUESTS = (
    "TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE", "INSERT_SELECTION",
    "INSERT_PROPERTY",
)  # fmt: skip
# Types whose numbers name things on the server that the owner takes back together with the
# selection (ICCCM 2.6.2).
RESOURCES = ("PIXMAP", "BITMAP", "DRAWABLE", "WINDOW", "COLORMAP")


class UnreadableError(Exception):
    """The owner does not answer in time, or has more than is kept."""


class Reader:
    """Reads `selection` from whoever owns it, on the connection's thread."""

    def __init__(self, connection: Connection, selection: int) -> None:
        self._connection = connection
        self._selection = selection
        self._property = connection.atom("SOTTO_READ")
        self._targets = connection.atom("TARGETS")
        self._incr = connection.atom("INCR")
        self._requests = {connection.atom(name) for name in REQUESTS}
        self._resources = {connection.atom(name) for name in RESOURCES}
        self._window = connection.window()
        self._abandoned: deque[Window] = deque()
        self._answers: list[Event] = []
        self._changes = 0
        connection.on(X.SelectionNotify, self._hear_answer)

    def read(self) -> Content:
        """Everything that the owner has.

        Raises:
            UnreadableError: it takes longer than READ_WITHIN_S or is more than MOST_BYTES.
        """
        try:
            return self._read_all(time.monotonic() + READ_WITHIN_S)
        except UnreadableError:
            self._abandon()
            raise

    def hear_change(self, event: Event) -> None:
        """Take note of a property's change."""
        if event.state != X.PropertyNewValue:
            return
        if event.window == self._window:
            self._changes += 1
        elif event.window in self._abandoned:
            event.window.delete_property(self._property)

    def _abandon(self) -> None:
        """Read no more, but go on taking: some owners wait for ever until all parts are taken."""
        self._window.delete_property(self._property)
        if len(self._abandoned) == MOST_ABANDONED:
            self._abandoned.popleft().destroy()
        self._abandoned.append(self._window)
        self._window = self._connection.window()

    def _read_all(self, deadline: float) -> Content:
        content: dict[int, Format] = {}
        left = MOST_BYTES
        for target in self._offered(deadline):
            form = self._convert(target, deadline, left)
            if form is not None and not (form.width == 32 and form.type in self._resources):
                content[target] = form
                left -= len(form.data)
        return content

    def _offered(self, deadline: float) -> list[int]:
        listed = self._convert(self._targets, deadline, MOST_BYTES)
        if listed is None:
            # Programs of old that know of no TARGETS have text.
            return [self._connection.atom("UTF8_STRING"), Xatom.STRING]
        return [
            target for target in dict.fromkeys(listed.numbers()) if target not in self._requests
        ]

    def _convert(self, target: int, deadline: float, most: int) -> Format | None:
        """What the owner converts to `target`, `most` bytes; None if it refuses."""
        self._answers.clear()
        self._window.convert_selection(self._selection, target, self._property, X.CurrentTime)
        self._wait(lambda: bool(self._answers), deadline)
        form = self._take(most) if self._answers[0].property else None
        if form is None or form.type != self._incr:
            return form
        return self._take_parts(deadline, most)

    def _take_parts(self, deadline: float, most: int) -> Format:
        """Take a content that comes in parts (INCR, ICCCM 2.7.2), up to the empty one."""
        parts: list[Format] = []
        while not parts or parts[-1].data:
            seen = self._changes
            part = self._take(most)
            if part is None:
                self._wait(partial(self._has_changed_since, seen), deadline)
            else:
                parts.append(part)
                most -= len(part.data)
        return Format(parts[0].type, parts[0].width, b"".join(part.data for part in parts))

    def _take(self, most: int) -> Format | None:
        """Take the property away, which asks an owner that sends parts for the next."""
        answer = self._window.get_property(
            self._property, X.AnyPropertyType, 0, max(most, 4) // 4, delete=True
        )
        if answer is None:
            return None
        if answer.bytes_after:
            raise UnreadableError
        data = answer.value if isinstance(answer.value, bytes) else answer.value.tobytes()
        return Format(answer.property_type, answer.format, data)

    def _has_changed_since(self, seen: int) -> bool:
        return self._changes > seen

    def _wait(self, until: Callable[[], bool], deadline: float) -> None:
        if not self._connection.pump(until, deadline - time.monotonic()):
            raise UnreadableError

    def _hear_answer(self, event: Event) -> None:
        if event.requestor == self._window:
            self._answers.append(event)
