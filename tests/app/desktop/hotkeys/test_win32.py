"""What Windows tells of keys, recorded; and the hook, with scripted libraries of Windows."""

import ctypes
import queue
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from sotto.app.desktop.hotkeys import Chord, Modifier, open_hotkeys
from sotto.app.desktop.hotkeys.win32 import (
    WindowsHotkeys,
    WindowsKey,
    _HookEvent,
    held_modifiers,
    modifier_bits,
    read_event,
)
from sotto.errors import HotkeyError

SPACE, F9, RIGHT_CTRL = 0x20, 0x78, 0xA3
DOWN, UP, SYSTEM_DOWN, SYSTEM_UP = 0x100, 0x101, 0x104, 0x105


@pytest.mark.parametrize(
    ("message", "code", "flags", "told"),
    [
        (DOWN, F9, 0, WindowsKey(F9, True)),
        (UP, F9, 0x80, WindowsKey(F9, False)),
        (SYSTEM_DOWN, SPACE, 0x20, WindowsKey(SPACE, True)),  # while Alt is held
        (SYSTEM_UP, SPACE, 0xA0, WindowsKey(SPACE, False)),
        (DOWN, RIGHT_CTRL, 0x01, WindowsKey(RIGHT_CTRL, True)),
        (DOWN, 0x56, 0x10, None),  # Sotto pastes
        (0x200, 0, 0, None),
    ],
)
def test_events_are_read(message: int, code: int, flags: int, told: WindowsKey | None) -> None:
    assert read_event(message, code, flags) == told


def test_modifiers_are_named_both_ways() -> None:
    assert modifier_bits(Chord.parse("Ctrl+Alt+Space")) == 3
    assert modifier_bits(Chord.parse("Shift+Win+F9")) == 12
    assert held_modifiers({0x11, 0x5C}.__contains__) == {Modifier.CTRL, Modifier.SUPER}


class _Function:
    """A function of a library: callable, with room for its types."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)


class ScriptedWindows(SimpleNamespace):
    """`user32` and `kernel32` with one message queue, one hook and the chords that are taken."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self.down: set[int] = set()
        self.claimed: dict[int, tuple[int, int]] = {}
        self.taken = {(1 | 0x4000, 0x73)}  # Alt+F4
        self.hook: Any = None
        for name in vars(type(self)):
            if name[0].isupper():
                setattr(self, name, _Function(getattr(self, name)))

    def SetWindowsHookExW(self, _kind: int, hook: Any, _module: Any, _thread: int) -> int:  # noqa: N802
        self.hook = hook
        return 7

    def RegisterHotKey(self, _window: None, number: int, bits: int, code: int) -> bool:  # noqa: N802
        if (bits, code) in self.taken | set(self.claimed.values()):
            return False
        self.claimed[number] = (bits, code)
        return True

    def UnregisterHotKey(self, _window: None, number: int) -> None:  # noqa: N802
        self.claimed.pop(number, None)

    def GetMessageW(self, *_arguments: Any) -> int:  # noqa: N802
        message = self.messages.get()
        if message is None:
            return 0
        message()
        return 1

    def PostThreadMessageW(self, *_arguments: Any) -> None:  # noqa: N802
        self.messages.put(lambda: None)

    def PostQuitMessage(self, _code: int) -> None:  # noqa: N802
        self.messages.put(None)

    def GetAsyncKeyState(self, code: int) -> int:  # noqa: N802
        return -0x8000 if code in self.down else 0

    def PeekMessageW(self, *_arguments: Any) -> int:  # noqa: N802
        return 0

    def CallNextHookEx(self, *_arguments: Any) -> int:  # noqa: N802
        return 0

    def UnhookWindowsHookEx(self, _hook: int) -> None:  # noqa: N802
        self.hook = None

    def GetCurrentThreadId(self) -> int:  # noqa: N802
        return 1

    def GetModuleHandleW(self, _name: None) -> int:  # noqa: N802
        return 1

    def press(self, message: int, code: int) -> bool:
        """Have the hook handle an event; return whether other programs get it."""
        passed: queue.SimpleQueue[bool] = queue.SimpleQueue()
        event = ctypes.pointer(_HookEvent(code=code))
        self.messages.put(lambda: passed.put(self.hook(0, message, event) == 0))
        return passed.get(timeout=30)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> ScriptedWindows:
    windows = ScriptedWindows()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: windows)
    return windows


