"""A desktop's side of the portal, commanded by tests.

It grants or refuses, presses granted hotkeys, and keeps the keys that it is told to press.
"""

import contextlib
import queue
import threading
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.threading import DBusConnection, ReceiveStopped

BACKEND = "org.freedesktop.impl.portal.desktop.test"
SHORTCUTS = "org.freedesktop.impl.portal.GlobalShortcuts"
REMOTE_DESKTOP = "org.freedesktop.impl.portal.RemoteDesktop"
SESSION = "org.freedesktop.impl.portal.Session"
GRANTED, REFUSED = 0, 1

_PATH = "/org/freedesktop/portal/desktop"
_KEYBOARD = 1
_PERSIST_UNTIL_REVOKED = 2
_OF_REQUEST = "ua{sv}"

Answer = tuple[str | None, tuple[Any, ...]]


class Backend:
    """The backend, on a thread of its own that reads the connection."""

    def __init__(self, connection: DBusConnection) -> None:
        self.answer = GRANTED
        self.trigger_description = "Press Ctrl+Alt+Space"
        self.wishes: dict[str, dict[str, Any]] = {}
        """What was asked for each hotkey: `description`, `preferred_trigger`."""
        self.selections: list[dict[str, Any]] = []
        """The options of each RemoteDesktop.SelectDevices."""
        self.keysyms: queue.Queue[tuple[int, bool]] = queue.Queue()
        """The keys of the remote desktop in their order; True where pressed."""
        self.sessions: list[str] = []
        self._connection = connection
        self._thread = threading.Thread(target=self._serve, name="portal backend", daemon=True)
        self._thread.start()

    def press(self, hotkey: str, *, is_down: bool, session: int = -1) -> None:
        """Press or release a hotkey of a session, the latest if none is named."""
        name = "Activated" if is_down else "Deactivated"
        options: dict[str, tuple[str, Any]] = {}
        body = self.sessions[session], hotkey, 0, options
        self._emit(_PATH, SHORTCUTS, name, "osta{sv}", body)

    def change(self, hotkey: str, trigger_description: str) -> None:
        """Let the user choose another key in the desktop's settings."""
        shortcuts = [(hotkey, {"trigger_description": ("s", trigger_description)})]
        body = self.sessions[-1], shortcuts
        self._emit(_PATH, SHORTCUTS, "ShortcutsChanged", "oa(sa{sv})", body)

    def close_session(self) -> None:
        """Let the user withdraw the latest session."""
        self._emit(self.sessions.pop(), SESSION, "Closed", None, ())

    def stop(self) -> None:
        """End the thread; the connection is closed by who opened it."""
        self._connection.interrupt()
        self._thread.join()

    def _emit(
        self, path: str, interface: str, name: str, signature: str | None, body: tuple[Any, ...]
    ) -> None:
        emitter = DBusAddress(path, interface=interface)
        self._connection.send(new_signal(emitter, name, signature, body))

    def _serve(self) -> None:
        with contextlib.suppress(ReceiveStopped, ConnectionError):
            while True:
                message = self._connection.receive()
                if message.header.message_type is MessageType.method_call:
                    self._connection.send(self._reply(message))

    def _reply(self, message: Message) -> Message:
        fields = message.header.fields
        signature: str | None
        body: tuple[Any, ...]
        match fields[HeaderFields.interface], fields[HeaderFields.member]:
            case "org.freedesktop.DBus.Properties", "GetAll":
                signature, body = self._properties()
            case _, "CreateSession":
                signature, body = self._create_session(message.body[1])
            case _, "BindShortcuts":
                signature, body = self._bind(message.body[2])
            case _, "SelectDevices":
                signature, body = self._select(message.body[3])
            case _, "Start":
                signature, body = self._start()
            case _, "NotifyKeyboardKeysym":
                signature, body = self._type(*message.body[2:])
            case _, "Close":
                signature, body = None, ()
            case _:
                return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")
        return new_method_return(message, signature, body)

    def _properties(self) -> Answer:
        return "a{sv}", ({"version": ("u", 2), "AvailableDeviceTypes": ("u", _KEYBOARD)},)

    def _create_session(self, session: str) -> Answer:
        self.sessions.append(session)
        return _OF_REQUEST, (GRANTED, {})

    def _bind(self, shortcuts: list[tuple[str, dict[str, tuple[str, Any]]]]) -> Answer:
        self.wishes |= {name: _plain(details) for name, details in shortcuts}
        described = {"trigger_description": ("s", self.trigger_description)}
        granted = [(name, described) for name, _ in shortcuts]
        return _OF_REQUEST, (self.answer, {"shortcuts": ("a(sa{sv})", granted)})

    def _select(self, options: dict[str, tuple[str, Any]]) -> Answer:
        self.selections.append(_plain(options))
        return _OF_REQUEST, (GRANTED, {})

    def _start(self) -> Answer:
        results = {
            "devices": ("u", _KEYBOARD),
            "persist_mode": ("u", _PERSIST_UNTIL_REVOKED),
            "restore_data": ("(suv)", ("test", 1, ("s", "a keyboard"))),
        }
        return _OF_REQUEST, (self.answer, results if self.answer == GRANTED else {})

    def _type(self, keysym: int, state: int) -> Answer:
        self.keysyms.put((keysym, state == 1))
        return None, ()


def _plain(options: dict[str, tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, (_, value) in options.items()}
