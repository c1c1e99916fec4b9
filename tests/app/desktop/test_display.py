import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from sotto.app.desktop.display import check_display
from sotto.errors import DesktopError
from tools.fixtures.x_server import bare_x_server


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


def key(path: Path, secret: bytes) -> Path:
    """Write a file that opens any display (Xauth(7), FamilyWild)."""
    fields = (b"", b"", b"MIT-MAGIC-COOKIE-1", secret)
    path.write_bytes(b"\xff\xff" + b"".join(struct.pack(">H", len(f)) + f for f in fields))
    return path


def test_a_screen_that_wants_another_key_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, wrong = key(tmp_path / "right", b"r" * 16), key(tmp_path / "wrong", b"w" * 16)
    with bare_x_server("-auth", str(right)) as display:
        monkeypatch.setenv("XAUTHORITY", str(right))
        check_display({"DISPLAY": display})
        for other in (wrong, tmp_path / "none"):
            monkeypatch.setenv("XAUTHORITY", str(other))
            with pytest.raises(DesktopError, match=f"does not let this user in.*{display}"):
                check_display({"DISPLAY": display})
        environ = os.environ | {"DISPLAY": display, "SOTTO_CONFIG_DIR": str(tmp_path)}
        for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
            environ.pop(name, None)
        started = subprocess.run(
            [sys.executable, "-m", "sotto"],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
    assert started.returncode == 2
    assert started.stderr.startswith("sotto: the screen does not let this user in")
    assert started.stderr.count("\n") == 1


def test_a_wayland_screen_is_found(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        check_display({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})
        check_display({"WAYLAND_DISPLAY": str(tmp_path / "wayland-7")})


def test_what_needs_no_screen_is_not_asked_for_one() -> None:
    check_display({"QT_QPA_PLATFORM": "offscreen"})
    check_display({"QT_QPA_PLATFORM": "minimal:fonts", "DISPLAY": "nonsense"})
