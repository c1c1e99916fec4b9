"""Short questions to programs on a D-Bus, which may be missing, silent or slow."""

import contextlib
import struct
import time
from collections.abc import Iterator
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageFlag, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

# What jeepney raises of bytes that are no messages, or of names that cannot be put into one.
_DAMAGE = (ValueError, LookupError, TypeError, struct.error)


class Bus:
    """A connection that asks until `deadline` (time.monotonic()), and takes silence for None."""

    def __init__(self, connection: DBusConnection, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def ask(
        self,
        name: str,
        path: str,
        method: str,
        signature: str | None = None,
        *body: object,
        answers: str,
    ) -> Any:
        """What `method`, with its interface before the last dot, returns; None if nothing.

        A program that does not run is not started for it. An answer of another signature than
        `answers` is none.
        """
        interface, _, member = method.rpartition(".")
        message = new_method_call(DBusAddress(path, name, interface), member, signature, body)
        message.header.flags |= MessageFlag.no_auto_start
        left = self._deadline - time.monotonic()
        if left <= 0:
            return None
        try:
            answer = self._connection.send_and_get_reply(message, timeout=left)
        except (OSError, EOFError, *_DAMAGE):  # TimeoutError is an OSError
            return None
        is_answer = answer.header.message_type is MessageType.method_return
        found = answer.header.fields.get(HeaderFields.signature)
        return answer.body[0] if is_answer and found == answers else None


@contextlib.contextmanager
def open_bus(address: str, deadline: float) -> Iterator[Bus | None]:
    """The bus at `address`, or SESSION or SYSTEM; None if there is none."""
    left = max(0.0, deadline - time.monotonic())
    try:
        connection = open_dbus_connection(address, auth_timeout=left)
    except (OSError, EOFError, RuntimeError, *_DAMAGE):  # no bus, no address, no entry
        yield None
        return
    with connection:
        yield Bus(connection, deadline)
