"""Text into real applications on a real Wayland compositor, Unicode and clipboard intact."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion.on_wayland import wayland_clipboard
from sotto.app.desktop.insertion.on_wayland import wayland_inserter as wayland
from sotto.app.desktop.insertion.on_wayland.wayland_inserter import WaylandInserter
from sotto.app.desktop.insertion.target import Outcome, Target
from sotto.app.desktop.wayland.connection import WaylandError
from sotto.errors import InsertionError
from tests.helpers.portal_backend import REFUSED
from tests.helpers.portal_backend_bus import portal_with_backend
from tests.helpers.sway import Sway, sway, wait_until

TEXT = "é “quoted” 你好 🎉, ß."
PICTURE = b"\x89PNG, or so"
QT_EDITOR = [sys.executable, "-m", "tests.helpers.qt_editor"]
KEEP = "stty -icanon -echo; exec cat >"
UTF8 = "text/plain;charset=utf-8"
CONTROL = 0xFFE3
N_PASTES = 50
WAIT_S = 60
READS_WITHIN_S = 0.5


@dataclass(frozen=True)
class Application:
    """A program that writes its text to a file, and the app id or X11 class of its window."""

    command: Callable[[Path], list[str]]
    name: str
    variables: dict[str, str]
    writes_at_enter: bool = False


APPLICATIONS = {
    "foot": Application(lambda path: ["foot", "sh", "-c", f"{KEEP} {path}"], "foot", {}),
    "Qt": Application(
        lambda path: [*QT_EDITOR, str(path)], "qt-editor", {"QT_QPA_PLATFORM": "wayland"}
    ),
    "GTK": Application(
        lambda path: ["sh", "-c", f"exec zenity --entry > {path}"],
        "zenity",
        {"GDK_BACKEND": "wayland"},
        writes_at_enter=True,
    ),
    "Qt on XWayland": Application(
        lambda path: [*QT_EDITOR, str(path)], "qt-editor", {"QT_QPA_PLATFORM": "xcb"}
    ),
    "GTK on XWayland": Application(
        lambda path: ["sh", "-c", f"exec zenity --entry > {path}"],
        "Zenity",
        {"GDK_BACKEND": "x11"},
        writes_at_enter=True,
    ),
    "xterm on XWayland": Application(
        lambda path: ["xterm", "-e", "sh", "-c", f"{KEEP} {path}"], "XTerm", {}
    ),
}


@pytest.fixture(scope="module")
def compositor() -> Iterator[Sway]:
    with pytest.MonkeyPatch.context() as patch, sway(xwayland=True) as compositor:
        for name, value in compositor.environment.items():
            patch.setenv(name, value)
        yield compositor


@pytest.fixture
def inserter(compositor: Sway) -> Iterator[WaylandInserter]:
    opened = WaylandInserter(Settings())
    yield opened
    opened.close()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "written"


Open = Callable[[str], None]


@pytest.fixture
def open_application(compositor: Sway, written: Path, tmp_path: Path) -> Iterator[Open]:
    """Start an application and wait until it has the focus."""
    with ExitStack() as stack:

        def start(name: str) -> None:
            application = APPLICATIONS[name]
            variables = {"XDG_CONFIG_HOME": str(tmp_path), **application.variables}
            stack.enter_context(compositor.client(*application.command(written), **variables))
            compositor.wait_for_focus(application.name)

        yield start
    wait_until(lambda: compositor.windows() == [], "a window stayed")


@pytest.mark.parametrize("method", [InsertMethod.AUTO, InsertMethod.TYPE])
@pytest.mark.parametrize("name", APPLICATIONS)
def test_text_arrives_intact_and_the_clipboard_stays(
    compositor: Sway, open_application: Open, written: Path, name: str, method: InsertMethod
) -> None:
    open_application(name)
    compositor.copy(PICTURE, "image/png")
    with closing(WaylandInserter(Settings(insert_method=method))) as inserter:
        target = focused(inserter)
        assert target.application == APPLICATIONS[name].name
        assert inserter.insert(TEXT, target) is Outcome.INSERTED
    if APPLICATIONS[name].writes_at_enter:
        with closing(WaylandInserter(Settings(insert_method=InsertMethod.TYPE))) as inserter:
            inserter.insert("\n", focused(inserter))
    wait_until(lambda: read(written).rstrip("\n") == TEXT, "the text did not arrive")
    assert pasted(compositor, "image/png") == PICTURE


def test_many_pastes_with_a_clipboard_watcher_are_neither_lost_nor_stale(
    compositor: Sway, inserter: WaylandInserter, open_application: Open, written: Path
) -> None:
    open_application("Qt")
    target = focused(inserter)
    compositor.copy(b"what the user copied")
    texts = [f"{number}: {TEXT}\n" for number in range(N_PASTES)]
    with compositor.client("wl-paste", "--watch", "cat"):
        for text in texts:
            assert inserter.insert(text, target) is Outcome.INSERTED
    wait_until(lambda: read(written) == "".join(texts), "pastes were lost or stale")
    assert pasted(compositor, "text/plain") == b"what the user copied"


def test_an_empty_clipboard_is_empty_again(
    compositor: Sway, inserter: WaylandInserter, open_application: Open
) -> None:
    open_application("Qt")
    target = focused(inserter)
    compositor.run("wl-copy", "--clear")
    assert inserter.insert(TEXT, target) is Outcome.INSERTED
    with pytest.raises(RuntimeError, match=r"No selection|Nothing is copied"):
        compositor.run("wl-paste", "--list-types")


def test_all_formats_of_the_clipboard_come_back(
    compositor: Sway, inserter: WaylandInserter, open_application: Open
) -> None:
    open_application("Qt")
    target = focused(inserter)
    compositor.copy(b"of one program")
    types = compositor.run("wl-paste", "--list-types")
    inserter.insert(TEXT, target)
    assert sorted(compositor.run("wl-paste", "--list-types").split()) == sorted(types.split())


def test_another_window_gets_nothing(
    compositor: Sway, inserter: WaylandInserter, open_application: Open, written: Path
) -> None:
    open_application("Qt")
    target = focused(inserter)
    with compositor.client("foot", "--app-id", "other"):
        compositor.wait_for_focus("other")
        assert inserter.insert(TEXT, target) is Outcome.MOVED
        assert inserter.delete(TEXT, target) is Outcome.MOVED
    compositor.wait_for_focus("qt-editor")
    assert inserter.insert("then", target) is Outcome.INSERTED
    wait_until(lambda: read(written) == "then", "the text did not arrive")


def test_typing_ends_where_the_focus_goes(
    compositor: Sway, open_application: Open, written: Path, tmp_path: Path
) -> None:
    open_application("Qt")
    other = tmp_path / "other"
    with (
        closing(WaylandInserter(Settings(insert_method=InsertMethod.TYPE))) as inserter,
        ThreadPoolExecutor(1) as background,
    ):
        typing = background.submit(inserter.insert, "word " * 1000, focused(inserter))
        wait_until(lambda: read(written) != "", "nothing was typed")
        with compositor.client("foot", "--app-id", "other", "sh", "-c", f"{KEEP} {other}"):
            with pytest.raises(InsertionError, match=r"the focus moved .* of 5000 characters"):
                typing.result(WAIT_S)
            compositor.wait_for_focus("other")
            compositor.type_text("mine")
            wait_until(lambda: read(other).endswith("mine"), "the window takes nothing")
    assert len(read(other)) <= len("mine") + 1, "a key may have been under way, no more"


def test_a_window_of_the_same_program_is_another_target(
    compositor: Sway, inserter: WaylandInserter, tmp_path: Path
) -> None:
    targets = []
    for _ in range(2):  # one after the other: the compositor uses its numbers again
        with compositor.client("foot"):
            compositor.wait_for_focus("foot")
            targets.append(focused(inserter))
        wait_until(lambda: inserter.focused() is None, "the window stayed")
    assert targets[0] != targets[1]


def test_a_password_manager_gets_nothing(
    compositor: Sway, inserter: WaylandInserter, written: Path
) -> None:
    with compositor.client("foot", "--app-id", "keepassxc", "sh", "-c", f"{KEEP} {written}"):
        compositor.wait_for_focus("keepassxc")
        assert inserter.insert(TEXT, focused(inserter)) is Outcome.SECRET
        compositor.type_text(".")
        wait_until(lambda: read(written) == ".", "something else was written")


def test_a_locked_screen_gets_nothing(
    compositor: Sway, inserter: WaylandInserter, open_application: Open, written: Path
) -> None:
    open_application("Qt")
    target = focused(inserter)
    with compositor.client("swaylock"):
        wait_until(lambda: inserter.focused() is None, "the screen was not locked")
        assert inserter.insert(TEXT, target) is Outcome.MOVED
        assert inserter.delete(TEXT, target) is Outcome.MOVED
    compositor.message("[app_id=qt-editor]", "focus")  # a lock that dies early leaves it nowhere
    wait_until(lambda: inserter.focused() == target, "the screen stayed locked")
    assert inserter.insert("then", target) is Outcome.INSERTED
    wait_until(lambda: read(written) == "then", "something else was written")


@pytest.mark.parametrize("text", ["plain words", "é 你好", "a family 👨‍👩‍👧, a flag 🇩🇪", "नमस्ते"])
def test_exactly_what_was_inserted_is_taken_back(
    inserter: WaylandInserter, open_application: Open, written: Path, text: str
) -> None:
    open_application("Qt")
    target = focused(inserter)
    inserter.insert("Stays. ", target)
    inserter.insert(text, target)
    wait_until(lambda: read(written) == f"Stays. {text}", "the text did not arrive")
    assert inserter.delete(text, target) is Outcome.INSERTED
    wait_until(lambda: read(written) == "Stays. ", "too much or too little was taken back")


def test_a_line_that_a_terminal_has_taken_is_not_taken_back(
    inserter: WaylandInserter, open_application: Open
) -> None:
    open_application("foot")
    target = focused(inserter)
    with pytest.raises(InsertionError, match="the terminal has taken that line"):
        inserter.delete("ls\n", target)


def test_keys_held_on_another_keyboard_do_not_mix_in(
    compositor: Sway, inserter: WaylandInserter, open_application: Open, written: Path
) -> None:
    open_application("Qt")
    target = focused(inserter)
    with compositor.client("wtype", "-M", "ctrl", "-M", "alt", "-s", "86400000"):
        wait_until(lambda: len(compositor.message("-t", "get_inputs")) > 2, "no second keyboard")
        assert inserter.insert(TEXT, target) is Outcome.INSERTED
        wait_until(lambda: read(written) == TEXT, "the text did not arrive")


def test_what_only_the_clipboard_may_take_is_copied_and_outlives_sotto(
    compositor: Sway, open_application: Open
) -> None:
    open_application("Qt")
    with closing(WaylandInserter(Settings(applications={"qt-editor": "clipboard"}))) as inserter:
        assert inserter.insert(TEXT, focused(inserter)) is Outcome.COPIED
        assert pasted(compositor, UTF8).decode() == TEXT
    assert pasted(compositor, UTF8).decode() == TEXT


def test_a_program_that_does_not_paste_leaves_the_text_on_the_clipboard(
    compositor: Sway, open_application: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayland_clipboard, "_READ_WITHIN_S", READS_WITHIN_S)
    open_application("foot")
    with closing(WaylandInserter(Settings(applications={"foot": "paste"}))) as inserter:
        assert inserter.insert(TEXT, focused(inserter)) is Outcome.COPIED
        assert pasted(compositor, UTF8).decode() == TEXT


def test_without_a_virtual_keyboard_the_portal_is_asked_and_a_refusal_copies(
    compositor: Sway, open_application: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_application("Qt")
    monkeypatch.setattr(wayland, "VirtualKeyboard", not_offered)
    with portal_with_backend() as (_, backend):
        backend.answer = REFUSED
        with closing(WaylandInserter(Settings(), tmp_path / "token")) as inserter:
            assert inserter.insert(TEXT, focused(inserter)) is Outcome.COPIED
            assert pasted(compositor, UTF8).decode() == TEXT
            inserter.insert(TEXT, focused(inserter))
            assert len(backend.selections) == 1, "the user was asked twice"


def test_keys_by_the_portal_paste(
    compositor: Sway, open_application: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wayland_clipboard, "_READ_WITHIN_S", READS_WITHIN_S)
    monkeypatch.setattr(wayland, "VirtualKeyboard", not_offered)
    open_application("Qt")
    with (
        portal_with_backend() as (_, backend),
        closing(WaylandInserter(Settings(), tmp_path / "token")) as inserter,
    ):
        # The backend presses nothing, so nothing reads.
        assert inserter.insert(TEXT, focused(inserter)) is Outcome.COPIED
        pressed = [backend.keysyms.get(timeout=WAIT_S) for _ in range(4)]
        assert pressed == [(CONTROL, True), (ord("v"), True), (ord("v"), False), (CONTROL, False)]


def test_without_access_to_clipboard_and_windows_wl_copy_copies(
    compositor: Sway, open_application: Open, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_application("Qt")
    monkeypatch.setattr(wayland, "Clipboard", not_offered)
    monkeypatch.setattr(wayland, "Toplevels", not_offered)
    with closing(WaylandInserter(Settings())) as inserter:
        target = focused(inserter)
        assert target == Target("", "", "")
        assert inserter.insert(TEXT, target) is Outcome.INSERTED
    wait_until(lambda: read(written) == TEXT, "the text did not arrive")


def test_wl_copy_that_is_missing_is_named(
    compositor: Sway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayland, "Clipboard", not_offered)
    with closing(WaylandInserter(Settings())) as inserter:
        monkeypatch.setenv("PATH", "")
        with pytest.raises(InsertionError, match="install the package wl-clipboard"):
            inserter.copy(TEXT)


def test_a_compositor_that_goes_is_said() -> None:
    with pytest.MonkeyPatch.context() as patch:
        with sway() as short_lived:
            for name, value in short_lived.environment.items():
                patch.setenv(name, value)
            inserter = WaylandInserter(Settings())
        with pytest.raises(InsertionError, match="the compositor has closed the connection"):
            inserter.focused()
        inserter.close()
        with pytest.raises(InsertionError, match="no compositor answers at"):
            WaylandInserter(Settings())


def not_offered(*_: object) -> None:
    raise WaylandError("the compositor lacks that")


def focused(inserter: WaylandInserter) -> Target:
    target = inserter.focused()
    assert target is not None
    return target


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def pasted(compositor: Sway, kind: str) -> bytes:
    """Return what another program gets from the clipboard."""
    return subprocess.run(
        ["wl-paste", "--no-newline", "--type", kind],
        env=os.environ | compositor.environment,
        stdout=subprocess.PIPE,
        check=True,
        timeout=WAIT_S,
    ).stdout
