"""Which hotkeys a desktop gets. X11, macOS and Windows are in the tests of theirs."""

from pathlib import Path

import pytest

from sotto.app.desktop.hotkeys import open_hotkeys
from sotto.errors import HotkeyError


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LANG", "C"),  # no desktop at all
        ("WAYLAND_DISPLAY", "wayland-1"),  # without a portal
        ("XDG_SESSION_TYPE", "wayland"),
    ],
)
def test_without_hotkeys_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(HotkeyError, match="sotto record toggle"):
        open_hotkeys(lambda *_: None)


def test_an_x_display_that_is_a_guest_of_wayland_hears_no_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISPLAY", ":4242")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-1")
    with pytest.raises(HotkeyError) as refused:
        open_hotkeys(lambda *_: None)
    assert "X server" not in str(refused.value)
