"""The compositor that other tests stand on: real keys reach a real terminal, and it goes away."""

from pathlib import Path

from tests.helpers.sway import sway, wait_until
from tests.helpers.wayland_pointer import Pointer, pointer

PNG = b"\x89PNG"


def test_a_terminal_gets_what_is_typed_and_is_seen(tmp_path: Path) -> None:
    typed = tmp_path / "typed"
    with sway() as compositor, compositor.client("foot", "sh", "-c", f"cat > {typed}"):
        compositor.wait_for_focus("foot")
        compositor.type_text("é “quoted” 你好 🎉\n")
        compositor.press("d", "ctrl")
        wait_until(lambda: compositor.windows() == [], "Ctrl+D did not end cat")
        assert typed.read_text(encoding="utf-8") == "é “quoted” 你好 🎉\n"
        compositor.screenshot(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(PNG)


def test_a_bound_key_runs_a_command_and_is_swallowed(tmp_path: Path) -> None:
    typed, ran = tmp_path / "typed", tmp_path / "ran"
    with (
        sway() as compositor,
        compositor.client("foot", "sh", "-c", f"cat > {typed}"),
        compositor.bound("Ctrl+Mod1+space", "sh", "-c", f"echo ran >> {ran}"),
    ):
        compositor.wait_for_focus("foot")
        compositor.press("space", "ctrl", "alt")
        wait_until(lambda: ran.exists() and ran.read_text() == "ran\n", "the command did not run")
        compositor.press("space", "ctrl", "alt")
        wait_until(lambda: ran.read_text() == "ran\nran\n", "it did not run again")
        compositor.type_text("a\n")
        wait_until(lambda: typed.exists() and typed.read_text() == "a\n", "a did not arrive")


def test_an_x_client_is_a_window_of_sway() -> None:
    with sway(xwayland=True) as compositor, compositor.client("xterm"):
        compositor.wait_for_focus("XTerm")


def test_sway_is_gone_afterwards() -> None:
    with sway() as compositor:
        socket = Path(compositor.environment["WAYLAND_DISPLAY"])
        assert socket.is_socket()
    assert not socket.parent.exists()


def test_a_click_reaches_the_window_below(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    report_clicks = f"printf '\\033[?1000h\\033[?1006h'; stty raw -echo; cat > {heard}"
    with sway() as compositor, compositor.client("foot", "sh", "-c", report_clicks):
        compositor.wait_for_focus("foot")
        with pointer(compositor.environment["WAYLAND_DISPLAY"]) as mouse:
            wait_until(lambda: _click_and_read(mouse, heard) != "", "no click arrived")


def _click_and_read(mouse: Pointer, heard: Path) -> str:
    mouse.click(500, 350, (1280, 800))
    return heard.read_text(encoding="utf-8") if heard.exists() else ""
