"""Hotkeys on Windows: RegisterHotKey claims a chord, a low-level hook hears and swallows it.

RegisterHotKey tells whether another program has the chord, and keeps it from others; it knows
nothing of releases. The hook hears presses and releases of every key, before hotkeys do.

Untried: no Windows was at hand. What it makes of events is tested with recorded ones.

https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-registerhotkey
https://learn.microsoft.com/windows/win32/winmsg/lowlevelkeyboardproc
"""

import contextlib
import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from typing import Any

from sotto.app.desktop.hotkeys.chord import Chord, taken
from sotto.app.desktop.hotkeys.handover import CLOSED, Handover
from sotto.app.desktop.hotkeys.keys import KEYS, Modifier
from sotto.app.desktop.hotkeys.matcher import Matcher
from sotto.errors import HotkeyError

# `WinUser.h`
_WH_KEYBOARD_LL = 13
_WM_APP = 0x8000
_KEY_DOWN = (0x100, 0x104)  # WM_KEYDOWN, WM_SYSKEYDOWN
_KEY_UP = (0x101, 0x105)
_INJECTED = 0x10  # LLKHF_INJECTED: pressed by a program, such as Sotto itself
_MOD_NO_REPEAT = 0x4000
_MODIFIER_BITS = {Modifier.ALT: 1, Modifier.CTRL: 2, Modifier.SHIFT: 4, Modifier.SUPER: 8}
_MODIFIER_KEYS = {
    Modifier.ALT: (0x12,),
    Modifier.CTRL: (0x11,),
    Modifier.SHIFT: (0x10,),
    Modifier.SUPER: (0x5B, 0x5C),  # left and right have no common code
}
_IS_DOWN = 0x8000  # of GetAsyncKeyState

_REFUSED = "Windows does not let Sotto hear keys; end other programs that watch them."


class _HookEvent(ctypes.Structure):
    """KBDLLHOOKSTRUCT."""

    _fields_ = (
        ("code", ctypes.c_uint32),
        ("scan_code", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_void_p),
    )


# 64-bit Windows has one calling convention, so the plain types of ctypes do.
_HOOK = ctypes.CFUNCTYPE(
    ctypes.c_ssize_t, ctypes.c_int, ctypes.c_size_t, ctypes.POINTER(_HookEvent)
)


@dataclass(frozen=True, slots=True)
class WindowsKey:
    """A key goes down or up."""

    code: int
    is_down: bool


def read_event(message: int, code: int, flags: int) -> WindowsKey | None:
    """Return what the hook was told of a key; None where a program pressed it.

    Args:
        message: WM_KEYDOWN and so on.
        code: virtual-key code, which tells left from right.
        flags: of KBDLLHOOKSTRUCT.
    """
    if flags & _INJECTED or message not in {*_KEY_DOWN, *_KEY_UP}:
        return None
    return WindowsKey(code, message in _KEY_DOWN)


def modifier_bits(chord: Chord) -> int:
    """Return the modifiers as RegisterHotKey wants them."""
    return sum(_MODIFIER_BITS[modifier] for modifier in chord.modifiers)


def held_modifiers(is_down: Callable[[int], bool]) -> frozenset[Modifier]:
    """Return the modifiers of which a key is down."""
    return frozenset(
        modifier for modifier, codes in _MODIFIER_KEYS.items() if any(map(is_down, codes))
    )


