"""From a real key and a real voice to the words in another application, on a Wayland desktop."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sway import Sway, sway, wait_until
from tests.helpers.words import are_heard
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.running_sotto import running_sotto

CLIP = human_clips()[1]  # a person, of whom every word is heard


@pytest.fixture(scope="module")
def compositor() -> Iterator[Sway]:
    with pytest.MonkeyPatch.context() as patch, sway(xwayland=True) as compositor:
        for name, value in compositor.environment.items():
            patch.setenv(name, value)
        patch.delenv("QT_QPA_PLATFORM", raising=False)
        yield compositor


def test_what_is_said_between_two_presses_stands_in_the_application(
    audio_server: AudioServer, compositor: Sway, tmp_path: Path
) -> None:
    environ = os.environ | compositor.environment  # the audio server has an XDG_RUNTIME_DIR, too
    written = tmp_path / "written"
    toggle = [sys.executable, "-m", "sotto", "record", "toggle"]
    keep = f"stty -icanon -echo; cat > {written}"
    with (
        audio_server.awake("virtmic"),
        # It is never pressed, but that there is one keeps the microphone open.
        running_sotto(
            *(tmp_path, "--hidden"), environ=environ, hotkey="Ctrl+Alt+F12", model="tiny.en"
        ) as sotto,
        compositor.bound("Ctrl+Mod1+space", *toggle),
        compositor.client("foot", "sh", "-c", keep),
    ):
        wait_until(lambda: audio_server.n_listeners() > 1, "the microphone is not open")
        time.sleep(2.5)  # until its first block has surely come
        compositor.wait_for_focus("foot")
        with audio_server.playing(CLIPS / CLIP.name, "feed") as player:
            # The program that the key starts takes a moment: it comes a little late.
            compositor.press("space", "ctrl", "alt")
            player.wait_for_end()
        compositor.press("space", "ctrl", "alt")
        sotto.wait_for_state("idle")
        wait_until(
            lambda: are_heard(CLIP.text, written.read_text()),
            f"other words: {written.read_text()}",
        )
