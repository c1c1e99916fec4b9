"""The desktop portal, spoken over D-Bus.

Requests and sessions: https://flatpak.github.io/xdg-desktop-portal/docs/requests.html
"""

import re
import secrets
import socket
import struct
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from sotto.app.core.printable import printable
from sotto.errors import DesktopError

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SESSION = "org.freedesktop.portal.Session"
APPLICATION = "sotto"  # the name of the desktop file

_REQUEST = "org.freedesktop.portal.Request"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_REPLIES_WITHIN_S = 30  # a portal that is just being started loads its backends first
_ANSWERS_WITHIN_S = 180  # the user reads a dialog and decides

_OWNER_CHANGED = "NameOwnerChanged"
# The arguments of the signals that are acted on.
_SIGNATURES = {
    _OWNER_CHANGED: {"sss"},
    "Closed": {"", "a{sv}"},  # of portals before 1.0, and since
    "Activated": {"osta{sv}"},
    "Deactivated": {"osta{sv}"},
    "ShortcutsChanged": {"oa(sa{sv})"},
}
_OBJECT_PATH = re.compile(r"/|(?:/[A-Za-z0-9_]+)+")

_BUS_GONE = "the session bus has gone"
_NONSENSE = "its portal does not answer as portals do"
# What jeepney raises of bytes that are no messages, or of strings that are no text.
_DAMAGE = (ValueError, LookupError, TypeError, struct.error)
_LONGEST_QUOTE = 200  # letters of what the desktop says, of which a line has room for some
_CANCELLED = 1  # by the user; 2 is any other end
_NOT_THERE = {"ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected"}
_NOT_OFFERED = {"UnknownInterface", "UnknownMethod", "UnknownObject", "InvalidArgs"}

Options = Mapping[str, tuple[str, Any]]


class PortalError(DesktopError):
    """The portal is missing or lacks an interface, or the user refused.

    The message is a clause about the desktop, to be put into a sentence.
    """


@dataclass(frozen=True, slots=True)
class Signal:
    """What the portal, or the bus about the portal, told."""

    interface: str
    name: str
    path: str
    body: tuple[Any, ...]

    @property
    def tells_of_owner(self) -> bool:
        """Whether the portal's process has come or gone, and all sessions with it."""
        return self.name == _OWNER_CHANGED

    @property
    def is_start(self) -> bool:
        """Whether the portal's process has come."""
        return self.tells_of_owner and self.body[2] != ""

    def closes(self, session: str) -> bool:
        """Whether the desktop has closed that session."""
        return (self.interface, self.path) == (SESSION, session)


