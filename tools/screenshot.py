"""Takes a picture of the real window while it writes down real voices.

Usage: python -m tools.screenshot docs/window.png CLIP… [--theme dark] [--size 880x640]

Runs on an X server of its own (packages xvfb, openbox, x11-utils) and plays the clips through the
path that a microphone takes. The picture is taken in the middle of the last one, so that should
be long.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from sotto.app.core.settings import Settings, Theme
from tools.fixtures.x_server import x_server
from tools.studio import starts_s, wait_for, window

ENOUGH_WORDS = 6  # of the last clip that are certain


def main() -> None:
    arguments = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "SOTTO_CONFIG_DIR": folder}
        _take(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture", type=Path)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--theme", type=Theme, default=Theme.LIGHT)
    parser.add_argument("--size", default="880x640")
    parser.add_argument("--font-size", type=int, default=Settings().font_size)
    return parser


def _take(arguments: argparse.Namespace) -> None:
    # Qt reads the environment that main() set.
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from sotto.app.dictating.phases import Phase  # noqa: PLC0415

    settings = Settings(model=arguments.model, theme=arguments.theme, font_size=arguments.font_size)
    arguments.picture.parent.mkdir(parents=True, exist_ok=True)
    with window(settings, arguments.clips, arguments.size) as shown:
        shown.toggle()
        wait_for(lambda: shown.dictation.phase is Phase.LISTENING)
        last_s = time.monotonic() + starts_s(arguments.clips)[-1]

        def is_caught_half_way() -> bool:
            text = shown.dictation.transcript
            is_half_way = len(text.committed.split()) >= ENOUGH_WORDS and text.tentative != ""
            if time.monotonic() < last_s or not is_half_way:
                return False
            screen = QApplication.primaryScreen()
            screen.grabWindow(shown.winId()).save(str(arguments.picture))
            return True

        def has_ended() -> bool:
            return bool(shown.dictation.transcript.text) and shown.dictation.phase is Phase.IDLE

        wait_for(lambda: is_caught_half_way() or has_ended())
    if not arguments.picture.exists():
        raise SystemExit("no sentence was seen half-way; is the machine too busy?")


if __name__ == "__main__":
    main()
