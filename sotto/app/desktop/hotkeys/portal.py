"""Hotkeys on Wayland: the desktop presses them for Sotto, through its portal.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
The user may choose another key than the one that is asked for, in the desktop's own dialog.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sotto.app.core.printable import printable
from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.keys import KEYS, Modifier
from sotto.app.desktop.portals.portal import Portal, PortalError, Signal
from sotto.errors import HotkeyError

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
_WORDS = "global shortcuts"

Heard = Callable[[str, bool], None]
Lost = Callable[[str], None]

# https://specifications.freedesktop.org/shortcuts-spec/latest/
_MODIFIERS = {
    Modifier.CTRL: "CTRL",
    Modifier.ALT: "ALT",
    Modifier.SHIFT: "SHIFT",
    Modifier.SUPER: "LOGO",
}
_WHAT_TO_DO = "in the desktop's keyboard settings, bind a key to the command “sotto record toggle”"
# What the desktop's dialog and settings show, by the name that Sotto uses.
_DESCRIPTIONS = {
    "dictate": "Dictate into the program in use",
    "cancel": "Throw away what is being dictated",
}


def preferred_trigger(chord: Chord) -> str:
    """Return a chord in the notation of the shortcuts specification, such as `CTRL+ALT+space`."""
    held = [_MODIFIERS[modifier] for modifier in Modifier if modifier in chord.modifiers]
    return "+".join([*held, KEYS[chord.key].keysyms[0]])


class PortalHotkeys:
    """Hotkeys that the desktop's portal grants.

    A session can bind only once, so each hotkey has a session, a connection and a listening
    thread of its own; they call `heard` one at a time.
    """

    binds_at_once = False

    def __init__(self, heard: Heard, lost: Lost = lambda _message: None) -> None:
        """Look for the portal.

        Args:
            heard: called in a listening thread with a name and whether its keys went down.
            lost: called there with one line for the user when a hotkey can no longer be heard.

        Raises:
            HotkeyError: there is none, or the desktop's has no global shortcuts.
        """
        self._heard = _one_at_a_time(heard)
        self._lost = lost
        self._shortcuts: dict[str, _Shortcut] = {}
        try:
            Portal(INTERFACE, _WORDS).close()
        except PortalError as error:
            raise _hotkey_error(error) from error

    def bind(self, name: str, chord: Chord) -> None:
        """Ask the desktop for a hotkey; wait, if it asks the user, for the answer.

        Raises:
            HotkeyError: the user or the desktop refused.
        """
        self.unbind(name)
        try:
            self._shortcuts[name] = _Shortcut(name, chord, self._heard, self._lost)
        except PortalError as error:
            raise _hotkey_error(error) from error

    def unbind(self, name: str) -> None:
        """Give a hotkey back, if it is bound."""
        shortcut = self._shortcuts.pop(name, None)
        if shortcut is not None:
            shortcut.close()

    def trigger_description(self, name: str) -> str:
        """Return the keys as the desktop describes them, such as `Press Ctrl+Alt+Space`.

        Empty where the hotkey is not bound, and where the desktop keeps them to itself.
        """
        shortcut = self._shortcuts.get(name)
        return shortcut.description if shortcut is not None else ""

    def close(self) -> None:
        """Give all hotkeys back."""
        for name in list(self._shortcuts):
            self.unbind(name)


class _Shortcut:
    """One granted hotkey. Its thread owns the connection once the desktop has agreed."""

    def __init__(self, name: str, chord: Chord, heard: Heard, lost: Lost) -> None:
        self._name = name
        self._wish = {
            "description": ("s", _DESCRIPTIONS.get(name, name)),
            "preferred_trigger": ("s", preferred_trigger(chord)),
        }
        self._heard = heard
        self._lost = lost
        self._is_down = False
        self._is_closing = False
        self.description = ""
        self._portal = Portal(INTERFACE, _WORDS)
        try:
            self._session = self._bind()
        except PortalError:
            self._portal.close()
            raise
        self._thread = threading.Thread(target=self._listen, name=f"hotkey {name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and with it the session."""
        self._is_closing = True
        with suppress(OSError):  # the thread ended before, with the session bus
            self._portal.interrupt()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _bind(self) -> str:
        session = self._portal.create_session()
        results = self._portal.request(
            "BindShortcuts", "oa(sa{sv})s", session, [(self._name, self._wish)], ""
        )
        granted = _shortcuts(results.get("shortcuts"))
        if self._name not in granted:
            raise PortalError("it was told no")
        self._describe(granted[self._name])
        return session

    def _listen(self) -> None:
        try:
            self._follow()
        except PortalError as error:
            if not self._is_closing:
                self._lost(str(_hotkey_error(error)))
        finally:
            self._press(is_down=False)
            self._portal.close()

    def _follow(self) -> None:
        """Act on signals until the desktop takes the hotkey away."""
        while not (signal := self._portal.receive()).closes(self._session):
            if signal.tells_of_owner:
                self._press(is_down=False)
            if signal.is_start:
                self._session = self._bind()
            elif signal.interface == INTERFACE and signal.body[:1] == (self._session,):
                self._act(signal)
        raise PortalError("it was taken back")

    def _act(self, signal: Signal) -> None:
        if signal.name == "ShortcutsChanged":
            self._describe(_shortcuts(signal.body[1]).get(self._name, {}))
        elif signal.body[1] == self._name:
            self._press(is_down=signal.name == "Activated")

    def _describe(self, details: dict[str, tuple[str, Any]]) -> None:
        self.description = printable(str(details.get("trigger_description", ("s", ""))[1]))

    def _press(self, *, is_down: bool) -> None:
        if is_down != self._is_down:  # some desktops repeat a key that is held
            self._is_down = is_down
            self._heard(self._name, is_down)


def _shortcuts(described: Any) -> dict[str, dict[str, tuple[str, Any]]]:
    """Return the shortcuts of `a(sa{sv})` by name; none if it is something else."""
    match described:
        case [*pairs] if all(_is_shortcut(pair) for pair in pairs):
            return dict(pairs)
    return {}


def _is_shortcut(pair: Any) -> bool:
    match pair:
        case (str(), dict(details)):
            return all(isinstance(value, tuple) and len(value) == 2 for value in details.values())
    return False


def _one_at_a_time(heard: Heard) -> Heard:
    lock = threading.Lock()

    def locked(name: str, is_down: bool) -> None:
        with lock:
            heard(name, is_down)

    return locked


def _hotkey_error(error: PortalError) -> HotkeyError:
    return HotkeyError(f"The desktop gives no hotkey: {error}; {_WHAT_TO_DO}.")
