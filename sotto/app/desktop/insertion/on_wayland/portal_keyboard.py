"""A keyboard by the desktop's portal, for compositors without virtual keyboards (GNOME, KDE).

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.RemoteDesktop.html
The desktop asks the user once; a token that only the user can read spares the next time.
"""

import time
from collections.abc import Generator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from sotto.app.core.private_file import write_private
from sotto.app.desktop.portals.portal import Portal, PortalError
from sotto.app.desktop.wayland.virtual_keyboard import Key, Stroke
from sotto.errors import OutputError

INTERFACE = "org.freedesktop.portal.RemoteDesktop"

_WORDS = "pressing keys for other programs"
_KEYBOARD = 1  # a device type
_PERSIST_UNTIL_REVOKED = 2
_RELEASED, _PRESSED = 0, 1
_BETWEEN_KEYS_S = 0.004
_KEYSYMS = {"\n": 0xFF0D, "\t": 0xFF09}
_UNICODE = 0x0100_0000  # beyond Latin-1, a keysym is this plus the code point


class PortalKeyboard:
    """Presses keys by the portal, in one session that lasts until `close`."""

    def __init__(self, token_file: Path) -> None:
        """Ask the desktop, and the user if the token is not known any more.

        Raises:
            PortalError: there is no such portal, or the user refused.
        """
        self._portal = Portal(INTERFACE, _WORDS)
        try:
            self._session = self._open(token_file)
        except PortalError:
            self._portal.close()
            raise

    def press(self, key: Key, *held: Key) -> None:
        """Press a key while others are held."""
        for modifier in held:
            self._notify(modifier.keysym, _PRESSED)
        self._tap(key.keysym)
        for modifier in reversed(held):
            self._notify(modifier.keysym, _RELEASED)

    def strokes(self, text: str) -> Generator[Stroke]:
        """Give, for each character, the stroke of the key that writes it."""
        for letter in text:
            yield partial(self._tap, keysym(letter))

    def close(self) -> None:
        """End the session."""
        self._portal.close()

    def _open(self, token_file: Path) -> str:
        session = self._portal.create_session()
        wishes: dict[str, tuple[str, Any]] = {
            "types": ("u", _KEYBOARD),
            "persist_mode": ("u", _PERSIST_UNTIL_REVOKED),
        }
        with suppress(OSError, UnicodeError):  # the first time there is none
            wishes["restore_token"] = ("s", token_file.read_text(encoding="utf-8"))
        self._portal.request("SelectDevices", "o", session, options=wishes)
        granted = self._portal.request("Start", "os", session, "")
        devices, token = granted.get("devices", 0), granted.get("restore_token")
        if not isinstance(devices, int) or not devices & _KEYBOARD:
            raise PortalError("it was told to give no keyboard")
        if isinstance(token, str):
            with suppress(OutputError):  # the user is asked again next time
                write_private(token_file, token)
        return session

    def _tap(self, number: int) -> None:
        self._notify(number, _PRESSED)
        self._notify(number, _RELEASED)
        time.sleep(_BETWEEN_KEYS_S)

    def _notify(self, number: int, state: int) -> None:
        self._portal.call("NotifyKeyboardKeysym", "oa{sv}iu", self._session, {}, number, state)


def keysym(letter: str) -> int:
    """Return the keysym of a character: https://www.x.org/releases/current/doc/xproto/x11protocol.html#keysym_encoding."""
    if letter in _KEYSYMS:
        return _KEYSYMS[letter]
    code = ord(letter)
    return code if code <= 0xFF else _UNICODE + code
