"""Keys that are held, locked or of another layout do not change what is written."""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import XK, X
from Xlib.display import Display

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion import Outcome
from sotto.app.desktop.insertion.keymap import Keymap
from sotto.app.desktop.insertion.on_x11 import x11_inserter as x11
from sotto.app.desktop.insertion.on_x11.x11_windows import Windows
from sotto.app.desktop.insertion.on_x11.xkb import Locks, Xkb
from sotto.errors import InsertionError
from tests.app.desktop.insertion.conftest import Focus, OpenInserter, wait_for_text
from tests.helpers import x_clipboard
from tools.fixtures.applications import Application, mousepad, qt_editor, xterm

Open = Callable[[Path], contextlib.AbstractContextManager[Application]]

MIXED = "Sotto Writes: CapsLock? é “x” 你 Привет"
METHODS = [InsertMethod.PASTE, InsertMethod.TYPE]


@pytest.fixture
def user(desktop: str) -> Iterator[Display]:
    """The keyboard as the user's hands have it."""
    display = Display()
    yield display
    display.close()


def hold(user: Display, *keys: int, down: bool = True) -> None:
    for key in keys:
        user.xtest_fake_input(X.KeyPress if down else X.KeyRelease, user.keysym_to_keycode(key))
    user.sync()


@pytest.mark.parametrize("method", METHODS)
def test_modifiers_that_are_held_are_waited_for(
    method: InsertMethod, user: Display, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one(method)
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        hotkey = (XK.XK_Control_L, XK.XK_Alt_L)
        hold(user, *hotkey)
        release = threading.Timer(1, hold, (user, *hotkey), {"down": False})
        release.start()
        assert inserter.insert("after the hotkey", target) is Outcome.INSERTED
        release.join()
        wait_for_text(editor, "after the hotkey")


def test_modifiers_that_are_held_for_long_make_a_copy(
    user: Display,
    open_one: OpenInserter,
    focus: Focus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(x11, "RELEASED_WITHIN_S", 0.3)
    inserter = open_one()
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        hold(user, XK.XK_Control_L)
        try:
            assert inserter.insert("to paste by hand", target) is Outcome.COPIED
        finally:
            hold(user, XK.XK_Control_L, down=False)
        assert x_clipboard.get() == b"to paste by hand"
        assert inserter.insert("then", target) is Outcome.INSERTED
        wait_for_text(editor, "then")


@pytest.fixture
def caps_lock(user: Display) -> Iterator[None]:
    def tap() -> None:
        hold(user, XK.XK_Caps_Lock)
        hold(user, XK.XK_Caps_Lock, down=False)

    tap()
    assert is_caps_locked(user)
    yield
    assert is_caps_locked(user), "the user's lock is gone"
    tap()


def is_caps_locked(user: Display) -> bool:
    return bool(user.screen().root.query_pointer().mask & X.LockMask)


@pytest.mark.usefixtures("caps_lock")
@pytest.mark.parametrize("open_application", [qt_editor, mousepad, xterm])
def test_caps_lock_changes_nothing(
    open_application: Open, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one(InsertMethod.TYPE)
    with open_application(tmp_path) as application:
        assert inserter.insert(MIXED, focus(application)) is Outcome.INSERTED
        wait_for_text(application, MIXED)


@pytest.mark.usefixtures("caps_lock")
def test_caps_lock_does_not_keep_from_pasting(
    open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one(InsertMethod.PASTE)
    with qt_editor(tmp_path) as application:
        assert inserter.insert(MIXED, focus(application)) is Outcome.INSERTED
        wait_for_text(application, MIXED)


@pytest.fixture(params=["ru", "us,ru", "de", "gr", "fr"])
def layout(request: pytest.FixtureRequest, user: Display) -> Iterator[str]:
    subprocess.run(["setxkbmap", "-layout", request.param], check=True)
    if "," in request.param:
        Xkb(user).lock(Locks(modifiers=0, group=1))
        user.sync()
    yield request.param
    subprocess.run(["setxkbmap", "-layout", "us"], check=True)


@pytest.mark.parametrize("method", [InsertMethod.AUTO, InsertMethod.TYPE])
@pytest.mark.parametrize("open_application", [qt_editor, mousepad])
def test_any_layout_will_do(  # noqa: PLR0917  # fixtures
    method: InsertMethod,
    open_application: Open,
    layout: str,
    open_one: OpenInserter,
    focus: Focus,
    tmp_path: Path,
) -> None:
    inserter = open_one(method)
    with open_application(tmp_path) as application:
        target = focus(application)
        assert inserter.insert(MIXED, target) is Outcome.INSERTED
        wait_for_text(application, MIXED)
        assert inserter.delete(MIXED, target) is Outcome.INSERTED
        wait_for_text(application, "")


def test_keys_that_were_lent_are_free_again(
    user: Display, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    before = keyboard(user)
    inserter = open_one(InsertMethod.TYPE)
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        # More characters than there are free keys.
        text = "".join(chr(0x4E00 + number) for number in range(3 * len(before.free)))
        assert inserter.insert(text, target) is Outcome.INSERTED
        wait_for_text(editor, text)
    assert keyboard(user).free == before.free


def test_keys_are_free_again_after_an_error(
    user: Display,
    open_one: OpenInserter,
    focus: Focus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = keyboard(user)
    monkeypatch.setattr(Windows, "answers", lambda *_: False)
    inserter = open_one(InsertMethod.TYPE)
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        with pytest.raises(InsertionError, match="stopped reading"):
            inserter.insert("你好", target)
    assert keyboard(user).free == before.free


def test_long_text_is_typed(open_one: OpenInserter, focus: Focus, tmp_path: Path) -> None:
    inserter = open_one(InsertMethod.TYPE)
    text = "".join(f"Sentence {number}, “quoted”. " for number in range(200))
    with mousepad(tmp_path) as editor:
        assert inserter.insert(text, focus(editor)) is Outcome.INSERTED
        wait_for_text(editor, text)


def keyboard(user: Display) -> Keymap:
    first = user.display.info.min_keycode
    return Keymap(
        first, user.get_keyboard_mapping(first, user.display.info.max_keycode - first + 1)
    )
