"""Reading what another program has on the clipboard, in all its formats."""

import time
from collections.abc import Callable
from functools import partial

from Xlib import X, Xatom
from Xlib.protocol.rq import Event

from sotto.app.desktop.insertion.selection.connection import Connection
from sotto.app.desktop.insertion.selection.content import Content, Format

# A program that converts its picture to ten formats takes seconds; a user waits less gladly.
READ_WITHIN_S = 2.0
# A 4K screenshot, uncompressed, in two formats.
MOST_BYTES = 64 << 20
# Targets that are no formats but requests, or that name things of the owner's own on the server,
# which it takes back together with the selection (ICCCM, section 2.6.2).
NO_FORMATS = (
    "TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE", "INSERT_SELECTION",
    "INSERT_PROPERTY", "PIXMAP", "BITMAP", "DRAWABLE", "WINDOW", "COLORMAP",
)  # fmt: skip


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
        self._skipped = {connection.atom(name) for name in NO_FORMATS}
        self._window = connection.window()
        self._answers: list[Event] = []
        self._changes = 0
        connection.on(X.SelectionNotify, self._hear_answer)

    def read(self) -> Content:
        """Everything that the owner has.

        Raises:
            UnreadableError: it takes longer than READ_WITHIN_S or is more than MOST_BYTES.
        """
        # A window of its own: what the owner answers too late goes to a window that is gone.
        self._window.destroy()
        self._window = self._connection.window()
        return self._read_all(time.monotonic() + READ_WITHIN_S)

    def hear_change(self, event: Event) -> None:
        """Take note of a property's change."""
        if event.window == self._window and event.state == X.PropertyNewValue:
            self._changes += 1

    def _read_all(self, deadline: float) -> Content:
        content: dict[int, Format] = {}
        left = MOST_BYTES
        for target in self._offered(deadline):
            form = self._convert(target, deadline, left)
            if form is not None:
                content[target] = form
                left -= len(form.data)
        return content

    def _offered(self, deadline: float) -> list[int]:
        listed = self._convert(self._targets, deadline, MOST_BYTES)
        if listed is None:
            # Programs of old that know of no TARGETS have text.
            return [self._connection.atom("UTF8_STRING"), Xatom.STRING]
        return [target for target in dict.fromkeys(listed.numbers()) if target not in self._skipped]

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
