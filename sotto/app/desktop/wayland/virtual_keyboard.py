"""A keyboard that presses what Sotto wants: the virtual-keyboard protocol.

https://wayland.app/protocols/virtual-keyboard-unstable-v1
"""

import os
import time
from collections.abc import Callable, Generator, Iterator
from enum import Enum
from functools import partial

from sotto.app.desktop.wayland.connection import Connection, uint

Stroke = Callable[[], None]

_CREATE = 0  # of the manager
_KEYMAP, _KEY, _MODIFIERS = 0, 1, 2
_XKB_V1 = 1
_RELEASED, _PRESSED = 0, 1


class Key(Enum):
    """A key that is pressed as such: its code in linux/input-event-codes.h, and its keysym."""

    V = 47, 0x76
    BACKSPACE = 14, 0xFF08
    LEFT = 105, 0xFF51
    CTRL = 29, 0xFFE3
    SHIFT = 42, 0xFFE1

    @property
    def code(self) -> int:
        """The kernel's number of the key."""
        return self.value[0]

    @property
    def keysym(self) -> int:
        """X11's number of what the key means."""
        return self.value[1]


_BITS = {Key.SHIFT: 1, Key.CTRL: 4}  # XKB's real modifiers

# A whole layout, for keys that are pressed as such: some programs look at the key's place.
_US_KEYMAP = """xkb_keymap {
xkb_keycodes { include "evdev+aliases(qwerty)" };
xkb_types { include "complete" };
xkb_compatibility { include "complete" };
xkb_symbols { include "pc+us+inet(evdev)" };
};"""
_TEXT_KEYMAP = """xkb_keymap {{
xkb_keycodes {{ include "evdev+aliases(qwerty)" }};
xkb_types {{ include "complete" }};
xkb_compatibility {{ include "complete" }};
xkb_symbols {{ {symbols} }};
}};"""
# Places of keys that write, and their codes. Programs that look at the place would take others for
# Escape or an arrow.
_PLACES = {
    **{f"AE{column:02}": 1 + column for column in range(1, 13)},
    **{f"AD{column:02}": 15 + column for column in range(1, 13)},
    **{f"AC{column:02}": 29 + column for column in range(1, 12)},
    **{f"AB{column:02}": 43 + column for column in range(1, 11)},
}
_FIXED = {" ": ("SPCE", 57, "space"), "\n": ("RTRN", 28, "Return"), "\t": ("TAB", 15, "Tab")}

# XWayland and browsers look the keymap up when a key comes, not when the keymap does.
_KEYMAP_SETTLES_S = 0.1
_KEYMAP_LASTS_S = 0.3
# A compositor drops a client whose unread events fill its buffer; a busy one reads late.
_BETWEEN_KEYS_S = 0.004


class VirtualKeyboard:
    """A keyboard that stays plugged in as long as the connection lasts."""

    def __init__(self, connection: Connection, seat: int) -> None:
        """Plug it in.

        Raises:
            WaylandError: the compositor lets no program press keys.
        """
        self._connection = connection
        manager = connection.bind("zwp_virtual_keyboard_manager_v1")
        self._keyboard = connection.make(manager, _CREATE, before=uint(seat))
        self._load(_US_KEYMAP)

    def press(self, key: Key, *held: Key) -> None:
        """Press a key while others are held."""
        bits = 0
        for modifier in held:
            bits |= _BITS[modifier]
            self._send(modifier.code, _PRESSED)
            self._hold(bits)
        self._tap(key.code)
        for modifier in reversed(held):
            bits &= ~_BITS[modifier]
            self._send(modifier.code, _RELEASED)
            self._hold(bits)
        self._connection.sync()

    def strokes(self, text: str) -> Generator[Stroke]:
        """Give, for each character, the stroke of a key that is made to write it.

        The strokes are made one after another; that ends when the generator is closed.
        """
        try:
            for batch in batches(text):
                codes, keymap = keymap_for(batch)
                self._load(keymap)
                time.sleep(_KEYMAP_SETTLES_S)
                for letter in batch:
                    yield partial(self._tap, codes[letter])
                time.sleep(_KEYMAP_LASTS_S)
        finally:
            self._load(_US_KEYMAP)

    def _tap(self, key: int) -> None:
        self._send(key, _PRESSED)
        self._send(key, _RELEASED)
        self._connection.sync()
        time.sleep(_BETWEEN_KEYS_S)

    def _send(self, key: int, state: int) -> None:
        now_ms = time.monotonic_ns() // 1_000_000 & 0xFFFFFFFF
        self._connection.send(self._keyboard, _KEY, uint(now_ms) + uint(key) + uint(state))

    def _hold(self, bits: int) -> None:
        self._connection.send(self._keyboard, _MODIFIERS, uint(bits) + 3 * uint(0))

    def _load(self, keymap: str) -> None:
        data = keymap.encode("ascii") + b"\0"
        file = os.memfd_create("keymap")
        try:
            os.write(file, data)
            body = uint(_XKB_V1) + uint(len(data))
            self._connection.send(self._keyboard, _KEYMAP, body, file)
        finally:
            os.close(file)
        self._connection.sync()


def batches(text: str) -> Iterator[str]:
    """Cut text into pieces, each with no more different letters than one keymap has places."""
    batch, letters = "", set[str]()
    for letter in text:
        if len(letters | {letter}) > len(_PLACES):
            yield batch
            batch, letters = "", set()
        batch += letter
        letters.add(letter)
    if batch:
        yield batch


def keymap_for(batch: str) -> tuple[dict[str, int], str]:
    """Return the kernel's key code of each letter, and the XKB keymap that gives them."""
    letters = [letter for letter in dict.fromkeys(batch) if letter not in _FIXED]
    free = zip(letters, _PLACES.items(), strict=False)
    keys = {letter: (name, code, f"U{ord(letter):04X}") for letter, (name, code) in free} | _FIXED
    symbols = " ".join(f"key <{name}> {{ [ {symbol} ] }};" for name, _, symbol in keys.values())
    codes = {letter: code for letter, (_, code, _) in keys.items()}
    return codes, _TEXT_KEYMAP.format(symbols=symbols)
