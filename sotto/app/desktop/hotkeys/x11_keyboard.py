"""The keyboard as an X server maps it: which codes a key has, which bits its modifiers."""

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_

from Xlib import XK, X
from Xlib.display import Display

from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.keys import KEYS, Modifier
from sotto.errors import HotkeyError

XK.load_keysym_group("xkb")  # ISO_Level3_Shift, which AltGr is

_MODIFIER_KEYSYMS = {
    Modifier.ALT: ("Alt_L", "Alt_R"),
    Modifier.SUPER: ("Super_L", "Super_R"),
}
_LOCK_KEYSYMS = ("Num_Lock", "Scroll_Lock")


class KeyMissingError(HotkeyError):
    """The keyboard, as it is mapped now, has no key of that name."""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The mapping at one time; `read` it again when the server says that it has changed."""

    codes: dict[str, tuple[int, ...]]  # name of the key -> its key codes, which may be none
    masks: dict[Modifier, int]  # zero where no key has that modifier
    locks: tuple[int, ...]  # Caps Lock, Num Lock and so on: bits that must not matter

    @classmethod
    def read(cls, display: Display) -> "Keyboard":
        """Ask the server."""
        bits = _modifier_bits(display)
        masks = {Modifier.CTRL: X.ControlMask, Modifier.SHIFT: X.ShiftMask}
        masks |= {
            modifier: _mask(display, bits, names) for modifier, names in _MODIFIER_KEYSYMS.items()
        }
        locks = {X.LockMask} | {_mask(display, bits, (name,)) for name in _LOCK_KEYSYMS}
        return cls(
            {name: _codes(display, key.keysyms) for name, key in KEYS.items()},
            masks,
            # A bit that a wanted modifier shares is no lock.
            tuple(sorted(locks - {0} - set(masks.values()))),
        )

    def key_codes(self, chord: Chord) -> tuple[int, ...]:
        """Return the codes of the chord's key.

        Raises:
            KeyMissingError: this keyboard has no such key.
        """
        if not self.codes[chord.key]:
            raise KeyMissingError(
                f"This keyboard has no key {chord.key}; choose another key than {chord}."
            )
        return self.codes[chord.key]

    def mask(self, chord: Chord) -> int:
        """Return the bits of the chord's modifiers.

        Raises:
            KeyMissingError: this keyboard lacks one of them.
        """
        for modifier in chord.modifiers:
            if not self.masks[modifier]:
                raise KeyMissingError(
                    f"This keyboard has no key {modifier}; choose another key than {chord}."
                )
        return reduce(or_, (self.masks[modifier] for modifier in chord.modifiers), 0)

    def with_locks(self, mask: int) -> list[int]:
        """Return `mask` with each combination of locks."""
        return [
            reduce(or_, locks, mask)
            for count in range(len(self.locks) + 1)
            for locks in combinations(self.locks, count)
        ]

    def modifiers(self, state: int) -> frozenset[Modifier]:
        """Return the modifiers in the state of an event."""
        return frozenset(modifier for modifier, mask in self.masks.items() if mask & state)


def _modifier_bits(display: Display) -> dict[int, int]:
    """Return the modifier bit of each key code that has one."""
    rows = display.get_modifier_mapping()
    return {code: 1 << index for index, codes in enumerate(rows) for code in codes if code}


def _mask(display: Display, bits: dict[int, int], names: tuple[str, ...]) -> int:
    codes = (code for name in names for code in _codes(display, (name,)))
    return next((bits[code] for code in codes if code in bits), 0)


def _codes(display: Display, keysyms: tuple[str, ...]) -> tuple[int, ...]:
    """Return the codes of the first keysym present, on the lowest level at which it is."""
    for name in keysyms:
        found = list(display.keysym_to_keycodes(XK.string_to_keysym(name)))
        if found:
            lowest = min(level for _code, level in found)
            return tuple(code for code, level in found if level == lowest)
    return ()
