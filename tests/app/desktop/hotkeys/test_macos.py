"""What macOS tells of keys, recorded; and the tap, with a scripted Quartz in place of Apple's."""

import queue
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from sotto.app.desktop.hotkeys import Chord, Modifier, macos, open_hotkeys
from sotto.app.desktop.hotkeys.macos import MacHotkeys, MacKey, key_code, read_event
from sotto.errors import HotkeyError

SPACE, RIGHT_CTRL, LEFT_CTRL = 49, 62, 59
NON_COALESCED = 0x100  # a flag that every event carries
CTRL_ALT = 0x40000 | 0x1 | 0x80000 | 0x20 | NON_COALESCED  # with the bits of the left keys


@pytest.mark.parametrize(
    ("kind", "code", "flags", "told"),
    [
        (10, SPACE, CTRL_ALT, MacKey(SPACE, True, frozenset({Modifier.CTRL, Modifier.ALT}))),
        (11, SPACE, NON_COALESCED, MacKey(SPACE, False, frozenset())),
        (10, 101, 0x120108, MacKey(101, True, frozenset({Modifier.SUPER, Modifier.SHIFT}))),
        (12, RIGHT_CTRL, 0x42100, MacKey(RIGHT_CTRL, True, frozenset())),
        (12, RIGHT_CTRL, 0x100, MacKey(RIGHT_CTRL, False, frozenset())),
        (12, 61, 0x80140, MacKey(61, True, frozenset())),
        (12, 54, 0x120112, MacKey(54, True, frozenset({Modifier.SHIFT}))),
        (12, LEFT_CTRL, 0x40101, None),
        (12, 57, 0x10100, None),  # Caps Lock
        (1, 0, 0, None),  # a mouse button
    ],
)
def test_events_are_read(kind: int, code: int, flags: int, told: MacKey | None) -> None:
    assert read_event(kind, code, flags) == told


def test_a_key_that_macs_lack_is_refused() -> None:
    assert key_code(Chord.parse("Ctrl+Alt+Space")) == SPACE
    with pytest.raises(HotkeyError, match="A Mac has no key Pause"):
        key_code(Chord.parse("Pause"))


class ScriptedQuartz(SimpleNamespace):
    """A run loop and an event tap, as `Quartz` names them."""

    def __init__(self, *, is_allowed: bool) -> None:
        names = (
            "kCGSessionEventTap",
            "kCGHeadInsertEventTap",
            "kCGEventTapOptionDefault",
            "kCFRunLoopCommonModes",
            "kCGKeyboardEventKeycode",
        )
        super().__init__(**dict.fromkeys(names, 0))
        self.jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self.enabled: list[bool] = []
        self.CGEventTapCreate = self._create if is_allowed else lambda *_: None
        self.CGEventMaskBit = lambda kind: 1 << kind
        self.CFRunLoopGetCurrent = object
        self.CFMachPortCreateRunLoopSource = lambda *_: "source"
        self.CFRunLoopAddSource = lambda *_: None
        self.CFRunLoopWakeUp = lambda _loop: None
        self.CFRunLoopPerformBlock = lambda _loop, _mode, block: self.jobs.put(block)
        self.CFRunLoopStop = lambda _loop: self.jobs.put(None)
        self.CGEventTapEnable = lambda _tap, enabled: self.enabled.append(enabled)
        self.CGEventGetIntegerValueField = lambda event, _field: event[0]
        self.CGEventGetFlags = lambda event: event[1]

    def _create(self, *arguments: Any) -> str:
        self.mask, self.callback = arguments[3:5]
        return "tap"

    def CFRunLoopRun(self) -> None:  # noqa: N802  # Apple's name
        while (job := self.jobs.get()) is not None:
            job()

    def press(self, kind: int, code: int, flags: int) -> bool:
        """Have the tap handle an event; return whether other programs get it."""
        passed: queue.SimpleQueue[bool] = queue.SimpleQueue()
        event = (code, flags)
        self.jobs.put(lambda: passed.put(self.callback(None, kind, event, None) is event))
        return passed.get(timeout=30)


@pytest.fixture
def quartz(monkeypatch: pytest.MonkeyPatch) -> ScriptedQuartz:
    quartz = ScriptedQuartz(is_allowed=True)
    monkeypatch.setitem(sys.modules, "Quartz", quartz)
    return quartz


@pytest.fixture
def heard() -> list[tuple[str, bool]]:
    return []


@pytest.fixture
def hotkeys(quartz: ScriptedQuartz, heard: list[tuple[str, bool]]) -> Iterator[MacHotkeys]:
    hotkeys = MacHotkeys(lambda name, is_down: heard.append((name, is_down)))
    yield hotkeys
    hotkeys.close()


def test_a_chord_is_heard_and_kept_from_others(
    quartz: ScriptedQuartz, hotkeys: MacHotkeys, heard: list[tuple[str, bool]]
) -> None:
    assert quartz.mask == 1 << 10 | 1 << 11 | 1 << 12
    hotkeys.bind("dictate", Chord.parse("Ctrl+Alt+Space"))
    assert not quartz.press(10, SPACE, CTRL_ALT)
    assert not quartz.press(10, SPACE, CTRL_ALT)  # it repeats
    assert not quartz.press(11, SPACE, NON_COALESCED)
    assert heard == [("dictate", True), ("dictate", False)]
    assert quartz.press(10, SPACE, NON_COALESCED)
    assert quartz.press(11, SPACE, NON_COALESCED)


def test_unbinding_owes_the_release_and_gives_the_key_back(
    quartz: ScriptedQuartz, hotkeys: MacHotkeys, heard: list[tuple[str, bool]]
) -> None:
    hotkeys.bind("talk", Chord.parse("Right Ctrl"))
    assert not quartz.press(12, RIGHT_CTRL, 0x42100)
    hotkeys.unbind("talk")
    assert heard == [("talk", True), ("talk", False)]
    assert not quartz.press(12, RIGHT_CTRL, 0x100)
    assert quartz.press(12, RIGHT_CTRL, 0x42100)


def test_a_tap_that_was_too_slow_is_switched_on_again(
    quartz: ScriptedQuartz, hotkeys: MacHotkeys
) -> None:
    quartz.enabled.clear()
    assert quartz.press(0xFFFFFFFE, 0, 0)
    assert quartz.enabled == [True]


def test_one_chord_has_one_meaning(hotkeys: MacHotkeys) -> None:
    hotkeys.bind("dictate", Chord.parse("F9"))
    with pytest.raises(HotkeyError, match="already does something"):
        hotkeys.bind("cancel", Chord.parse("F9"))


def test_a_closed_one_refuses(quartz: ScriptedQuartz, hotkeys: MacHotkeys) -> None:
    hotkeys.close()
    with pytest.raises(HotkeyError, match="closed"):
        hotkeys.bind("dictate", Chord.parse("F9"))
    assert quartz.enabled[-1] is False


def test_where_to_allow_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Quartz", ScriptedQuartz(is_allowed=False))
    with pytest.raises(HotkeyError, match="Accessibility"):
        MacHotkeys(lambda *_: None)


def test_macs_get_the_tap(quartz: ScriptedQuartz, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    hotkeys = open_hotkeys(lambda *_: None)
    assert isinstance(hotkeys, macos.MacHotkeys)
    hotkeys.close()