@pytest.fixture
def heard() -> list[tuple[str, bool]]:
    return []


@pytest.fixture
def hotkeys(windows: ScriptedWindows, heard: list[tuple[str, bool]]) -> Iterator[WindowsHotkeys]:
    hotkeys = WindowsHotkeys(lambda name, is_down: heard.append((name, is_down)))
    yield hotkeys
    hotkeys.close()


def test_a_chord_is_heard_and_kept_from_others(
    windows: ScriptedWindows, hotkeys: WindowsHotkeys, heard: list[tuple[str, bool]]
) -> None:
    hotkeys.bind("dictate", Chord.parse("Ctrl+Alt+Space"))
    assert windows.press(DOWN, SPACE)
    assert windows.press(UP, SPACE)
    windows.down = {0x11, 0x12}
    assert not windows.press(SYSTEM_DOWN, SPACE)
    assert not windows.press(SYSTEM_DOWN, SPACE)  # it repeats
    windows.down = set()
    assert not windows.press(UP, SPACE)
    assert heard == [("dictate", True), ("dictate", False)]


def test_a_modifier_alone_can_talk(
    windows: ScriptedWindows, hotkeys: WindowsHotkeys, heard: list[tuple[str, bool]]
) -> None:
    hotkeys.bind("talk", Chord.parse("Right Ctrl"))
    assert windows.claimed == {}
    assert not windows.press(DOWN, RIGHT_CTRL)
    assert not windows.press(UP, RIGHT_CTRL)
    assert heard == [("talk", True), ("talk", False)]


def test_a_chord_of_another_program_is_refused_and_the_former_one_stays(
    windows: ScriptedWindows, hotkeys: WindowsHotkeys, heard: list[tuple[str, bool]]
) -> None:
    hotkeys.bind("dictate", Chord.parse("F9"))
    with pytest.raises(HotkeyError, match=r"Alt.F4 is taken by another program"):
        hotkeys.bind("dictate", Chord.parse("Alt+F4"))
    assert not windows.press(DOWN, F9)
    assert heard == [("dictate", True)]


def test_unbinding_gives_the_claim_back_and_owes_the_release(
    windows: ScriptedWindows, hotkeys: WindowsHotkeys, heard: list[tuple[str, bool]]
) -> None:
    hotkeys.bind("dictate", Chord.parse("F9"))
    assert list(windows.claimed.values()) == [(0x4000, F9)]
    windows.press(DOWN, F9)
    hotkeys.unbind("dictate")
    assert windows.claimed == {}
    assert heard == [("dictate", True), ("dictate", False)]


def test_binding_the_same_chord_again_keeps_it(
    windows: ScriptedWindows, hotkeys: WindowsHotkeys
) -> None:
    hotkeys.bind("dictate", Chord.parse("F9"))
    hotkeys.bind("dictate", Chord.parse("F9"))
    assert len(windows.claimed) == 1
    with pytest.raises(HotkeyError, match="already does something"):
        hotkeys.bind("cancel", Chord.parse("F9"))


def test_a_closed_one_has_no_hook_and_refuses(
    windows: ScriptedWindows, hotkeys: WindowsHotkeys
) -> None:
    hotkeys.bind("dictate", Chord.parse("F9"))
    hotkeys.close()
    assert windows.hook is None
    assert windows.claimed == {}
    with pytest.raises(HotkeyError, match="closed"):
        hotkeys.bind("dictate", Chord.parse("F9"))


def test_a_hook_that_windows_refuses_is_told(
    windows: ScriptedWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "SetWindowsHookExW", _Function(lambda *_: None))
    with pytest.raises(HotkeyError, match="does not let Sotto hear keys"):
        WindowsHotkeys(lambda *_: None)


def test_windows_gets_the_hook(windows: ScriptedWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Windows")
    hotkeys = open_hotkeys(lambda *_: None)
    assert isinstance(hotkeys, WindowsHotkeys)
    hotkeys.close()
