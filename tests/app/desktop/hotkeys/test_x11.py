"""Hotkeys on a real X server with a real window manager and a real other application."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display

from sotto.app.desktop.hotkeys import Chord, open_hotkeys
from sotto.app.desktop.hotkeys.x11 import X11Hotkeys
from sotto.app.desktop.hotkeys.x11_keyboard import Keyboard
from sotto.errors import HotkeyError
from tools.fixtures.x_server import x_server

WITHIN_S = 60
CTRL_ALT_SPACE = Chord.parse("Ctrl+Alt+Space")
F9 = Chord.parse("F9")
ESCAPE = Chord.parse("Escape")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with x_server() as display:
        yield display


class Ears:
    """Collects what hotkeys say, in their thread."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bool]] = []
        self.lost: list[str] = []

    def hear(self, name: str, is_down: bool) -> None:
        self.heard.append((name, is_down))


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def hotkeys(display: str, ears: Ears) -> Iterator[X11Hotkeys]:
    hotkeys = X11Hotkeys(ears.hear, ears.lost.append, display)
    yield hotkeys
    hotkeys.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def xdotool(display: str, *arguments: str) -> None:
    environment = os.environ | {"DISPLAY": display}
    subprocess.run(["xdotool", *arguments], env=environment, check=True)


def windows(display: str, title: str) -> list[str]:
    """Return the numbers of the visible windows with that title."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", title],
        env=os.environ | {"DISPLAY": display},
        check=False,  # it fails where some other window goes while it looks
        capture_output=True,
        text=True,
    )
    return found.stdout.split()


def focused(display: str) -> int:
    """Return the number of the window that has the focus; 0 where none has."""
    found = subprocess.run(
        ["xdotool", "getwindowfocus", "-f"],
        env=os.environ | {"DISPLAY": display},
        check=True,
        capture_output=True,
        text=True,
    )
    return int(found.stdout)


def heard_by(display: str, ears: Ears, keys: str) -> set[str]:
    """Press `keys` and return the names that are heard going down and up."""
    ears.heard.clear()
    xdotool(display, "key", keys)
    wait_until(lambda: len(ears.heard) == 2)
    assert [is_down for _name, is_down in ears.heard] == [True, False]
    return {name for name, _is_down in ears.heard}


class Terminal:
    """A terminal that has the focus and keeps every byte that is typed into it."""

    def __init__(self, display: str, typed: Path) -> None:
        self._display = display
        self._typed = typed

    @property
    def typed(self) -> bytes:
        return self._typed.read_bytes() if self._typed.exists() else b""

    def type_mark(self, mark: str) -> bytes:
        """Type `mark`; return what was typed up to it, when that has arrived."""
        xdotool(self._display, "type", mark)
        wait_until(lambda: self.typed.endswith(mark.encode()))
        return self.typed


@pytest.fixture
def terminal(display: str, tmp_path: Path) -> Iterator[Terminal]:
    wait_until(lambda: focused(display) > X.PointerRoot)
    manager = focused(display)  # a window of the window manager, while no application is there
    typed = tmp_path / "typed"
    command = f"stty raw -echo; printf '\\033]2;ready\\007'; cat > '{typed}'"
    process = subprocess.Popen(
        ["xterm", "-title", "starting", "-e", "sh", "-c", command],
        env=os.environ | {"DISPLAY": display},
    )
    try:
        while not (ready := windows(display, "^ready$")):
            time.sleep(0.05)
        xdotool(display, "windowfocus", "--sync", ready[0])
        yield Terminal(display, typed)
    finally:
        process.terminate()
        process.wait()
        wait_until(lambda: focused(display) == manager)  # without a focus no key is heard


def test_the_chord_is_heard_once_and_never_reaches_the_application(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("dictate", CTRL_ALT_SPACE)
    xdotool(display, "key", "ctrl+alt+space")
    wait_until(lambda: len(ears.heard) == 2)
    assert terminal.type_mark("x") == b"x"
    assert ears.heard == [("dictate", True), ("dictate", False)]


def test_a_held_key_repeats_neither_for_us_nor_for_the_application(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    subprocess.run(["xset", "-display", display, "r", "rate", "100", "50"], check=True)
    xdotool(display, "keydown", "a")
    wait_until(lambda: terminal.typed.startswith(b"aaa"))  # the server does repeat
    xdotool(display, "keyup", "a")
    hotkeys.bind("dictate", F9)
    xdotool(display, "keydown", "F9")
    wait_until(lambda: ears.heard == [("dictate", True)])
    time.sleep(1)  # some forty repeats
    assert ears.heard == [("dictate", True)]
    xdotool(display, "keyup", "F9")
    wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])
    assert set(terminal.type_mark("x")) == set(b"ax")


def test_modifiers_may_be_let_go_before_the_key(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("dictate", CTRL_ALT_SPACE)
    xdotool(display, "keydown", "ctrl", "keydown", "alt", "keydown", "space")
    wait_until(lambda: ears.heard == [("dictate", True)])
    xdotool(display, "keyup", "alt", "keyup", "ctrl")
    xdotool(display, "keyup", "space")
    wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])
    assert terminal.type_mark("x") == b"x"


@pytest.mark.parametrize("lock", ["Num_Lock", "Caps_Lock", "Scroll_Lock"])
def test_locks_do_not_matter(display: str, hotkeys: X11Hotkeys, ears: Ears, lock: str) -> None:
    hotkeys.bind("dictate", CTRL_ALT_SPACE)
    xdotool(display, "key", lock)
    try:
        xdotool(display, "key", "ctrl+alt+space")
        wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])
    finally:
        xdotool(display, "key", lock)


def test_other_keys_may_be_held(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("dictate", F9)
    xdotool(display, "keydown", "a", "key", "F9", "keyup", "a")
    wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])
    assert set(terminal.type_mark("x")) == set(b"ax")


def test_a_modifier_alone_can_talk(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("talk", Chord.parse("Right Ctrl"))
    right_ctrl = "105"  # by its name xdotool presses the left one
    xdotool(display, "keydown", right_ctrl)
    wait_until(lambda: ears.heard == [("talk", True)])
    xdotool(display, "keyup", right_ctrl)
    wait_until(lambda: ears.heard == [("talk", True), ("talk", False)])
    assert terminal.type_mark("x") == b"x"


def test_escape_cancels_while_the_hotkey_is_held(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("dictate", CTRL_ALT_SPACE)
    xdotool(display, "keydown", "ctrl", "keydown", "alt", "keydown", "space")
    wait_until(lambda: ears.heard == [("dictate", True)])
    hotkeys.bind("cancel", ESCAPE)
    xdotool(display, "key", "Escape")
    wait_until(lambda: ears.heard[1:] == [("cancel", True), ("cancel", False)])
    xdotool(display, "keyup", "space", "keyup", "alt", "keyup", "ctrl")
    wait_until(lambda: ears.heard[3:] == [("dictate", False)])
    assert terminal.type_mark("x") == b"x"


def test_unbinding_gives_the_key_back(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("cancel", ESCAPE)
    hotkeys.unbind("cancel")
    xdotool(display, "key", "Escape")
    assert terminal.type_mark("x") == b"\x1bx"
    assert ears.heard == []


def test_a_key_unbound_while_it_is_down_is_released_and_not_heard_again(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("cancel", ESCAPE)
    xdotool(display, "keydown", "Escape")
    wait_until(lambda: ears.heard == [("cancel", True)])
    hotkeys.unbind("cancel")
    assert ears.heard == [("cancel", True), ("cancel", False)]
    hotkeys.bind("cancel", ESCAPE)  # dictation began again at once
    xdotool(display, "keyup", "Escape")
    assert terminal.type_mark("x") == b"x"
    time.sleep(0.1)  # the next press is no bounce of this one
    xdotool(display, "key", "Escape")
    wait_until(lambda: ears.heard[2:] == [("cancel", True), ("cancel", False)])


def test_the_listener_may_unbind_what_it_hears(display: str, ears: Ears) -> None:
    def hear(name: str, is_down: bool) -> None:
        ears.hear(name, is_down)
        if is_down:
            own.unbind(name)

    own = X11Hotkeys(hear, ears.lost.append, display)
    own.bind("cancel", ESCAPE)
    xdotool(display, "key", "Escape")
    wait_until(lambda: ears.heard == [("cancel", True), ("cancel", False)])
    own.close()


def test_several_chords_are_told_apart(display: str, hotkeys: X11Hotkeys, ears: Ears) -> None:
    hotkeys.bind("plain", F9)
    hotkeys.bind("shifted", Chord.parse("Shift+F9"))
    hotkeys.bind("super", Chord.parse("Super+F9"))
    assert heard_by(display, ears, "shift+F9") == {"shifted"}
    assert heard_by(display, ears, "F9") == {"plain"}
    assert heard_by(display, ears, "super+F9") == {"super"}


def test_a_key_of_another_program_is_refused_and_the_former_one_stays(
    display: str, hotkeys: X11Hotkeys, ears: Ears
) -> None:
    hotkeys.bind("dictate", F9)
    with pytest.raises(HotkeyError, match=r"Alt.F4 is taken by another program; choose"):
        hotkeys.bind("dictate", Chord.parse("Alt+F4"))  # openbox closes windows with it
    xdotool(display, "key", "F9")
    wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])


def test_a_key_is_free_again_when_its_owner_closes(
    display: str, hotkeys: X11Hotkeys, ears: Ears
) -> None:
    other = X11Hotkeys(ears.hear, ears.lost.append, display)
    other.bind("other", F9)
    with pytest.raises(HotkeyError, match="taken"):
        hotkeys.bind("dictate", F9)
    other.close()
    other.close()
    hotkeys.bind("dictate", F9)


def test_one_chord_has_one_meaning(hotkeys: X11Hotkeys) -> None:
    hotkeys.bind("dictate", F9)
    hotkeys.bind("dictate", F9)
    with pytest.raises(HotkeyError, match="F9 already does something"):
        hotkeys.bind("cancel", F9)


def test_a_key_that_the_keyboard_lacks_is_refused(hotkeys: X11Hotkeys) -> None:
    with pytest.raises(HotkeyError, match="has no key F24"):
        hotkeys.bind("dictate", Chord.parse("F24"))


def test_a_chord_follows_its_key_to_another_layout(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("dictate", Chord.parse("Ctrl+Y"))
    with _layout(display, "de"):  # Y and Z change places
        terminal.type_mark("x")
        xdotool(display, "key", "ctrl+y")
        wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])
        assert terminal.type_mark("z") == b"xz"
    xdotool(display, "key", "ctrl+y")
    wait_until(lambda: len(ears.heard) == 4)
    assert ears.lost == []


def test_two_chords_may_change_places(display: str, hotkeys: X11Hotkeys, ears: Ears) -> None:
    hotkeys.bind("y", Chord.parse("Ctrl+Y"))
    hotkeys.bind("z", Chord.parse("Ctrl+Z"))
    with _layout(display, "de"):
        for _ in range(2):
            hotkeys.unbind("nothing")  # between two jobs the thread reads what the server sent
        for name in ("y", "z"):
            assert heard_by(display, ears, f"ctrl+{name}") == {name}


def test_a_key_that_is_pressed_while_the_layout_is_followed_is_heard(
    display: str, hotkeys: X11Hotkeys, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotkeys.bind("cancel", F9)
    read = Keyboard.read

    def press_and_read(server: Display) -> Keyboard:
        xdotool(display, "key", "F9")
        return read(server)

    monkeypatch.setattr(Keyboard, "read", press_and_read)
    with _layout(display, "de"):
        wait_until(lambda: len(ears.heard) >= 2)
        monkeypatch.undo()
    assert ears.heard[:2] == [("cancel", True), ("cancel", False)]


def test_a_chord_stays_in_its_place_where_the_layout_has_no_such_letter(
    display: str, hotkeys: X11Hotkeys, terminal: Terminal, ears: Ears
) -> None:
    hotkeys.bind("dictate", Chord.parse("Ctrl+Y"))
    with _layout(display, "ru"):
        terminal.type_mark(" ")
        xdotool(display, "keydown", "ctrl", "key", "29", "keyup", "ctrl")
        wait_until(lambda: ears.heard == [("dictate", True), ("dictate", False)])
    assert terminal.type_mark("x") == b" x"
    assert ears.lost == []


def test_a_closed_one_refuses_in_words(display: str, ears: Ears) -> None:
    hotkeys = X11Hotkeys(ears.hear, ears.lost.append, display)
    hotkeys.close()
    with pytest.raises(HotkeyError, match="closed"):
        hotkeys.bind("dictate", F9)
    assert ears.lost == []


def test_a_server_that_dies_is_told_once(ears: Ears) -> None:
    with x_server() as display:
        hotkeys = X11Hotkeys(ears.hear, ears.lost.append, display)
        hotkeys.bind("dictate", F9)
        xdotool(display, "keydown", "F9")
        wait_until(lambda: ears.heard == [("dictate", True)])
    wait_until(lambda: len(ears.lost) == 1)
    assert "X server has gone" in ears.lost[0]
    assert ears.heard == [("dictate", True), ("dictate", False)]
    with pytest.raises(HotkeyError, match="X server has gone"):
        hotkeys.bind("dictate", F9)
    hotkeys.close()
    assert len(ears.lost) == 1


# What python-xlib leaves open where nobody answers.
@pytest.mark.filterwarnings("ignore:.*socket.*:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed.*socket:ResourceWarning")
def test_no_server_is_told_in_words(ears: Ears) -> None:
    with pytest.raises(HotkeyError, match="sotto record toggle"):
        X11Hotkeys(ears.hear, ears.lost.append, ":4242")


def test_an_x_session_has_grabs(display: str, monkeypatch: pytest.MonkeyPatch, ears: Ears) -> None:
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    hotkeys = open_hotkeys(ears.hear)
    assert isinstance(hotkeys, X11Hotkeys)
    hotkeys.close()


@contextmanager
def _layout(display: str, name: str) -> Iterator[None]:
    subprocess.run(["setxkbmap", "-display", display, name], check=True)
    try:
        yield
    finally:
        subprocess.run(["setxkbmap", "-display", display, "us"], check=True)