class WindowsHotkeys:
    """Hotkeys of a Windows session. The thread with the message loop owns everything here.

    It calls `heard`, which must return at once: Windows drops a hook that takes 0.3 s.
    """

    binds_at_once = True

    def __init__(self, heard: Callable[[str, bool], None]) -> None:
        """Set the hook.

        Raises:
            HotkeyError: Windows refuses it.
        """
        self._user32 = _user32()
        self._kernel32 = _kernel32()
        self._heard = heard
        self._matcher = Matcher()
        self._claims: dict[str, int] = {}
        self._numbers = count(1)
        self._procedure = _HOOK(self._on_event)  # kept here: Windows holds only its address
        self._hook: Any = None
        self._thread_id = 0
        self._handover = Handover(self._wake)
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=[opened], name="hotkeys", daemon=True
        )
        self._thread.start()
        opened.result()

    def bind(self, name: str, chord: Chord) -> None:
        """Hear `chord` as `name`, in place of what `name` was; where refused, that stays.

        Raises:
            HotkeyError: another program has the chord.
        """
        self._handover.do(lambda: self._bind(name, chord))

    def unbind(self, name: str) -> None:
        """Give the chord back to other programs; a release that is owed is heard before."""
        self._handover.do(lambda: self._unbind(name))

    def trigger_description(self, name: str) -> str:  # noqa: ARG002 (see `Hotkeys`)
        """See `Hotkeys.trigger_description`."""
        return ""

    def close(self) -> None:
        """Take the hook away and end the thread."""
        with contextlib.suppress(HotkeyError):  # it ended before
            self._handover.do(self._close)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _wake(self) -> None:
        self._user32.PostThreadMessageW(self._thread_id, _WM_APP, 0, 0)

    # What follows runs on the thread.

    def _run(self, opened: "Future[None]") -> None:
        message = ctypes.create_string_buffer(64)  # room for a MSG, which is 48 bytes
        # Makes the queue that messages to a thread need.
        self._user32.PeekMessageW(message, None, _WM_APP, _WM_APP, 0)
        self._thread_id = self._kernel32.GetCurrentThreadId()
        module = self._kernel32.GetModuleHandleW(None)
        self._hook = self._user32.SetWindowsHookExW(_WH_KEYBOARD_LL, self._procedure, module, 0)
        if not self._hook:
            opened.set_exception(HotkeyError(_REFUSED))
            return
        opened.set_result(None)
        while self._user32.GetMessageW(message, None, 0, 0) > 0:
            self._handover.run_waiting()
        self._handover.end(CLOSED)

    def _on_event(self, code: int, message: int, event: Any) -> int:
        """LowLevelKeyboardProc: a result other than zero keeps the event from everybody else."""
        if code == 0:
            key = read_event(message, event.contents.code, event.contents.flags)
            if key is not None and self._takes(key):
                return 1
        return int(self._user32.CallNextHookEx(None, code, message, event))

    def _takes(self, key: WindowsKey) -> bool:
        was_held = self._matcher.holds(key.code)
        name = self._matcher.key(key.code, key.is_down, held_modifiers(self._is_down))
        if name is not None:
            self._heard(name, key.is_down)
        return was_held or self._matcher.holds(key.code)

    def _is_down(self, code: int) -> bool:
        return bool(self._user32.GetAsyncKeyState(code) & _IS_DOWN)

    def _bind(self, name: str, chord: Chord) -> None:
        self._matcher.check_free(name, chord)
        if self._matcher.chords.get(name) == chord:
            return
        claim = self._claim(chord)
        self._unbind(name)
        self._claims[name] = claim
        self._matcher.bind(name, chord, [KEYS[chord.key].windows])

    def _claim(self, chord: Chord) -> int:
        """Return the number under which Windows has noted the chord.

        A modifier alone cannot be noted, so that nobody has it, and Sotto only hears it.
        """
        number = next(self._numbers)
        key = KEYS[chord.key]
        bits = modifier_bits(chord) | _MOD_NO_REPEAT
        if not (key.modifier or self._user32.RegisterHotKey(None, number, bits, key.windows)):
            raise taken(chord)
        return number

    def _unbind(self, name: str) -> None:
        if name in self._claims:
            self._user32.UnregisterHotKey(None, self._claims.pop(name))
        if self._matcher.unbind(name):
            self._heard(name, False)

    def _close(self) -> None:
        for name in self._matcher.chords:
            self._unbind(name)
        self._user32.UnhookWindowsHookEx(self._hook)
        self._user32.PostQuitMessage(0)


def _user32() -> Any:
    """Return the library, told of what is not a 32-bit integer."""
    library = ctypes.CDLL("user32")
    event = ctypes.POINTER(_HookEvent)
    library.SetWindowsHookExW.argtypes = (ctypes.c_int, _HOOK, ctypes.c_void_p, ctypes.c_uint32)
    library.SetWindowsHookExW.restype = ctypes.c_void_p
    library.UnhookWindowsHookEx.argtypes = (ctypes.c_void_p,)
    library.CallNextHookEx.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t, event)
    library.CallNextHookEx.restype = ctypes.c_ssize_t
    return library


def _kernel32() -> Any:
    library = ctypes.CDLL("kernel32")
    library.GetModuleHandleW.restype = ctypes.c_void_p
    return library
