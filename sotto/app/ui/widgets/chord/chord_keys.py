"""What Qt says about a key, in the names that hotkeys use."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from sotto.app.desktop.hotkeys import Modifier
from sotto.app.desktop.hotkeys.keys import KEYS

# On a Mac, Qt calls Command Control, and Control Meta.
_IS_MAC = sys.platform == "darwin"
_CONTROL, _META = (Modifier.SUPER, Modifier.CTRL) if _IS_MAC else (Modifier.CTRL, Modifier.SUPER)
_FLAGS = {
    Qt.KeyboardModifier.ControlModifier: _CONTROL,
    Qt.KeyboardModifier.AltModifier: Modifier.ALT,
    Qt.KeyboardModifier.ShiftModifier: Modifier.SHIFT,
    Qt.KeyboardModifier.MetaModifier: _META,
}
_MODIFIER_KEYS = {
    Qt.Key.Key_Control: _CONTROL,
    Qt.Key.Key_Alt: Modifier.ALT,
    Qt.Key.Key_AltGr: Modifier.ALT,
    Qt.Key.Key_Shift: Modifier.SHIFT,
    Qt.Key.Key_Meta: _META,
    Qt.Key.Key_Super_L: Modifier.SUPER,
    Qt.Key.Key_Super_R: Modifier.SUPER,
}
_NAMED = {
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Tab",  # what Shift makes of it
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "Page Up",
    Qt.Key.Key_PageDown: "Page Down",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Insert: "Insert",
    Qt.Key.Key_Help: "Insert",  # where Macs have it
    Qt.Key.Key_Pause: "Pause",
    Qt.Key.Key_ScrollLock: "Scroll Lock",
    Qt.Key.Key_Print: "Print",
    Qt.Key.Key_Menu: "Menu",
}
# Qt tells left from right only by the platform's own numbers.
_RIGHT_KEYSYMS = {
    0xFFE4: "Right Ctrl",
    0xFFEA: "Right Alt",
    0xFE03: "Right Alt",  # ISO_Level3_Shift: AltGr
    0xFFE2: "Right Shift",
    0xFFEC: "Right Super",
}
_RIGHT_SCAN_CODES = {0x11D: "Right Ctrl", 0x138: "Right Alt", 0x36: "Right Shift"}
_RIGHT_SCAN_CODES |= {0x15C: "Right Super"}
_DIGIT_ROW = dict(zip(range(10, 20), "1234567890", strict=True))  # key codes of X11, any layout


def modifier_of(event: QKeyEvent) -> Modifier | None:
    """Return the modifier that this key is, if it is one."""
    return _MODIFIER_KEYS.get(Qt.Key(event.key()))


def held(event: QKeyEvent) -> frozenset[Modifier]:
    """Return the modifiers that are held once the event has happened."""
    modifiers = {modifier for flag, modifier in _FLAGS.items() if flag in event.modifiers()}
    own = modifier_of(event)
    if own is not None:
        is_down = event.type() == event.Type.KeyPress
        modifiers = modifiers | {own} if is_down else modifiers - {own}
    return frozenset(modifiers)


def key_of(event: QKeyEvent) -> str | None:
    """Return the name of the key, or None where a hotkey cannot have it."""
    if modifier_of(event) is not None:
        return _right_modifier(event)
    if Qt.KeyboardModifier.KeypadModifier in event.modifiers() and not _IS_MAC:
        return None  # it has its own key codes; on a Mac the arrows say so, too
    key = event.key()
    character = chr(key) if key < 0x80 else ""
    return _NAMED.get(Qt.Key(key)) or _function_key(key) or _known(character) or _by_place(event)


def _function_key(key: int) -> str | None:
    return _known(f"F{key - Qt.Key.Key_F1 + 1}")


def _known(name: str) -> str | None:
    return name if name in KEYS else None


def _right_modifier(event: QKeyEvent) -> str | None:
    if sys.platform == "win32":
        return _RIGHT_SCAN_CODES.get(event.nativeScanCode())
    if _IS_MAC:
        return _by_place(event)
    return _RIGHT_KEYSYMS.get(event.nativeVirtualKey())


def _by_place(event: QKeyEvent) -> str | None:
    """Return the key by the platform's number, where Qt only tells what Shift made of it."""
    number = event.nativeVirtualKey()
    if sys.platform == "win32":
        return next((key.name for key in KEYS.values() if key.windows == number), None)
    if _IS_MAC:
        return next((key.name for key in KEYS.values() if key.mac == number), None)
    return _DIGIT_ROW.get(event.nativeScanCode())