class Portal:
    """One interface of the desktop portal, on a connection of its own.

    One thread at a time uses it. Closing the connection ends its sessions.
    """

    def __init__(self, interface: str, words: str) -> None:
        """Connect. `words` say what the interface gives, such as `global shortcuts`.

        Raises:
            PortalError: there is no portal, or it lacks the interface.
        """
        self._words = words
        self._address = DBusAddress(PATH, NAME, interface)
        self._connection = _connect()
        self._owner = ""
        try:
            self._listen()
            self._introduce()
            self.property("version")
        except PortalError:
            self.close()
            raise

    def property(self, name: str) -> Any:
        """Return a property of the interface."""
        properties = self._address.with_interface("org.freedesktop.DBus.Properties")
        message = new_method_call(properties, "Get", "ss", (self._address.interface, name))
        return self._reply(message, "v")[0][1]

    def call(self, method: str, signature: str, *body: Any) -> tuple[Any, ...]:
        """Call a method that answers at once."""
        return self._reply(new_method_call(self._address, method, signature, body))

    def request(
        self, method: str, signature: str, *body: Any, options: Options | None = None
    ) -> dict[str, Any]:
        """Call a method that may ask the user; wait for the answer and return its results.

        `signature` and `body` are those of the arguments before the options.

        Raises:
            PortalError: the user refused or did not answer, or the desktop failed.
        """
        token = _token()
        rule = MatchRule(
            type="signal", interface=_REQUEST, member="Response", path=self._handle(token)
        )
        with self._connection.filter(rule) as answers:
            given = {**(options or {}), "handle_token": ("s", token)}
            self.call(method, f"{signature}a{{sv}}", *body, given)
            code, results = self._answer(answers)
        if code != 0:
            raise PortalError("it was told no" if code == _CANCELLED else "its portal failed")
        return {name: value for name, (_, value) in results.items()}

    def create_session(self) -> str:
        """Open a session and return its path."""
        session = self.request(
            "CreateSession", "", options={"session_handle_token": ("s", _token())}
        )
        handle = session.get("session_handle")
        if not isinstance(handle, str) or not _OBJECT_PATH.fullmatch(handle):
            raise PortalError(_NONSENSE)
        return handle

    def receive(self) -> Signal:
        """Wait for the next signal of the portal's, or of the bus's about the portal.

        Raises:
            PortalError: `interrupt` was called, or the session bus has gone.
        """
        while True:
            try:
                message = self._connection.receive()
            except (OSError, *_DAMAGE) as error:
                raise PortalError(_BUS_GONE) from error
            if message.header.message_type is MessageType.signal and self._is_known(message):
                return _signal(message)

    def interrupt(self) -> None:
        """End the connection, from any thread; `receive` then raises PortalError."""
        self._connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection and with it the sessions."""
        self._connection.close()

    def _listen(self) -> None:
        """Ask the bus for the portal's signals, and for those about its coming and going."""
        for rule in (MatchRule(type="signal", sender=NAME), _owner_changes()):
            self._reply(message_bus.AddMatch(rule))

    def _is_known(self, message: Message) -> bool:
        """Tell whether a signal comes from whom it should and has the arguments that it should.

        Every program on the bus may send this one what it likes, past the rules of `_listen`.
        """
        fields = message.header.fields
        name = str(fields.get(HeaderFields.member, ""))
        sender = fields.get(HeaderFields.sender)
        if fields.get(HeaderFields.signature, "") not in _SIGNATURES.get(name, ()):
            return False
        if sender == message_bus.bus_name:
            is_about_portal = name == _OWNER_CHANGED and message.body[0] == NAME
            if is_about_portal:
                self._owner = message.body[2]
            return is_about_portal
        return name != _OWNER_CHANGED and bool(sender) and sender == self._owner

    def _introduce(self) -> None:
        """Tell who asks: the desktop remembers by application what the user allowed."""
        registry = self._address.with_interface(_REGISTRY)
        message = new_method_call(registry, "Register", "sa{sv}", (APPLICATION, {}))
        try:
            self._reply(message)
        except PortalError:
            return  # portals before 1.20 find that out by themselves

    def _handle(self, token: str) -> str:
        sender = str(self._connection.unique_name).removeprefix(":").replace(".", "_")
        return f"{PATH}/request/{sender}/{token}"

    def _answer(self, answers: deque[Message]) -> tuple[int, dict[str, Any]]:
        try:
            message = self._connection.recv_until_filtered(answers, timeout=_ANSWERS_WITHIN_S)
        except TimeoutError as error:
            raise PortalError("its question was not answered") from error
        except (OSError, *_DAMAGE) as error:
            raise PortalError(_BUS_GONE) from error
        code, results = _checked(message, "ua{sv}")
        return code, results

    def _reply(self, message: Message, signature: str | None = None) -> tuple[Any, ...]:
        """Return what the answer holds; it must have the `signature`, if one is given."""
        try:
            reply = self._connection.send_and_get_reply(message, timeout=_REPLIES_WITHIN_S)
            body: tuple[Any, ...] = unwrap_msg(reply)
            if message.header.fields.get(HeaderFields.destination) == NAME:
                self._owner = str(reply.header.fields.get(HeaderFields.sender, ""))
        except DBusErrorResponse as error:
            raise PortalError(_complaint(error, self._words)) from error
        except (OSError, *_DAMAGE) as error:
            raise PortalError("its portal does not answer") from error
        return body if signature is None else _checked(reply, signature)


def _checked(message: Message, signature: str) -> tuple[Any, ...]:
    if message.header.fields.get(HeaderFields.signature, "") != signature:
        raise PortalError(_NONSENSE)
    body: tuple[Any, ...] = message.body
    return body


def _signal(message: Message) -> Signal:
    fields = message.header.fields
    names = (HeaderFields.interface, HeaderFields.member, HeaderFields.path)
    interface, name, path = (str(fields.get(field, "")) for field in names)
    return Signal(interface, name, path, message.body)


def _owner_changes() -> MatchRule:
    rule = MatchRule(type="signal", interface=message_bus.interface, member="NameOwnerChanged")
    rule.add_arg_condition(0, NAME)
    return rule


def _connect() -> DBusConnection:
    try:
        return open_dbus_connection(auth_timeout=_REPLIES_WITHIN_S)
    except (RuntimeError, OSError, EOFError, *_DAMAGE) as error:  # no address, or a wrong one
        raise PortalError("there is no session bus") from error


def _complaint(error: DBusErrorResponse, words: str) -> str:
    kind = str(error.name).removeprefix("org.freedesktop.DBus.Error.")
    if kind in _NOT_THERE or kind.startswith("Spawn."):
        return "no portal runs"
    if kind in _NOT_OFFERED:
        return f"its portal does not offer {words}"
    says = error.data[0] if error.data and isinstance(error.data[0], str) else kind
    return f"its portal says “{printable(says)[:_LONGEST_QUOTE]}”"


def _token() -> str:
    return f"sotto_{secrets.token_hex(8)}"
