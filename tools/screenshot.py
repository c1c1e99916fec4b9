"""Takes a picture of the real window, with real words from the model in the box.

Usage: python -m tools.screenshot docs/window.png [--theme dark] [--size 880x640] [--font-size 14]

Runs on an X server of its own (packages xvfb, openbox, x11-utils) and plays test clips through
the path that a microphone takes.
"""

import argparse
import os
import tempfile
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
# Utterances of one or more clips; the last is long, so that it is surely caught half-way.
SPOKEN = (("006",), ("010",), ("018", "000", "004", "008"))
PAUSE_S = 1.2
ENOUGH_PARAGRAPHS = 4
ENOUGH_WORDS = 6
POLL_MS = 50
GIVE_UP_MS = 900_000  # the graphs may have to be compiled first


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
    parts = []
    for utterance in SPOKEN:
        clips = [soundfile.read(CLIPS / f"{name}.flac", dtype="float32")[0] for name in utterance]
        parts += [pause, *clips]
    return np.concatenate(parts)


def _take(arguments: argparse.Namespace, recording: Path, folder: Path) -> None:
    # Qt reads the environment that main() set.
    from sotto.app.ui.dictation import Phase  # noqa: PLC0415
    from sotto.app.ui.main import application  # noqa: PLC0415
    from sotto.app.ui.window import MainWindow  # noqa: PLC0415

    app = application(["sotto"])
    settings = Settings(theme=arguments.theme, font_size=arguments.font_size)
    window = MainWindow(Studio(settings, recording), settings, folder)
    window.resize(*map(int, arguments.size.split("x")))
    window.show()
    window.toggle()

    arguments.picture.parent.mkdir(parents=True, exist_ok=True)

    def is_caught_half_way() -> bool:
        shown = window.dictation.transcript
        is_half_way = len(shown.committed.split()) >= ENOUGH_WORDS and shown.tentative != ""
        if len(shown.paragraphs) < ENOUGH_PARAGRAPHS or not is_half_way:
            return False
        app.primaryScreen().grabWindow(window.winId()).save(str(arguments.picture))
        return True

    def has_ended() -> bool:
        return bool(window.dictation.transcript.text) and window.dictation.phase is Phase.IDLE

    _wait_for(lambda: is_caught_half_way() or has_ended())
    if not arguments.picture.exists():
        raise SystemExit("no sentence was seen half-way; is the machine too busy?")
    window.close()
    _wait_for(lambda: not window.isVisible())


def _wait_for(condition: Callable[[], bool]) -> None:
    """Let Qt run until the condition holds. QTest.qWait would keep the engine's thread waiting."""
    from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415  # see above

    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    timer.start(POLL_MS)
    QTimer.singleShot(GIVE_UP_MS, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
