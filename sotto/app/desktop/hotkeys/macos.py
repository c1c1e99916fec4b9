"""Hotkeys on macOS, by an event tap that hears every key and swallows those of a chord.

Untried: no Mac was at hand. What it makes of events is tested with recorded ones.

The tap gets nothing while another program reads a password (secure keyboard entry).
https://developer.apple.com/documentation/coregraphics/quartz_event_services
"""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.handover import CLOSED, Handover
from sotto.app.desktop.hotkeys.keys import KEYS, Modifier
from sotto.app.desktop.hotkeys.matcher import Matcher
from sotto.errors import HotkeyError

# `CGEventTypes.h`
KEY_DOWN, KEY_UP, FLAGS_CHANGED = 10, 11, 12
_TAP_DISABLED = (0xFFFFFFFE, 0xFFFFFFFF)  # by timeout, by user input
_FLAGS = {
    Modifier.SHIFT: 0x20000,
    Modifier.CTRL: 0x40000,
    Modifier.ALT: 0x80000,
    Modifier.SUPER: 0x100000,
}
# `IOLLEvent.h`: which of two modifier keys is down, by key code.
_DEVICE_FLAGS = {62: 0x2000, 61: 0x40, 60: 0x4, 54: 0x10}
_MODIFIER_OF = {key.mac: key.modifier for key in KEYS.values() if key.modifier}

_NOT_ALLOWED = (
    "macOS does not let Sotto hear keys; allow it in System Settings, under Privacy & Security, "
    "Accessibility; then start Sotto again."
)


@dataclass(frozen=True, slots=True)
class MacKey:
    """A key goes down or up while modifiers are held; the key itself is not among them."""

    code: int
    is_down: bool
    modifiers: frozenset[Modifier]


def read_event(kind: int, code: int, flags: int) -> MacKey | None:
    """Return what an event says of a key that can be a hotkey.

    Args:
        kind: CGEventType.
        code: the field kCGKeyboardEventKeycode.
        flags: CGEventFlags.
    """
    modifiers = frozenset(modifier for modifier, mask in _FLAGS.items() if flags & mask)
    if kind in {KEY_DOWN, KEY_UP}:
        return MacKey(code, kind == KEY_DOWN, modifiers)
    if kind == FLAGS_CHANGED and code in _DEVICE_FLAGS:
        own = {_MODIFIER_OF[code]}
        return MacKey(code, bool(flags & _DEVICE_FLAGS[code]), modifiers - own)
    return None


def key_code(chord: Chord) -> int:
    """Return the virtual key code of the chord's key.

    Raises:
        HotkeyError: Mac keyboards have no such key.
    """
    code = KEYS[chord.key].mac
    if code is None:
        raise HotkeyError(f"A Mac has no key {chord.key}; choose another key than {chord}.")
    return code


class MacHotkeys:
    """Hotkeys of a Mac session. The thread that runs the tap owns everything here.

    It calls `heard`, which must return at once: macOS switches off a tap that is slow.
    """

    binds_at_once = True

    def __init__(self, heard: Callable[[str, bool], None]) -> None:
        """Set the tap up.

        Raises:
            HotkeyError: the user has not allowed it; the message says where to.
        """
        import Quartz  # noqa: PLC0415  # on Macs only

        self._quartz: Any = Quartz
        self._heard = heard
        self._matcher = Matcher()
        self._tap: Any = None
        self._loop: Any = None
        self._handover = Handover(self._wake)
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=[opened], name="hotkeys", daemon=True
        )
        self._thread.start()
        opened.result()

    def bind(self, name: str, chord: Chord) -> None:
        """Hear `chord` as `name`, in place of what `name` was.

        macOS cannot tell whether another program has the chord; Sotto comes first.

        Raises:
            HotkeyError: Macs have no such key.
        """
        code = key_code(chord)
        self._handover.do(lambda: self._bind(name, chord, code))

    def unbind(self, name: str) -> None:
        """Give the chord back to other programs; a release that is owed is heard before."""
        self._handover.do(lambda: self._unbind(name))

    def trigger_description(self, name: str) -> str:  # noqa: ARG002 (see `Hotkeys`)
        """See `Hotkeys.trigger_description`."""
        return ""

    def close(self) -> None:
        """Take the tap away and end the thread."""
        with contextlib.suppress(HotkeyError):  # it ended before
            self._handover.do(self._close)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _wake(self) -> None:
        quartz = self._quartz
        quartz.CFRunLoopPerformBlock(
            self._loop, quartz.kCFRunLoopCommonModes, self._handover.run_waiting
        )
        quartz.CFRunLoopWakeUp(self._loop)

    # What follows runs on the thread.

    def _run(self, opened: "Future[None]") -> None:
        try:
            self._open()
        except HotkeyError as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        self._quartz.CFRunLoopRun()
        self._handover.end(CLOSED)

    def _open(self) -> None:
        quartz = self._quartz
        kinds = (KEY_DOWN, KEY_UP, FLAGS_CHANGED)
        self._tap = quartz.CGEventTapCreate(
            quartz.kCGSessionEventTap,
            quartz.kCGHeadInsertEventTap,
            quartz.kCGEventTapOptionDefault,  # not a mere listener: what it takes is gone
            sum(quartz.CGEventMaskBit(kind) for kind in kinds),
            self._on_event,
            None,
        )
        if self._tap is None:
            raise HotkeyError(_NOT_ALLOWED)
        self._loop = quartz.CFRunLoopGetCurrent()
        source = quartz.CFMachPortCreateRunLoopSource(None, self._tap, 0)
        quartz.CFRunLoopAddSource(self._loop, source, quartz.kCFRunLoopCommonModes)
        quartz.CGEventTapEnable(self._tap, True)

    def _on_event(self, _proxy: Any, kind: int, event: Any, _info: Any) -> Any:
        """Return the event for others, or None to keep it."""
        quartz = self._quartz
        if kind in _TAP_DISABLED:
            quartz.CGEventTapEnable(self._tap, True)
            return event
        code = quartz.CGEventGetIntegerValueField(event, quartz.kCGKeyboardEventKeycode)
        key = read_event(kind, code, quartz.CGEventGetFlags(event))
        return None if key is not None and self._takes(key) else event

    def _takes(self, key: MacKey) -> bool:
        was_held = self._matcher.holds(key.code)
        name = self._matcher.key(key.code, key.is_down, key.modifiers)
        if name is not None:
            self._heard(name, key.is_down)
        return was_held or self._matcher.holds(key.code)

    def _bind(self, name: str, chord: Chord, code: int) -> None:
        self._matcher.check_free(name, chord)
        self._unbind(name)
        self._matcher.bind(name, chord, [code])

    def _unbind(self, name: str) -> None:
        if self._matcher.unbind(name):
            self._heard(name, False)

    def _close(self) -> None:
        for name in self._matcher.chords:
            self._unbind(name)
        self._quartz.CGEventTapEnable(self._tap, False)
        self._quartz.CFRunLoopStop(self._loop)
