"""The passive grabs by which an X server gives keys to Sotto alone.

XGrabKey: https://www.x.org/releases/current/doc/libX11/libX11/libX11.html#Keyboard_Grabbing
"""

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError

from sotto.app.desktop.hotkeys.chord import Chord, taken
from sotto.app.desktop.hotkeys.x11_keyboard import Keyboard

Grab = tuple[int, int]  # key code and modifier bits


class Grabs:
    """What is grabbed for each name. Owned by the thread that owns the connection."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root = display.screen().root
        self._by_name: dict[str, frozenset[Grab]] = {}

    def take(self, name: str, chord: Chord, keyboard: Keyboard) -> None:
        """Grab the chord, locks or not, in place of what was grabbed for `name`.

        Raises:
            HotkeyError: another program has it, or the keyboard does not; nothing has changed.
        """
        masks = keyboard.with_locks(keyboard.mask(chord))
        wanted = frozenset((code, mask) for code in keyboard.key_codes(chord) for mask in masks)
        self._grab(wanted - self._all(), chord)
        before = self._by_name.get(name, frozenset())
        self._by_name[name] = wanted
        self._ungrab(before)

    def give_back(self, name: str) -> None:
        """Let other programs have what was grabbed for `name`."""
        self._ungrab(self._by_name.pop(name, frozenset()))

    def _grab(self, grabs: frozenset[Grab], chord: Chord) -> None:
        refused = CatchError(BadAccess)
        for code, mask in grabs:
            self._root.grab_key(
                code, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused
            )
        self._display.sync()
        if refused.get_error() is not None:
            self._ungrab(grabs)
            raise taken(chord)

    def _ungrab(self, grabs: frozenset[Grab]) -> None:
        """Where layouts change, one chord's old place may be another one's new place."""
        for code, mask in grabs - self._all():
            self._root.ungrab_key(code, mask)
        self._display.sync()

    def _all(self) -> frozenset[Grab]:
        return frozenset[Grab]().union(*self._by_name.values())
