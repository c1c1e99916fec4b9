import socket
from pathlib import Path

import pytest

from sotto.app.desktop.display import check_display
from sotto.errors import DesktopError


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DISPLAY": ":4242"},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":" * 300},
        {"DISPLAY": "\x1b[2J:0"},
        {"DISPLAY": "127.0.0.1:9999"},
        {"WAYLAND_DISPLAY": "none"},
        {"WAYLAND_DISPLAY": "x" * 300, "XDG_RUNTIME_DIR": "/run"},
        {"DISPLAY": ":4242", "WAYLAND_DISPLAY": "none", "QT_QPA_PLATFORM": "xcb"},
    ],
)
def test_a_screen_that_nobody_shows_is_told(environ: dict[str, str]) -> None:
    with pytest.raises(DesktopError, match="no screen can be reached") as told:
        check_display(environ)
    assert all(name in str(told.value) for name in environ if environ.get("QT_QPA_PLATFORM") is None and name.endswith("DISPLAY"))  # fmt: skip # noqa: E501


def test_a_screen_that_is_shown_is_found(display: str) -> None:
    check_display({"DISPLAY": display})
    check_display({"DISPLAY": f"{display}.0", "QT_QPA_PLATFORM": "xcb"})
    check_display({"DISPLAY": f"unix{display}", "WAYLAND_DISPLAY": "none"})
    with pytest.raises(DesktopError):
        check_display({"DISPLAY": display, "QT_QPA_PLATFORM": "wayland"})


def test_a_wayland_screen_is_found(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        check_display({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})
        check_display({"WAYLAND_DISPLAY": str(tmp_path / "wayland-7")})


def test_what_needs_no_screen_is_not_asked_for_one() -> None:
    check_display({"QT_QPA_PLATFORM": "offscreen"})
    check_display({"QT_QPA_PLATFORM": "minimal:fonts", "DISPLAY": "nonsense"})
