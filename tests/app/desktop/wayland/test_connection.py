"""What a client of a real compositor is told when things go wrong."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from sotto.app.desktop.wayland.connection import Connection, WaylandError, string, uint
from tests.helpers.sway import Sway

NO_OBJECT = 4711


def test_a_missing_protocol_is_named(compositor: Sway) -> None:
    with (
        closing(Connection()) as connection,
        pytest.raises(WaylandError, match="the compositor lacks zz_magic"),
    ):
        connection.bind("zz_magic")


def test_a_complaint_of_the_compositor_is_passed_on(compositor: Sway) -> None:
    with closing(Connection()) as connection:
        connection.send(NO_OBJECT, 0)
        with pytest.raises(WaylandError, match=f"complains: invalid object {NO_OBJECT}"):
            connection.sync()
        with pytest.raises(WaylandError, match="complains"):
            connection.sync()


def test_a_closed_connection_can_be_closed_again_and_says_so(compositor: Sway) -> None:
    connection = Connection()
    connection.close()
    with pytest.raises(WaylandError):
        connection.sync()
    connection.close()


def test_no_wayland_desktop_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(WaylandError, match="WAYLAND_DISPLAY is not set"):
        Connection()


def test_a_compositor_that_hangs_up_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    with pytest.raises(WaylandError, match=r"no compositor answers at .*wayland-7"):
        Connection()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        server.settimeout(60)
        server.shutdown(socket.SHUT_RDWR)
        with pytest.raises(WaylandError, match=r"no compositor answers|has closed"):
            Connection()


def test_arguments_fill_whole_words() -> None:
    assert string("abc") == uint(4) + b"abc\0"
    assert string("abcd") == uint(5) + b"abcd\0\0\0\0"
