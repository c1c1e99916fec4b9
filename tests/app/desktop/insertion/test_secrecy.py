"""Nothing is written into password fields, nor while the screen is locked."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display

from sotto.app.desktop.insertion import Outcome
from sotto.app.desktop.insertion.on_x11 import x11_inserter as x11
from sotto.app.desktop.insertion.secrecy import is_secret
from tests.app.desktop.insertion.conftest import Focus, OpenInserter, wait_for_text, wait_until
from tools.fixtures.applications import Application, qt_editor, running
from tools.fixtures.session_bus import service, session_bus, silent_service


@pytest.fixture
def bus(
    desktop: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    # AT-SPI's launcher puts its own bus there; the path of a socket is at most 108 bytes long.
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@contextlib.contextmanager
def zenity(bus: str, *arguments: str) -> Iterator[Application]:
    """A dialog in GTK with one entry, which prints its text when Return is pressed."""
    title = f"Dialog {' '.join(arguments)}"
    with running(
        ["zenity", *arguments, "--title", title],
        DBUS_SESSION_BUS_ADDRESS=bus,
        NO_AT_BRIDGE="0",
    ) as process:
        yield Application(title, lambda: "", process)


def test_gtk_password_entry_gets_nothing(bus: str, open_one: OpenInserter, focus: Focus) -> None:
    inserter = open_one()
    with zenity(bus, "--password") as dialog:
        target = focus(dialog)
        # It says so as soon as it is known to the accessibility bus.
        wait_until(lambda: is_secret(None))
        assert inserter.insert("my secret", target) is Outcome.SECRET
        assert inserter.delete("my secret", target) is Outcome.SECRET


def test_gtk_entry_is_no_secret(bus: str, open_one: OpenInserter, focus: Focus) -> None:
    inserter = open_one()
    with zenity(bus, "--password"):
        wait_until(lambda: is_secret(None))
        # The password entry is still there, but it has not got the focus.
        with zenity(bus, "--entry") as dialog:
            target = focus(dialog)
            wait_until(lambda: not is_secret(None))
            assert inserter.insert("no secret", target) is Outcome.INSERTED


def test_qt_password_field_gets_nothing(
    bus: str, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    with zenity(bus, "--password"):
        wait_until(lambda: is_secret(None))  # Qt joins AT-SPI where it runs already; GTK starts it
        with qt_editor(tmp_path, "Secret", "Password", **accessible) as editor:
            target = focus(editor)
            wait_until(lambda: is_secret(None))
            assert inserter.insert("my secret", target) is Outcome.SECRET
            assert editor.read() == ""


@pytest.mark.parametrize(
    ("name", "member", "answer"),
    [
        ("org.freedesktop.ScreenSaver", "GetActive", ("b", True)),
        ("org.gnome.ScreenSaver", "GetActive", ("b", True)),
        ("org.freedesktop.login1", "Get", ("v", ("b", True))),
    ],
)
def test_locked_screen_gets_nothing(  # noqa: PLR0917  # fixtures
    name: str,
    member: str,
    answer: tuple[str, object],
    bus: str,
    open_one: OpenInserter,
    focus: Focus,
    tmp_path: Path,
) -> None:
    inserter = open_one()
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        with service(bus, name, {member: answer}):
            assert inserter.insert("behind the lock", target) is Outcome.SECRET
        with service(bus, name, {member: (answer[0], _unlocked(answer[1]))}):
            assert inserter.insert("unlocked", target) is Outcome.INSERTED
        wait_for_text(editor, "unlocked")


def test_service_that_keeps_silent_does_not_keep_the_text(
    bus: str, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    with qt_editor(tmp_path) as editor, silent_service(bus, "org.gnome.ScreenSaver"):
        assert inserter.insert("after a moment", focus(editor)) is Outcome.INSERTED
        wait_for_text(editor, "after a moment")


@pytest.mark.parametrize(
    "address",
    ["disabled:", "unix:path=/nowhere/bus", "tcp:host=127.0.0.1,port=1", "nonsense", None],
)
def test_without_a_bus_nothing_is_known(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        if address is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, address)
    assert not is_secret(None)


def test_program_that_takes_all_keys_is_a_lock(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x11, "RELEASED_WITHIN_S", 0.5)
    inserter = open_one()
    with qt_editor(tmp_path) as editor, contextlib.closing(Display()) as locker:
        target = focus(editor)
        root = locker.screen().root
        assert (
            root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
            == X.GrabSuccess
        )
        assert inserter.insert("behind the lock", target) is Outcome.SECRET
        locker.ungrab_keyboard(X.CurrentTime)
        locker.sync()
        assert inserter.insert("unlocked", target) is Outcome.INSERTED
        wait_for_text(editor, "unlocked")


def _unlocked(answer: object) -> object:
    return ("b", False) if isinstance(answer, tuple) else False
