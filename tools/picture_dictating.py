"""Takes a picture of Sotto while it writes real voices into another program.

Usage: python -m tools.picture_dictating docs/dictating.png CLIP CLIP… [--model base]

Runs on an X server and a sound server of its own (packages xvfb, openbox, picom, x11-utils,
x11-xserver-utils, xdotool, imagemagick, pulseaudio). The clips are played into the microphone; the
picture is taken in the middle of the last one, when those before it stand in the editor.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE
from tools.fixtures.applications import qt_editor, running
from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.running_sotto import RunningSotto, running_sotto
from tools.fixtures.x_desktop import PICOM
from tools.fixtures.x_server import x_server

SCREEN = "1200x760"
TITLE = "Letter"
EDITOR = ("windowmove", "200", "40", "windowsize", "780", "420")  # where, and how large, in pixels
FONT_DPI = "170"  # large letters in the editor
GROUND = "#808080"
PAUSE_S = 1.2  # before each recording; it ends an utterance
ENOUGH_WORDS = 4  # of the last clip that are certain
WITHIN_S = 300  # the graphs may have to be compiled first
POLL_S = 0.05


class Followed:
    """The newest partial of a running Sotto. Owned by the thread that reads; others only look."""

    def __init__(self, sotto: RunningSotto) -> None:
        command = [sys.executable, "-m", "sotto", "record", "status", "--follow"]
        self._process = subprocess.Popen(command, env=sotto.environ, stdout=subprocess.PIPE)
        self.partial: dict[str, Any] = {}
        self.n_finals = 0
        threading.Thread(target=self._read, daemon=True).start()

    def close(self) -> None:
        """Follow no longer."""
        self._process.kill()
        self._process.wait()

    def is_half_way(self) -> bool:
        """Tell whether some words are certain and others are not."""
        committed = self.partial.get("committed", "")
        return len(committed.split()) >= ENOUGH_WORDS and bool(self.partial.get("tentative"))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            self.n_finals += event.get("event") == "final"
            self.partial = event if event.get("event") == "partial" else {}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("picture", type=Path)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--model", default="base")
    arguments = parser.parse_args()
    os.environ |= {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "QT_QPA_PLATFORM": "xcb"}
    os.environ.pop("WAYLAND_DISPLAY", None)
    with (
        tempfile.TemporaryDirectory() as folder,
        x_server(SCREEN) as display,
        audio_server() as audio,
    ):
        os.environ["DISPLAY"] = display
        subprocess.run(["xsetroot", "-solid", GROUND], check=True)
        _take(arguments.picture, arguments.clips, arguments.model, audio, Path(folder))


def _take(picture: Path, clips: list[Path], model: str, audio: AudioServer, folder: Path) -> None:
    sound = folder / "said.wav"
    soundfile.write(sound, _joined(clips), SAMPLE_RATE)
    with (
        running(PICOM),
        audio.awake("virtmic"),
        running_sotto(folder, "--hidden", model=model) as sotto,
        qt_editor(folder, TITLE, QT_FONT_DPI=FONT_DPI) as letter,
    ):
        _place_editor()
        sotto.record("start")
        sotto.wait_for_state("listening")
        followed = Followed(sotto)
        with audio.playing(sound, "feed"):
            _wait_for(
                lambda: (
                    followed.n_finals >= len(clips) - 1 and followed.is_half_way() and letter.read()
                ),
                "a sentence half-way",
            )
            subprocess.run(["import", "-window", "root", str(picture)], check=True)
        sotto.record("cancel")
        followed.close()


def _joined(clips: list[Path]) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    pause = np.zeros(int(PAUSE_S * SAMPLE_RATE), np.float32)
    return np.concatenate([part for path in clips for part in (pause, read_audio(path))])


def _place_editor() -> None:
    search = ["xdotool", "search", "--onlyvisible", "--name", TITLE]

    def is_placed() -> bool:
        command = [*search, "windowactivate", "--sync", *EDITOR]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    _wait_for(is_placed, "the editor")


def _wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"never: {what}")
        time.sleep(POLL_S)


if __name__ == "__main__":
    main()
