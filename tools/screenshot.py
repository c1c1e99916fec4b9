"""Takes a picture of the real window, with real words from the model in the box.

Usage: python -m tools.screenshot docs/window.png [--theme dark] [--size 880x640] [--font-size 14]

Runs on an X server of its own (packages xvfb, openbox, x11-utils) and plays test clips through
the path that a microphone takes.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from sotto.app.core.session import Feed
from sotto.app.core.settings import Settings, Theme
from sotto.app.ui.engine import Microphone, Session, Sink
from sotto.app.ui.machine import Machine
from sotto.audio.file import FileSource
from sotto.audio.source import SAMPLE_RATE
from tests.helpers.x_server import x_server

CLIPS = Path(__file__).parents[1] / "tests" / "clips" / "starter"
SPOKEN = ("000", "006", "010", "018")
PAUSE_S = 1.2
GIVE_UP_S = 300  # the graphs may have to be compiled first


class Studio(Machine):
    """This machine, with a recording in the place of its microphone."""

    def __init__(self, settings: Settings, recording: Path) -> None:
        super().__init__(settings)
        self._recording = recording

    def microphones(self) -> tuple[Microphone, ...]:
        return (Microphone("", "Default microphone"),)

    def listen(self, _microphone: str, model: str, sink: Sink) -> Session:
        return self._session(FileSource(self._recording), Feed.PLAYED, model, sink)


def main() -> None:
    arguments = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "SOTTO_CONFIG_DIR": folder}
        recording = Path(folder) / "recording.wav"
        soundfile.write(recording, _recording(), SAMPLE_RATE)
        _take(arguments, recording, Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture", type=Path)
    parser.add_argument("--theme", type=Theme, default=Theme.LIGHT)
    parser.add_argument("--size", default="880x640")
    parser.add_argument("--font-size", type=int, default=Settings().font_size)
    return parser


def _recording() -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    pause = np.zeros(int(PAUSE_S * SAMPLE_RATE), np.float32)
    clips = [soundfile.read(CLIPS / f"{name}.flac", dtype="float32")[0] for name in SPOKEN]
    return np.concatenate([part for clip in clips for part in (pause, clip)])


def _take(arguments: argparse.Namespace, recording: Path, folder: Path) -> None:
    from PySide6.QtTest import QTest  # noqa: PLC0415  # Qt reads the environment that main() set

    from sotto.app.ui.main import application  # noqa: PLC0415
    from sotto.app.ui.window import MainWindow  # noqa: PLC0415

    app = application(["sotto"])
    settings = Settings(theme=arguments.theme, font_size=arguments.font_size)
    window = MainWindow(Studio(settings, recording), settings, folder)
    window.resize(*map(int, arguments.size.split("x")))
    window.show()
    window.toggle()

    def is_mid_sentence() -> bool:
        shown = window.dictation.transcript
        enough = len(shown.paragraphs) >= len(SPOKEN) - 1
        return enough and len(shown.committed.split()) > 1 and shown.tentative != ""

    if not _wait_for(is_mid_sentence):
        raise SystemExit("no words appeared")
    QTest.qWait(100)  # one more frame
    arguments.picture.parent.mkdir(parents=True, exist_ok=True)
    app.primaryScreen().grabWindow(window.winId()).save(str(arguments.picture))
    window.close()
    _wait_for(lambda: not window.isVisible())


def _wait_for(condition: Callable[[], bool]) -> bool:
    from PySide6.QtTest import QTest  # noqa: PLC0415  # Qt reads the environment that main() set

    deadline = time.monotonic() + GIVE_UP_S
    while not condition() and time.monotonic() < deadline:
        QTest.qWait(20)
    return condition()


if __name__ == "__main__":
    main()
