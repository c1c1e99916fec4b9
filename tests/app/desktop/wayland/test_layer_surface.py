"""A picture over everything on a real compositor: seen, and clicked through."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from sotto.app.desktop.wayland.connection import WaylandError
from sotto.app.desktop.wayland.layer_surface import LayerSurface, Picture, layer_shell_is_there
from tests.helpers.sway import Sway, wait_until
from tests.helpers.wayland_pointer import Pointer, pointer

SIZE = (1280, 800)
RED, GREEN = (255, 0, 0), (0, 255, 0)
REPORT_CLICKS = "printf '\\033[?1000h\\033[?1006h'; stty raw -echo; cat > {path}"


@pytest.fixture
def surface(compositor: Sway) -> Iterator[LayerSurface]:
    with closing(LayerSurface()) as surface:
        yield surface


class Screen:
    def __init__(self, compositor: Sway, path: Path) -> None:
        self._compositor = compositor
        self._path = path

    def colour(self, x: int, y: int) -> tuple[int, int, int]:
        self._compositor.screenshot(self._path)
        colour = QImage(str(self._path)).pixelColor(x, y)
        return colour.red(), colour.green(), colour.blue()

    def wait_for(self, colour: tuple[int, int, int], x: int, y: int) -> None:
        wait_until(lambda: self.colour(x, y) == colour, f"no {colour} at {x}, {y}")

    def wait_for_other(self, colour: tuple[int, int, int], x: int, y: int) -> None:
        wait_until(lambda: self.colour(x, y) != colour, f"still {colour} at {x}, {y}")


@pytest.fixture
def screen(compositor: Sway, tmp_path: Path) -> Screen:
    return Screen(compositor, tmp_path / "screen.png")


def filled(colour: tuple[int, int, int], width: int, height: int) -> bytes:
    red, green, blue = colour
    return bytes([blue, green, red, 255]) * (width * height)


def test_the_picture_is_where_it_should_be_and_moves(surface: LayerSurface, screen: Screen) -> None:
    surface.show(Picture(filled(RED, 200, 100), 200, 100, left=300, top=400))
    screen.wait_for(RED, 300, 400)
    assert screen.colour(499, 499) == RED
    assert screen.colour(299, 399) != RED
    assert screen.colour(500, 500) != RED
    surface.show(Picture(filled(GREEN, 50, 60), 50, 60, left=0, top=0))
    screen.wait_for(GREEN, 49, 59)
    screen.wait_for_other(RED, 300, 400)


def test_it_hides_and_shows_again(surface: LayerSurface, screen: Screen) -> None:
    for _ in range(3):
        surface.show(Picture(filled(RED, 20, 20), 20, 20, left=10, top=10))
        screen.wait_for(RED, 20, 20)
        surface.hide()
        screen.wait_for_other(RED, 20, 20)
    surface.hide()


def test_many_pictures_in_a_row_end_with_the_last(surface: LayerSurface, screen: Screen) -> None:
    for number in range(200):
        colour = GREEN if number == 199 else RED
        surface.show(Picture(filled(colour, 200, 100), 200, 100, left=number, top=10))
    screen.wait_for(GREEN, 200, 50)


def test_two_pixels_to_a_logical_one_are_as_large(surface: LayerSurface, screen: Screen) -> None:
    surface.show(Picture(filled(RED, 40, 40), 20, 20, left=10, top=10, scale=2))
    screen.wait_for(RED, 29, 29)
    assert screen.colour(30, 30) != RED


def test_it_stays_above_a_full_screen_window_and_takes_no_focus(
    compositor: Sway, surface: LayerSurface, screen: Screen
) -> None:
    with compositor.client("foot", "sleep", "1000"):
        compositor.wait_for_focus("foot")
        compositor.message("fullscreen", "enable")
        surface.show(Picture(filled(RED, 20, 20), 20, 20, left=10, top=10))
        screen.wait_for(RED, 20, 20)
        assert compositor.focused() == "foot"


def test_clicks_go_to_the_window_below(
    compositor: Sway, surface: LayerSurface, screen: Screen, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    with compositor.client("foot", "sh", "-c", REPORT_CLICKS.format(path=heard)):
        compositor.wait_for_focus("foot")
        surface.show(Picture(filled(RED, 400, 400), 400, 400, left=200, top=200))
        screen.wait_for(RED, 400, 400)
        with pointer(compositor.environment["WAYLAND_DISPLAY"]) as mouse:
            wait_until(lambda: _click_and_read(mouse, heard) != "", "the click was swallowed")


def test_an_output_of_that_name_is_taken_and_an_unknown_one_is_no_error(screen: Screen) -> None:
    for output in ("HEADLESS-1", "not there"):
        with closing(LayerSurface(output)) as surface:
            surface.show(Picture(filled(RED, 20, 20), 20, 20, left=10, top=10))
            screen.wait_for(RED, 20, 20)
        screen.wait_for_other(RED, 20, 20)


def test_a_picture_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="are no picture"):
        Picture(b"1234", 2, 2, 0, 0)


def test_where_there_is_no_layer_shell_is_told(
    compositor: Sway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert layer_shell_is_there()
    monkeypatch.delenv("WAYLAND_DISPLAY")
    assert not layer_shell_is_there()
    with pytest.raises(WaylandError, match="no Wayland desktop"):
        LayerSurface()


def _click_and_read(mouse: Pointer, heard: Path) -> str:
    mouse.click(400, 400, SIZE)
    return heard.read_text(encoding="utf-8") if heard.exists() else ""
