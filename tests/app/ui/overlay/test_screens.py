"""Captions follow the screen that was chosen, on an X server whose screens come and go."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools.fixtures.x_desktop import XDesktop, running, wait_until, x_desktop

CAPTIONS_PROGRAM = (sys.executable, "-m", "tests.helpers.captions_program")
PARTIAL = {"event": "partial", "t": 2, "audio": 2, "committed": "It is", "tentative": " warm"}
LEFT, RIGHT = "480/127x800/211+0+0", "800/211x800/211+480+0"


@pytest.fixture
def desktop() -> Iterator[XDesktop]:
    with x_desktop("openbox", is_composited=False) as desktop:
        yield desktop


def xrandr(desktop: XDesktop, *arguments: str) -> None:
    subprocess.run(["xrandr", *arguments], env=desktop.environment, check=True, timeout=60)


def test_they_go_to_the_main_screen_and_back(desktop: XDesktop) -> None:
    xrandr(desktop, "--setmonitor", "*LEFT", LEFT, "screen")
    xrandr(desktop, "--setmonitor", "RIGHT", RIGHT, "none")
    settings = {"SOTTO_OVERLAY_SCREEN": "RIGHT", "SOTTO_OVERLAY_FADE_S": "0"}
    with running(CAPTIONS_PROGRAM, desktop.environment | settings) as captions:
        captions.say(json.dumps(PARTIAL))

        def middle_is(x: int) -> bool:
            box = desktop.box_of("Sotto captions")
            return box is not None and abs(box[0] + box[2] // 2 - x) <= 2

        wait_until(lambda: middle_is(480 + 400), "they are not on the screen that was chosen")
        xrandr(desktop, "--delmonitor", "RIGHT")
        wait_until(lambda: middle_is(240), "they are not on the main screen")
        xrandr(desktop, "--setmonitor", "RIGHT", RIGHT, "none")
        wait_until(lambda: middle_is(480 + 400), "they are not back")
        xrandr(desktop, "--delmonitor", "RIGHT")
        xrandr(desktop, "--delmonitor", "LEFT")
        wait_until(lambda: middle_is(640), "they are not in the middle of the whole")
