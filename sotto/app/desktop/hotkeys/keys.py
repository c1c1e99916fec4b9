"""Keys that a hotkey may have: their names, and what each platform calls them.

Names of X11: https://cgit.freedesktop.org/xorg/proto/x11proto/tree/keysymdef.h
Windows: https://learn.microsoft.com/windows/win32/inputdev/virtual-key-codes
macOS: `HIToolbox/Events.h`, kVK_…; its letters and marks are places on a US keyboard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Modifier(StrEnum):
    """A key that is held while another is pressed, in the order in which they are written."""

    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"
    SUPER = "Super"


@dataclass(frozen=True, slots=True)
class Key:
    """One key, as people call it and as each platform does.

    Attributes:
        name: how it is shown and stored, such as `Page Up`.
        keysyms: its X11 names; layouts differ, the first one present counts.
        windows: virtual-key code.
        mac: virtual key code; None where Mac keyboards lack the key.
        edits: whether text cannot be written without it, so that it needs Ctrl, Alt or Super.
        modifier: what it does to other keys while it is held, if anything.
    """

    name: str
    keysyms: tuple[str, ...]
    windows: int
    mac: int | None = None
    edits: bool = False
    modifier: Modifier | None = None


# kVK_ANSI_A is 0; the numbers follow the places of the keys on the first Macintosh.
_MAC_LETTERS = {
    **dict(zip("ASDFHGZXCV", range(10), strict=True)),
    **dict(zip("BQWERYT", range(11, 18), strict=True)),
    **dict(zip("OUIPLJKNM", (31, 32, 34, 35, 37, 38, 40, 45, 46), strict=True)),
}
_MAC_DIGITS = dict(zip("1234657980", (18, 19, 20, 21, 22, 23, 26, 28, 25, 29), strict=True))
_MAC_FUNCTION = {
    **dict(enumerate((122, 120, 99, 118, 96, 97, 98, 100, 101, 109, 103, 111), start=1)),
    **dict(enumerate((105, 107, 113, 106, 64, 79, 80, 90), start=13)),  # F20 is the last one
}

_MARKS = (
    Key("-", ("minus",), 0xBD, 27, edits=True),
    Key("=", ("equal",), 0xBB, 24, edits=True),
    Key("[", ("bracketleft",), 0xDB, 33, edits=True),
    Key("]", ("bracketright",), 0xDD, 30, edits=True),
    Key("\\", ("backslash",), 0xDC, 42, edits=True),
    Key(";", ("semicolon",), 0xBA, 41, edits=True),
    Key("'", ("apostrophe",), 0xDE, 39, edits=True),
    Key("`", ("grave",), 0xC0, 50, edits=True),
    Key(",", ("comma",), 0xBC, 43, edits=True),
    Key(".", ("period",), 0xBE, 47, edits=True),
    Key("/", ("slash",), 0xBF, 44, edits=True),
)
_NAMED = (
    Key("Space", ("space",), 0x20, 49, edits=True),
    Key("Enter", ("Return",), 0x0D, 36, edits=True),
    Key("Tab", ("Tab",), 0x09, 48, edits=True),
    Key("Backspace", ("BackSpace",), 0x08, 51, edits=True),
    Key("Delete", ("Delete",), 0x2E, 117, edits=True),
    Key("Left", ("Left",), 0x25, 123, edits=True),
    Key("Right", ("Right",), 0x27, 124, edits=True),
    Key("Up", ("Up",), 0x26, 126, edits=True),
    Key("Down", ("Down",), 0x28, 125, edits=True),
    Key("Home", ("Home",), 0x24, 115, edits=True),
    Key("End", ("End",), 0x23, 119, edits=True),
    Key("Page Up", ("Prior",), 0x21, 116, edits=True),
    Key("Page Down", ("Next",), 0x22, 121, edits=True),
    Key("Escape", ("Escape",), 0x1B, 53),
    Key("Insert", ("Insert",), 0x2D, 114),
    Key("Pause", ("Pause",), 0x13),
    Key("Scroll Lock", ("Scroll_Lock",), 0x91),
    Key("Print", ("Print",), 0x2C),
    Key("Menu", ("Menu",), 0x5D, 110),
)
# Only those at the right: whoever gave away a left one could not press Ctrl+C any more.
_MODIFIERS = (
    Key("Right Ctrl", ("Control_R",), 0xA3, 62, modifier=Modifier.CTRL),
    Key("Right Alt", ("Alt_R", "ISO_Level3_Shift"), 0xA5, 61, modifier=Modifier.ALT),
    Key("Right Shift", ("Shift_R",), 0xA1, 60, modifier=Modifier.SHIFT),
    Key("Right Super", ("Super_R",), 0x5C, 54, modifier=Modifier.SUPER),
)

# Friendly names, lower case and without spaces, beside the keys' own.
_ALIASES = {
    "esc": "Escape",
    "return": "Enter",
    "del": "Delete",
    "ins": "Insert",
    "pgup": "Page Up",
    "pgdn": "Page Down",
    "pgdown": "Page Down",
    "spacebar": "Space",
    "break": "Pause",
    "printscreen": "Print",
    "prtsc": "Print",
    "apps": "Menu",
    "application": "Menu",
    "minus": "-",
    "equal": "=",
    "comma": ",",
    "period": ".",
    "slash": "/",
    "backslash": "\\",
    "semicolon": ";",
    "apostrophe": "'",
    "grave": "`",
    "altgr": "Right Alt",
    "rightoption": "Right Alt",
    "rightcontrol": "Right Ctrl",
    "rightwin": "Right Super",
    "rightmeta": "Right Super",
    "rightcmd": "Right Super",
    "rightcommand": "Right Super",
}


def _letters_and_digits() -> Iterator[Key]:
    for letter, mac in sorted(_MAC_LETTERS.items()):
        yield Key(letter, (letter.lower(),), ord(letter), mac, edits=True)
    for digit, mac in sorted(_MAC_DIGITS.items()):
        yield Key(digit, (digit,), ord(digit), mac, edits=True)


def _function_keys() -> Iterator[Key]:
    for number in range(1, 25):
        yield Key(f"F{number}", (f"F{number}",), 0x6F + number, _MAC_FUNCTION.get(number))


KEYS = {
    key.name: key
    for key in (*_letters_and_digits(), *_function_keys(), *_MARKS, *_NAMED, *_MODIFIERS)
}


def find_key(text: str) -> Key | None:
    """Return the key that people may mean by `text`: `esc`, `PageUp`, `Control_R`, `a`."""
    return _BY_SQUEEZED.get(_squeezed(text))


def _squeezed(name: str) -> str:
    """Return `name` without case, spaces and underscores."""
    return name.lower().replace(" ", "").replace("_", "")


# X11's names, too: they are what other programs' settings and documentation use.
_BY_SQUEEZED = {_squeezed(keysym): key for key in KEYS.values() for keysym in key.keysyms}
_BY_SQUEEZED |= {_squeezed(name): key for name, key in KEYS.items()}
_BY_SQUEEZED |= {alias: KEYS[name] for alias, name in _ALIASES.items()}
