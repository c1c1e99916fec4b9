"""Captions on a real Wayland compositor: seen over a window, and clicked through."""

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.helpers.sway import Sway, sway
from tests.helpers.wayland_pointer import Pointer, pointer
from tools.fixtures.x_desktop import Program, running, wait_until

SIZE = (1280, 800)
CAPTIONS_PROGRAM = (sys.executable, "-m", "tests.helpers.captions_program")
PILL_PROGRAM = (sys.executable, "-m", "tests.helpers.pill_program")
RECORDER = (sys.executable, "-m", "tests.helpers.recorder_window", "Below")
SETTINGS = {"SOTTO_OVERLAY_PRESET": "custom", "SOTTO_OVERLAY_BACKGROUND": "#c02010"}
PARTIAL = {"event": "partial", "t": 2, "audio": 2, "committed": "It is", "tentative": " warm"}
BOX = (640, 650)  # a point of the captions where no letter is
PILL = (640, 755)
CORNER = (900, 650)  # another, where the mouse never is
DONE = (810, 195)  # the button above the captions, once they were dragged


@pytest.fixture(scope="module")
def compositor() -> Iterator[Sway]:
    with sway(xwayland=True) as compositor:
        yield compositor


@pytest.fixture(scope="module")
def mouse(compositor: Sway) -> Iterator[Pointer]:
    """Plugged in all the time: a click that comes with its mouse finds nobody listening."""
    with pointer(compositor.environment["WAYLAND_DISPLAY"]) as mouse:
        yield mouse


@contextmanager
def application(compositor: Sway, *options: str) -> Iterator[Program]:
    environment = os.environ | compositor.environment | {"QT_QPA_PLATFORM": "wayland"}
    with running((*RECORDER, *options), environment) as program:
        compositor.wait_for_focus("recorder")
        yield program


def red_at(compositor: Sway, picture: Path, point: tuple[int, int] = CORNER) -> bool:
    compositor.screenshot(picture)
    colour = QImage(str(picture)).pixelColor(*point)
    return colour.red() > colour.green() + 60 and colour.red() > colour.blue() + 60


@pytest.mark.parametrize("platform", ["wayland", "xcb"])
@pytest.mark.parametrize("options", [(), ("fullscreen",)], ids=["tiled", "full screen"])
def test_captions_are_seen_and_clicked_through(
    platform: str, options: tuple[str, ...], compositor: Sway, mouse: Pointer, tmp_path: Path
) -> None:
    environment = os.environ | compositor.environment | SETTINGS | {"QT_QPA_PLATFORM": platform}
    picture = tmp_path / "screen.png"
    with (
        application(compositor, *options) as below,
        running(CAPTIONS_PROGRAM, environment) as captions,
    ):
        assert not red_at(compositor, picture)
        captions.say(json.dumps(PARTIAL))
        wait_until(lambda: red_at(compositor, picture), "the captions are not seen")
        assert compositor.focused() == "recorder"
        mouse.click(*BOX, SIZE)
        assert next(line for line in iter(below.answer, "") if line.startswith("click"))
        # Five seconds of silence later.
        wait_until(lambda: not red_at(compositor, picture), "the captions do not fade")


def test_the_pill_is_seen_takes_no_focus_and_copies_what_it_cannot_ask_about(
    compositor: Sway, mouse: Pointer, tmp_path: Path
) -> None:
    environment = os.environ | compositor.environment | {"QT_QPA_PLATFORM": "wayland"}
    with application(compositor) as below, running(PILL_PROGRAM, environment) as pill:
        wait_until(lambda: not is_white(compositor, tmp_path / "screen.png"), "no pill")
        mouse.click(*PILL, SIZE)
        assert next(line for line in iter(below.answer, "") if line.startswith("click"))
        pill.say("hold A text.")
        assert pill.answer() == "copy"
        assert compositor.focused() == "recorder"
        assert len(compositor.windows()) == 1


def test_on_xwayland_the_pill_asks_without_taking_the_focus(
    compositor: Sway, mouse: Pointer, tmp_path: Path
) -> None:
    environment = os.environ | compositor.environment | {"QT_QPA_PLATFORM": "xcb"}
    with application(compositor) as below, running(PILL_PROGRAM, environment) as pill:
        wait_until(lambda: not is_white(compositor, tmp_path / "screen.png"), "no pill")
        mouse.click(*PILL, SIZE)
        assert next(line for line in iter(below.answer, "") if line.startswith("click"))
        pill.say("hold A text.")
        x, y = map(int, pill.answer().split())
        wait_until(
            lambda: not is_white(compositor, tmp_path / "screen.png"), "the text is not held"
        )
        mouse.click(x, y, SIZE)
        assert pill.answer() == "insert here"
        assert compositor.focused() == "recorder"


def is_white(compositor: Sway, picture: Path) -> bool:
    """Whether nothing but the application is seen where the pill belongs."""
    compositor.screenshot(picture)
    image = QImage(str(picture))
    return all(image.pixel(640, y) == 0xFFFFFFFF for y in range(700, 790))


def test_the_user_places_them_and_ends_with_a_click(
    compositor: Sway, mouse: Pointer, tmp_path: Path
) -> None:
    environment = os.environ | compositor.environment | SETTINGS
    environment |= {"SOTTO_CONFIG_DIR": str(tmp_path), "SOTTO_OVERLAY_OPACITY": "100"}
    with (
        application(compositor),
        running((sys.executable, "-m", "sotto", "overlay", "--edit"), environment) as editor,
    ):
        wait_until(lambda: red_at(compositor, tmp_path / "screen.png"), "no editor")
        mouse.drag((640, 650), (640, 300), SIZE)
        wait_until(
            lambda: red_at(compositor, tmp_path / "screen.png", (900, 300)), "it was not dragged"
        )
        mouse.click(*DONE, SIZE)
        assert editor.process.wait(timeout=60) == 0
    settings = tomllib.loads((tmp_path / "settings.toml").read_text())
    assert settings["overlay_y"] == pytest.approx(900 - 1000 * 350 / 800, abs=4)
    assert settings["overlay_x"] == pytest.approx(500, abs=1)


def test_the_window_process_can_have_them_placed_too(
    compositor: Sway, mouse: Pointer, tmp_path: Path
) -> None:
    environment = os.environ | compositor.environment | SETTINGS
    environment |= {"SOTTO_CONFIG_DIR": str(tmp_path), "QT_QPA_PLATFORM": "wayland"}
    with application(compositor), running((*CAPTIONS_PROGRAM, "edit"), environment) as program:
        wait_until(lambda: red_at(compositor, tmp_path / "screen.png"), "no editor")
        mouse.drag((640, 650), (640, 300), SIZE)
        wait_until(
            lambda: red_at(compositor, tmp_path / "screen.png", (900, 300)), "it was not dragged"
        )
        mouse.click(*DONE, SIZE)
        name, x, y, width = program.answer().split()
        assert (name, width) == ("moved", "640")
        assert int(x) == pytest.approx(500, abs=1)
        assert int(y) == pytest.approx(900 - 1000 * 350 / 800, abs=4)
        assert program.answer() == "ended"
