"""Captions of another process over real applications, on real window managers."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tools.fixtures.x_desktop import (
    MANAGERS,
    XDesktop,
    application,
    colour_at,
    compositor,
    running,
    wait_until,
    x_desktop,
)

CAPTIONS = "Sotto captions"
CAPTIONS_PROGRAM = (sys.executable, "-m", "tests.helpers.captions_program")
FINAL = {"event": "final", "t": 1, "audio": 1, "start": 0, "end": 1, "text": "Good morning."}
PARTIAL = {"event": "partial", "t": 2, "audio": 2, "committed": "It is", "tentative": " warm"}
# Where a text with these settings leaves the box empty: at its left end, in the padding.
SETTINGS = {"SOTTO_OVERLAY_FADE_S": "0", "SOTTO_OVERLAY_BACKGROUND": "#c02010"}


@pytest.fixture(params=[(name, on) for name in MANAGERS for on in (False, True)], ids=str)
def desktop(request: pytest.FixtureRequest) -> Iterator[XDesktop]:
    manager, is_composited = request.param
    with x_desktop(manager, is_composited=is_composited) as desktop:
        yield desktop


@contextmanager
def captions(desktop: XDesktop, **settings: str) -> Iterator[None]:
    with running(CAPTIONS_PROGRAM, desktop.environment | SETTINGS | settings) as program:
        for event in (FINAL, PARTIAL):
            program.say(json.dumps(event))
        desktop.wait_for_window(CAPTIONS)
        yield


def middle(box: tuple[int, int, int, int]) -> tuple[int, int]:
    x, y, width, height = box
    return x + width // 2, y + height // 2


def padding(box: tuple[int, int, int, int]) -> tuple[int, int]:
    """Return a point of the box where no letter is."""
    x, y, _, height = box
    return x + 6, y + height - height // 4


def test_clicks_and_keys_reach_what_lies_below(desktop: XDesktop) -> None:
    with application(desktop) as below, captions(desktop):
        x, y = middle(desktop.wait_for_window(CAPTIONS))
        desktop.click(x, y)
        desktop.do("key", "z")
        lines = below.answers_until("key z")
        assert f"click {x} {y}" in lines
        assert "inactive" not in lines
        assert desktop.focused() == "Below"


def test_it_stands_over_full_screen_windows_too(desktop: XDesktop, tmp_path: Path) -> None:
    with captions(desktop, SOTTO_OVERLAY_PRESET="custom"):
        x, y = padding(desktop.wait_for_window(CAPTIONS))
        with application(desktop, "fullscreen") as below:
            picture = tmp_path / "screen.png"
            # The application covers the screen a while after it has the focus.
            wait_until(
                lambda: colour_at(desktop.picture(picture), 4, 4) == "#ffffff", "not full screen"
            )
            assert_box_is_seen(desktop, picture, (x, y))
            desktop.click(x, y)
            assert f"click {x} {y}" in below.answers_until(f"click {x} {y}")


def assert_box_is_seen(desktop: XDesktop, picture: Path, point: tuple[int, int]) -> None:
    """Red over white: something of the box's red, and more of it than of anything else."""

    def is_seen() -> bool:
        shown = desktop.picture(picture).pixelColor(*point)
        return shown.red() > shown.green() + 60 and shown.red() > shown.blue() + 60

    wait_until(is_seen, "the captions are not seen")


def test_without_a_compositor_the_box_is_opaque_and_round_and_with_one_clear(
    tmp_path: Path,
) -> None:
    picture = tmp_path / "screen.png"
    with x_desktop("openbox", is_composited=False) as desktop, ExitStack() as later:
        later.enter_context(application(desktop))
        later.enter_context(captions(desktop, SOTTO_OVERLAY_PRESET="custom"))
        box = desktop.wait_for_window(CAPTIONS)
        corner, inside = (box[0], box[1] + box[3] - 1), padding(box)

        def is_round_and(colour: str) -> bool:
            screen = desktop.picture(picture)
            return [colour_at(screen, *corner), colour_at(screen, *inside)] == ["#ffffff", colour]

        wait_until(lambda: is_round_and("#c02010"), "the box is not opaque and round")
        with compositor(desktop):
            # Three quarters of the box's red over white.
            wait_until(lambda: is_round_and("#d0584c"), "the box is not clear")
        wait_until(lambda: is_round_and("#c02010"), "the box is not opaque again")
