"""The clipboard of a real compositor, shared with other programs."""

import os
import subprocess
import weakref
from collections.abc import Iterator
from contextlib import closing

import pytest

from sotto.app.desktop.wayland import data_control as module
from sotto.app.desktop.wayland.connection import Connection
from sotto.app.desktop.wayland.data_control import Clipboard
from tests.helpers.sway import Sway, sway, wait_until

FORMATS = {"text/plain": b"words", "text/html": b"<b>words</b>", "image/png": bytes(1 << 20)}
WAIT_S = 60


@pytest.fixture
def clipboard(compositor: Sway) -> Iterator[Clipboard]:
    with closing(Connection()) as connection:
        yield Clipboard(connection, connection.bind("wl_seat"))


def pasted(kind: str) -> bytes:
    command = ["wl-paste", "--no-newline", "--type", kind]
    return subprocess.run(command, capture_output=True, check=True, timeout=WAIT_S).stdout


def test_all_formats_are_given_and_read(clipboard: Clipboard) -> None:
    clipboard.put(FORMATS)
    assert {kind: pasted(kind) for kind in FORMATS} == FORMATS
    with closing(Connection()) as connection:
        other = Clipboard(connection, connection.bind("wl_seat"))
        assert other.read() == FORMATS


def test_each_read_is_counted_after_it_was_served(clipboard: Clipboard) -> None:
    source = clipboard.put(FORMATS)
    assert not source.wait_for_read(after=0, timeout_s=0)
    pasted("text/plain")
    assert source.wait_for_read(after=0, timeout_s=WAIT_S)
    pasted("text/html")
    assert source.wait_for_read(after=1, timeout_s=WAIT_S)
    assert source.n_reads == 2


def test_another_owner_is_noticed(clipboard: Clipboard, compositor: Sway) -> None:
    source = clipboard.put(FORMATS)
    assert source.is_current
    compositor.copy(b"theirs")
    wait_until(lambda: not source.is_current, "not noticed")
    assert clipboard.read()["text/plain"] == b"theirs"


def test_a_cleared_clipboard_is_empty(clipboard: Clipboard) -> None:
    clipboard.put(FORMATS)
    clipboard.clear()
    assert clipboard.read() == {}


def test_a_format_that_its_owner_does_not_deliver_is_left_out(
    clipboard: Clipboard, compositor: Sway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_READ_WITHIN_S", 0.2)
    stuck = ["wl-copy", "--foreground", "--type", "text/plain"]
    with subprocess.Popen(stuck, stdin=subprocess.PIPE) as owner:
        assert owner.stdin is not None
        owner.stdin.write(b"words")
        owner.stdin.close()
        wait_until(lambda: clipboard.read() != {}, "wl-copy did not copy")
        os.kill(owner.pid, 19)  # SIGSTOP
        assert clipboard.read() == {}
        os.kill(owner.pid, 18)  # SIGCONT
        owner.kill()


def test_a_reader_that_never_reads_holds_up_nobody(clipboard: Clipboard) -> None:
    clipboard.put(FORMATS)
    with subprocess.Popen(
        ["wl-paste", "--type", "image/png"], stdout=subprocess.PIPE
    ) as stuck:  # its pipe fills, as nobody reads it
        assert pasted("text/plain") == b"words"
        stuck.kill()


def test_what_is_replaced_is_forgotten(clipboard: Clipboard) -> None:
    former = weakref.ref(clipboard.put(FORMATS))
    clipboard.put({"text/plain": b"newer"})
    wait_until(lambda: former() is None, "a picture of each paste would stay in memory")


def test_what_a_program_of_x11_copied_is_read_without_its_questions() -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        sway(xwayland=True) as compositor,
        compositor.client("xterm"),
    ):
        for name, value in compositor.environment.items():
            patch.setenv(name, value)
        compositor.wait_for_focus("XTerm")  # X11's clipboard is passed on while it has the focus
        subprocess.run(
            ["xclip", "-selection", "clipboard"],
            input=b"words",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        with closing(Connection()) as connection:
            clipboard = Clipboard(connection, connection.bind("wl_seat"))
            wait_until(lambda: clipboard.read() != {}, "XWayland gave nothing")
            assert set(clipboard.read().values()) == {b"words"}
